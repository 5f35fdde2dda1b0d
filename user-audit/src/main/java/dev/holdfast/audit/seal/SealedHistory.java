package dev.holdfast.audit.seal;

import dev.holdfast.audit.email.EmailEvent;
import dev.holdfast.audit.email.EmailHistory;
import dev.holdfast.audit.proof.Hash;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Checks one user's history against the tree, without looking at anybody else's. */
@Singleton
public class SealedHistory {
    private final Pool pool;
    private final EmailHistory history;

    SealedHistory(Pool pool, EmailHistory history) {
        this.pool = pool;
        this.history = history;
    }

    /** @param events one version after the other */
    public Uni<ChainStatus> check(UUID user, List<EmailEvent> events) {
        if (events.isEmpty()) {
            return SealStore.tree(pool).map(tree -> new ChainStatus(Set.of(), tree, Optional.empty()));
        }
        long first = events.getFirst().version();
        return SealStore.leaves(pool, user, first, events.getLast().version())
                .chain(leaves -> before(user, first)
                        .chain(previous -> SealStore.tree(pool)
                                .map(tree -> new ChainStatus(
                                        leaves.keySet(),
                                        tree,
                                        ChainStatus.firstBreak(events, previous.orElse(null), leaves)))));
    }

    /** The hash of the event before; empty when it lies in a pack of somebody who is forgotten. */
    private Uni<Optional<Hash>> before(UUID user, long first) {
        return first == 1
                ? Uni.createFrom().item(Optional.of(Hash.ZERO))
                : history.events(user, first - 1, first - 1)
                        .map(found -> found.stream().findFirst().map(EmailEvent::hash));
    }
}
