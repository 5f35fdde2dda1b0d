package dev.holdfast.media.sweep;

import dev.holdfast.platform.id.Ids;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Keeps bytes from being deleted while somebody copies the database first and the stores afterwards: what the copy of the database
 * has rows of is then still there to be copied.
 */
public final class BackupHolds {
    private final Pool pool;
    private final Ids ids;
    private final Clock clock;

    public BackupHolds(Pool pool, Ids ids, Clock clock) {
        this.pool = pool;
        this.ids = ids;
        this.clock = clock;
    }

    /** Somebody who keeps bytes from being deleted. */
    public record Hold(UUID id, Instant expiresAt) {}

    /** To be called before the database is copied. */
    public Uni<Hold> hold(Duration lasts) {
        var hold = new Hold(ids.next(), clock.instant().plus(lasts));
        return SweepStore.hold(pool, hold).replaceWith(hold);
    }

    /** Whether somebody makes a backup. To be asked when the row that named some bytes has gone, before they go. */
    public Uni<Boolean> isHeld() {
        return SweepStore.isHeld(pool, clock.instant());
    }

    /** To be called when the stores have been copied. False when there is no such hold any more. */
    public Uni<Boolean> release(UUID id) {
        return SweepStore.release(pool, id, clock.instant());
    }
}
