package dev.holdfast.audit.key;

import dev.holdfast.audit.key.KeyStore.Outdated;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Wraps users' keys by the current key of the configuration. When it says that none is wrapped by another, the key before may go
 * from there.
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
                .invoke(this::tell)
                .onFailure()
                .invoke(failure -> LOG.warnf("Not all keys are wrapped by the current one yet: %s", failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private void tell(Outcome outcome) {
        if (outcome.kept() > 0) {
            LOG.errorf(
                    "%d keys could not be wrapped by '%s': none of the keys before may go",
                    outcome.kept(), ring.current());
        } else if (outcome.wrapped() > 0) {
            LOG.infof("%d keys are wrapped by '%s' now, and none by another", outcome.wrapped(), ring.current());
        }
    }

    /** @param kept as they were, because they cannot be unwrapped */
    private record Outcome(int wrapped, int kept) {
        private Outcome plus(Outcome other) {
            return new Outcome(wrapped + other.wrapped, kept + other.kept);
        }
    }

    private Uni<Outcome> rotate(UUID after) {
        return KeyStore.outdated(pool, ring.current(), after, BATCH)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(new Outcome(0, 0))
                        : rewrap(found)
                                .chain(outcome -> rotate(found.getLast().user()).map(outcome::plus)));
    }

    private Uni<Outcome> rewrap(List<Outdated> found) {
        return Multi.createFrom()
                .iterable(found)
                .onItem()
                .transformToUniAndConcatenate(this::rewrap)
                .collect()
                .with(Collectors.reducing(new Outcome(0, 0), Outcome::plus));
    }

    /** One that cannot be wrapped anew must not keep the others from it. */
    private Uni<Outcome> rewrap(Outdated one) {
        return Uni.createFrom()
                .item(() -> ring.rewrap(one.user(), one.key()))
                .chain(wrapped -> KeyStore.replace(pool, one.user(), one.key(), wrapped))
                .replaceWith(new Outcome(1, 0))
                .onFailure(WrongKeyException.class)
                .recoverWithItem(failure -> {
                    LOG.errorf(
                            "The key of user %s stays wrapped by '%s': %s",
                            one.user(), one.key().wrappedBy(), failure.getMessage());
                    return new Outcome(0, 1);
                });
    }
}
