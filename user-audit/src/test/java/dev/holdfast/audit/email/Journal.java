package dev.holdfast.audit.email;

import static dev.holdfast.audit.AuditFixture.await;

import dev.holdfast.audit.AuditFixture;
import dev.holdfast.audit.key.BlindIndex;
import dev.holdfast.audit.key.UserKeys;
import dev.holdfast.platform.batch.NaturalBatcher;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.RetryConfig;
import dev.holdfast.platform.postgres.TransactionRetry;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A history on a real database. */
public final class Journal implements AutoCloseable {
    public static final ReadNote NOTE = new ReadNote("an auditor", "a test");

    public final TestSchema schema;
    public final Pool pool;
    public final Transactions transactions;
    public final EmailHistory history;
    final UserKeys keys = new UserKeys(AuditFixture.KEYS, Clock.systemUTC());
    final BlindIndex blind = BlindIndex.of(AuditFixture.CONFIG.keys());
    public final EmailAppender appender;
    public final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());

    public Journal(TestSchema schema, int connections) {
        this.schema = schema;
        this.pool = schema.openPool(connections);
        var retry = new TransactionRetry(new FewRetries(), new Random(1), new SimpleMeterRegistry());
        this.transactions = new Transactions(pool, retry);
        this.history = new EmailHistory(pool, keys, blind);
        this.appender = new EmailAppender(
                pool,
                retry,
                keys,
                blind,
                new NaturalBatcher.Limits(16, 2, 1_000),
                new Outbox(() -> {}),
                appended -> {},
                "user.events");
    }

    private record FewRetries() implements RetryConfig {
        @Override
        public int maxAttempts() {
            return 8;
        }

        @Override
        public Duration delayMin() {
            return Duration.ofMillis(1);
        }

        @Override
        public Duration delayMax() {
            return Duration.ofMillis(20);
        }
    }

    public UUID register(String address) {
        UUID user = ids.next();
        await(transactions.inTransaction(connection -> appender.begin(
                connection,
                new EmailChange(user, 0, user, EmailOp.REGISTERED, address(address), null, "somebody", null, "api"))));
        return user;
    }

    public static EmailAddress address(String text) {
        return EmailAddress.parse(text).orElseThrow();
    }

    public EmailChange changed(UUID user, long expected, String address) {
        return change(user, expected, EmailOp.CHANGED, address, null);
    }

    public EmailChange change(UUID user, long expected, EmailOp op, String address, @Nullable Instant validFrom) {
        return new EmailChange(
                user, expected, ids.next(), op, address(address), validFrom, "somebody", "because", "api");
    }

    public AppendResult append(EmailChange change) {
        return await(appender.append(change));
    }

    public EmailHistory.State at(UUID user, Instant recorded, Instant valid) {
        return await(history.asOf(user, recorded, valid, null)).orElseThrow();
    }

    @Override
    public void close() {
        pool.closeAndForget();
    }
}
