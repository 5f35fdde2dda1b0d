package dev.holdfast.audit.email;

import dev.holdfast.audit.key.BlindIndex;
import dev.holdfast.audit.key.UserKey;
import dev.holdfast.audit.key.UserKeys;
import dev.holdfast.audit.key.WrappedKey;
import dev.holdfast.platform.batch.NaturalBatcher;
import dev.holdfast.platform.batch.OverloadedException;
import dev.holdfast.platform.event.Traces;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.TransactionRetry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Adds to histories. Changes that come at the same time share a call, which the server carries out whole; who is told of them
 * later, the call has seen to.
 */
public final class EmailAppender {
    private final Pool pool;
    private final TransactionRetry retry;
    private final UserKeys keys;
    private final BlindIndex blind;
    private final Outbox outbox;
    private final Consumer<Appended> listener;
    private final String topic;
    private final NaturalBatcher<Requested, AppendResult> batcher;

    /** That something was added. */
    public record Appended() {}

    private record Requested(EmailChange change, @Nullable String traceparent) {}

    /**
     * @param limits in changes
     * @param listener is told when something may have been added
     * @param topic of the events that tell others
     */
    public EmailAppender(
            Pool pool,
            TransactionRetry retry,
            UserKeys keys,
            BlindIndex blind,
            NaturalBatcher.Limits limits,
            Outbox outbox,
            Consumer<Appended> listener,
            String topic) {
        this.pool = pool;
        this.retry = retry;
        this.keys = keys;
        this.blind = blind;
        this.outbox = outbox;
        this.listener = listener;
        this.topic = topic;
        this.batcher =
                new NaturalBatcher<>(limits, one -> 1, one -> one.change().userId(), this::appendAll);
    }

    /**
     * A change of its own. A lost answer is found out by sending the same again. Whether the user is forgotten, the database knows;
     * a key that is remembered here does not matter then.
     *
     * @return a failure with {@link OverloadedException} when too many wait already
     */
    public Uni<AppendResult> append(EmailChange change) {
        return batcher.submit(new Requested(change, Traces.current()));
    }

    private Uni<List<AppendResult>> appendAll(List<Requested> batch) {
        return retry.execute(() -> keysOf(batch).chain(found -> append(pool, batch, found)))
                .invoke(this::announce);
    }

    private Uni<Map<UUID, UserKey>> keysOf(List<Requested> batch) {
        var found = new HashMap<UUID, UserKey>();
        var unknown = new ArrayList<UUID>();
        for (Requested one : batch) {
            UUID user = one.change().userId();
            keys.remembered(user).ifPresentOrElse(key -> found.put(user, key), () -> unknown.add(user));
        }
        return unknown.isEmpty()
                ? Uni.createFrom().item(found)
                : EmailStore.keys(pool, unknown).map(wrapped -> {
                    wrapped.forEach((user, key) -> found.put(user, keys.unwrap(user, key)));
                    return found;
                });
    }

    /** Who has no key is forgotten, or nobody, or has changed into somebody since: the database knows. */
    private Uni<List<AppendResult>> append(SqlClient client, List<Requested> batch, Map<UUID, UserKey> users) {
        List<EmailStore.Append> appends = batch.stream()
                .map(one -> encrypted(one, users.get(one.change().userId())))
                .toList();
        return EmailStore.append(client, topic, appends)
                .map(results -> IntStream.range(0, results.size())
                        .mapToObj(i -> users.containsKey(batch.get(i).change().userId())
                                ? results.get(i)
                                : withoutKey(results.get(i)))
                        .toList());
    }

    private EmailStore.Append encrypted(Requested one, @Nullable UserKey key) {
        EmailChange change = one.change();
        EmailAddress address = change.address();
        return address == null || key == null
                ? new EmailStore.Append(change, null, null, one.traceparent())
                : new EmailStore.Append(
                        change,
                        key.encrypt(change.expectedVersion() + 1, change.eventId(), address.bytes()),
                        Buffer.buffer(blind.of(address.normalised())),
                        one.traceparent());
    }

    /** An event cannot be compared with what has been forgotten. */
    private static AppendResult withoutKey(AppendResult result) {
        return result instanceof AppendResult.Different ? new AppendResult.Erased() : result;
    }

    /** Begins a user's history, in the caller's transaction; {@link #announce} comes after its commit. */
    public Uni<AppendResult> begin(SqlConnection connection, EmailChange registered) {
        WrappedKey wrapped = keys.create(registered.userId());
        return EmailStore.addKey(connection, registered.userId(), wrapped)
                .chain(() -> appendOne(connection, registered, Optional.of(wrapped)));
    }

    /** The same for a change in the midst of a transaction; {@link #announce} comes after its commit. */
    public Uni<AppendResult> appendIn(SqlConnection connection, EmailChange change) {
        return EmailStore.keys(connection, List.of(change.userId()))
                .chain(found -> appendOne(connection, change, Optional.ofNullable(found.get(change.userId()))));
    }

    /** The last event of a user, in the caller's transaction: the key is gone after it. {@link #announceEnd} comes after its commit. */
    public Uni<AppendResult> end(SqlConnection connection, EmailChange erased) {
        return appendOne(connection, erased, Optional.empty());
    }

    /** Tells those who wait for it that a user is forgotten, and does so. */
    public void announceEnd(UUID user) {
        keys.forget(user);
        announce();
    }

    private Uni<AppendResult> appendOne(SqlConnection connection, EmailChange change, Optional<WrappedKey> wrapped) {
        Map<UUID, UserKey> found = wrapped.map(
                        key -> Map.of(change.userId(), keys.unwrapUncommitted(change.userId(), key)))
                .orElseGet(Map::of);
        return append(connection, List.of(new Requested(change, Traces.current())), found)
                .map(List::getFirst);
    }

    /** Tells those who wait for something to be added; to be called once it has committed. */
    public void announce() {
        outbox.wake();
        listener.accept(new Appended());
    }
}
