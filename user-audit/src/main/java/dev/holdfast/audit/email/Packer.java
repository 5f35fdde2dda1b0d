package dev.holdfast.audit.email;

import dev.holdfast.audit.key.KeyRing;
import dev.holdfast.audit.key.UserKey;
import dev.holdfast.audit.key.WrongKeyException;
import dev.holdfast.audit.proof.Ciphertext;
import dev.holdfast.audit.proof.Hash;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Packs the old versions of those who change often. Each pack is opened again before it takes the place of its events: what comes
 * out must have the hashes that are in the tree.
 */
final class Packer {
    private static final Logger LOG = Logger.getLogger(Packer.class);
    private static final int USERS = 100;

    private final Pool pool;
    private final Transactions transactions;
    private final KeyRing keys;
    private final int hotVersions;
    private final int packSize;

    /**
     * @param hotVersions the latest so many stay as they are
     * @param packSize 64 to {@link PackCodec#EVENTS_MAX}
     */
    Packer(Pool pool, Transactions transactions, KeyRing keys, int hotVersions, int packSize) {
        this.pool = pool;
        this.transactions = transactions;
        this.keys = keys;
        this.hotVersions = hotVersions;
        this.packSize = packSize;
    }

    /** Packs what is due; how many packs came of it. */
    Uni<Integer> run() {
        return PackStore.due(pool, USERS)
                .chain(users -> Multi.createFrom()
                        .iterable(users)
                        .onItem()
                        .transformToUniAndConcatenate(this::packOrLeave)
                        .collect()
                        .with(Collectors.summingInt(count -> count)));
    }

    /** Who cannot be packed must not keep the others from it. */
    private Uni<Integer> packOrLeave(UUID user) {
        return packAll(user).onFailure(WrongKeyException.class).recoverWithUni(failure -> {
            LOG.errorf("Versions of user %s cannot be packed and stay as they are: %s", user, failure);
            return PackStore.notDue(pool, user).replaceWith(0);
        });
    }

    /** As long as there is enough; whoever has less is not due any more, and becomes so again. */
    private Uni<Integer> packAll(UUID user) {
        return packOne(user)
                .chain(packed -> packed
                        ? packAll(user).map(more -> more + 1)
                        : PackStore.notDue(pool, user).replaceWith(0));
    }

    private Uni<Boolean> packOne(UUID user) {
        return transactions.inTransaction(connection -> PackStore.head(connection, user)
                .chain(heads -> heads.isEmpty()
                                || heads.getFirst().version() - heads.getFirst().packed() < hotVersions + packSize
                        ? Uni.createFrom().item(false)
                        : EmailStore.key(connection, user)
                                .chain(key -> key.isEmpty()
                                        ? Uni.createFrom().item(false)
                                        : pack(
                                                connection,
                                                user,
                                                keys.unwrap(user, key.get()),
                                                heads.getFirst().packed() + 1))));
    }

    private Uni<Boolean> pack(SqlConnection connection, UUID user, UserKey key, long from) {
        long to = from + packSize - 1;
        return EmailStore.versions(connection, user, from, to)
                .chain(events -> PackStore.versions(connection, user, from - 1, from - 1)
                        .chain(before -> {
                            Hash previous = before.isEmpty()
                                    ? Hash.ZERO
                                    : before.getFirst().lastHash();
                            List<PlainEvent> plain = events.stream()
                                    .map(event -> PlainEvent.of(event, key))
                                    .toList();
                            byte[] body = PackCodec.encode(plain);
                            if (!PlainEvent.restore(user, PackCodec.decode(body), key, previous)
                                    .equals(events)) {
                                LOG.errorf(
                                        "Versions %d to %d of user %s do not come out of a pack as they went in: they stay as they are",
                                        from, to, user);
                                return Uni.createFrom().item(false);
                            }
                            Ciphertext sealed =
                                    key.encrypt(from, events.getFirst().eventId(), body);
                            return PackStore.pack(connection, user, from, to, dated(events), sealed);
                        }));
    }

    private static @Nullable Instant dated(List<EmailEvent> events) {
        return events.stream()
                .filter(event -> !event.validFrom().equals(event.recordedAt()))
                .map(EmailEvent::validFrom)
                .min(Instant::compareTo)
                .orElse(null);
    }
}
