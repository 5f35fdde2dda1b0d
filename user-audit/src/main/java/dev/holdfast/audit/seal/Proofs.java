package dev.holdfast.audit.seal;

import dev.holdfast.audit.email.EmailEvent;
import dev.holdfast.audit.email.EmailHistory;
import dev.holdfast.audit.proof.Hash;
import dev.holdfast.audit.proof.MerklePath;
import dev.holdfast.audit.seal.SealStore.Leaf;
import dev.holdfast.audit.seal.SealStore.Signed;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Shows that an event is in the tree, and that the tree has only grown. */
@Singleton
class Proofs {
    private final Pool pool;
    private final EmailHistory history;

    Proofs(Pool pool, EmailHistory history) {
        this.pool = pool;
        this.history = history;
    }

    /**
     * That an event has its place.
     *
     * @param event empty when its user is forgotten and it was packed: its hash remains
     * @param path from the leaf's sibling up
     */
    record Inclusion(Leaf leaf, Optional<EmailEvent> event, List<Hash> path, Signed checkpoint) {}

    /** An event and its successor, so that nothing was in between. */
    record Proof(Inclusion version, Optional<Inclusion> successor) {}

    /** Empty for an event that nobody knows, or that is not sealed yet. */
    Uni<Optional<Proof>> prove(UUID user, long version) {
        return SealStore.latest(pool)
                .chain(latest -> latest.isEmpty()
                        ? Uni.createFrom().item(Optional.<Proof>empty())
                        : include(user, version, latest.get())
                                .chain(found -> found.isEmpty()
                                        ? Uni.createFrom().item(Optional.<Proof>empty())
                                        : include(user, version + 1, latest.get())
                                                .map(successor -> Optional.of(new Proof(found.get(), successor)))));
    }

    private Uni<Optional<Inclusion>> include(UUID user, long version, Signed checkpoint) {
        return SealStore.leafOf(pool, user, version)
                .chain(leaf -> leaf.isEmpty() || leaf.get().number() >= checkpoint.size()
                        ? Uni.createFrom().item(Optional.<Inclusion>empty())
                        : history.events(user, version, version)
                                .chain(events -> path(MerklePath.inclusion(
                                                leaf.get().number(), checkpoint.size()))
                                        .map(path -> Optional.of(new Inclusion(
                                                leaf.get(), events.stream().findFirst(), path, checkpoint)))));
    }

    /** That the tree at its second size begins with all that it was at its first. */
    Uni<List<Hash>> consistency(long first, long second) {
        return path(MerklePath.consistency(first, second));
    }

    private Uni<List<Hash>> path(MerklePath path) {
        return SealStore.read(pool, path.tiles()).map(path::hashes);
    }

    Uni<Optional<Signed>> latest() {
        return SealStore.latest(pool);
    }
}
