package dev.holdfast.audit.key;

import dev.holdfast.audit.key.KeyStore.Outdated;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Wraps users' keys by the current key of the configuration. When it says that none is left, the key before may go from there.
 * Nothing that is encrypted changes: that is done with the user's key, which stays.
 */
@ApplicationScoped
class KeyRotation {
    private static final Logger LOG = Logger.getLogger(KeyRotation.class);
    private static final int BATCH = 500;
    private static final UUID FIRST = new UUID(0, 0);

    private final Pool pool;
    private final KeyRing ring;

    KeyRotation(Pool pool, KeyRing ring) {
        this.pool = pool;
        this.ring = ring;
    }

    @Scheduled(every = "1h", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> run() {
        return rotate(FIRST)
                .invoke(count -> {
                    if (count > 0) {
                        LOG.infof("%d keys are wrapped by '%s' now, and none by another", count, ring.current());
                    }
                })
                .onFailure()
                .invoke(failure -> LOG.warnf("Not all keys are wrapped by the current one yet: %s", failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    /** How many were wrapped anew. */
    private Uni<Integer> rotate(UUID after) {
        return KeyStore.outdated(pool, ring.current(), after, BATCH)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(0)
                        : rewrap(found)
                                .chain(() -> rotate(found.getLast().user()))
                                .map(more -> more + found.size()));
    }

    private Uni<Void> rewrap(List<Outdated> found) {
        return Multi.createFrom()
                .iterable(found)
                .onItem()
                .transformToUniAndConcatenate(
                        one -> KeyStore.replace(pool, one.user(), one.key(), ring.rewrap(one.user(), one.key())))
                .collect()
                .last()
                .replaceWithVoid();
    }
}
