package dev.holdfast.audit.seal;

import dev.holdfast.audit.email.EmailEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** Checks one user's history against the tree, without looking at anybody else's. */
@Singleton
public class SealedHistory {
    private final Pool pool;

    SealedHistory(Pool pool) {
        this.pool = pool;
    }

    /**
     * Versions from one to another, both included; none when the last is before the first.
     *
     * @param events those of them that there are, in their order
     * @param forgotten what was packed of this user is gone with the key, and is not missing
     */
    public Uni<ChainStatus> check(UUID user, long first, long last, List<EmailEvent> events, boolean forgotten) {
        return SealStore.leaves(pool, user, first - 1, last)
                .chain(leaves -> SealStore.tree(pool)
                        .map(tree -> new ChainStatus(
                                leaves.keySet().stream()
                                        .filter(version -> version >= first)
                                        .collect(Collectors.toSet()),
                                tree,
                                ChainStatus.firstBreak(first, last, events, forgotten, leaves))));
    }
}
