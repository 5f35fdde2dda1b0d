package dev.holdfast.media.blob;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;

/** Owners who go. What only they have used goes with the next sweep, and so do the bytes of their uploads. */
public final class Owners {
    private Owners() {}

    /**
     * Drops all references of a user and gives up the uploads. Once it has committed there is no reference of theirs ever again, however
     * uploads and attaches go on that had begun before. How many references.
     */
    public static Uni<Integer> erase(SqlConnection connection, String user) {
        return OwnerStore.erase(connection, Reference.USER, user)
                .chain(() -> OwnerStore.giveUp(connection, user))
                .chain(() -> OwnerStore.drop(connection, Reference.USER, user));
    }

    /**
     * Drops the references that an owner had at a moment; those that were attached later stay. So it does not matter when it is called,
     * nor what else has become of the owner since. How many.
     */
    public static Uni<Integer> drop(SqlConnection connection, String ownerType, String ownerId, Instant attachedUntil) {
        return OwnerStore.drop(connection, ownerType, ownerId, attachedUntil);
    }
}
