package dev.holdfast.audit.email;

import dev.holdfast.audit.email.PackStore.Pack;
import dev.holdfast.audit.key.UserKey;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Finds events in packs. Of a user who is forgotten there is nothing to be found: their hashes are in the tree. */
final class PackReader {
    /** What counts at a valid time: the latest one; of several the latest recorded. */
    static final Comparator<EmailEvent> BY_VALID_TIME =
            Comparator.comparing(EmailEvent::validFrom).thenComparingLong(EmailEvent::version);

    private final SqlClient client;
    private final UserKey key;
    private final UUID user;

    PackReader(SqlClient client, UserKey key, UUID user) {
        this.client = client;
        this.key = key;
        this.user = user;
    }

    /** As they were stored. */
    List<EmailEvent> open(Pack pack) {
        return PlainEvent.restore(
                user, PackCodec.decode(key.decrypt(pack.firstVersion(), pack.body())), key, pack.previousHash());
    }

    private List<EmailEvent> openAll(List<Pack> packs) {
        return packs.stream().flatMap(pack -> open(pack).stream()).toList();
    }

    /** The one that counts, among those in packs. */
    Uni<Optional<EmailEvent>> asOf(Instant recorded, Instant valid) {
        Instant earlier = recorded.isBefore(valid) ? recorded : valid;
        return PackStore.dated(client, user, recorded, valid)
                .chain(dated -> undated(earlier).map(undated -> {
                    var candidates = new ArrayList<>(openAll(dated));
                    undated.ifPresent(candidates::add);
                    return candidates.stream()
                            .filter(event -> event.op() != EmailOp.VERIFIED
                                    && !event.recordedAt().isAfter(recorded)
                                    && !event.validFrom().isAfter(valid))
                            .max(BY_VALID_TIME);
                }));
    }

    /** The latest by then that is so since it was recorded; a pack that has none sends to the one before it. */
    private Uni<Optional<EmailEvent>> undated(Instant moment) {
        return PackStore.before(client, user, moment).chain(packs -> {
            if (packs.isEmpty()) {
                return Uni.createFrom().item(Optional.<EmailEvent>empty());
            }
            Optional<EmailEvent> found = open(packs.getFirst()).stream()
                    .filter(event -> event.op() != EmailOp.VERIFIED
                            && event.validFrom().equals(event.recordedAt())
                            && !event.recordedAt().isAfter(moment))
                    .max(BY_VALID_TIME);
            return found.isPresent()
                    ? Uni.createFrom().item(found)
                    : undated(packs.getFirst().firstRecordedAt().minusNanos(1_000));
        });
    }

    /** Recorded after {@code from} and not after {@code to}, the oldest first; at most so many. */
    Uni<List<EmailEvent>> history(Instant from, Instant to, int limit) {
        return PackStore.window(client, user, from, to, limit)
                .map(packs -> openAll(packs).stream()
                        .filter(event -> event.recordedAt().isAfter(from)
                                && !event.recordedAt().isAfter(to))
                        .limit(limit)
                        .toList());
    }

    Uni<List<EmailEvent>> versions(long from, long to) {
        return PackStore.versions(client, user, from, to)
                .map(packs -> openAll(packs).stream()
                        .filter(event -> event.version() >= from && event.version() <= to)
                        .toList());
    }
}
