package dev.holdfast.bench.audit;

import dev.holdfast.audit.email.AppendResult;
import dev.holdfast.audit.email.EmailAddress;
import dev.holdfast.audit.email.EmailAppender;
import dev.holdfast.audit.email.EmailChange;
import dev.holdfast.audit.email.EmailOp;
import dev.holdfast.audit.key.BlindIndex;
import dev.holdfast.audit.key.KeyRing;
import dev.holdfast.audit.key.UserKeys;
import dev.holdfast.bench.Schema;
import dev.holdfast.platform.batch.NaturalBatcher;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.RetryConfig;
import dev.holdfast.platform.postgres.TransactionRetry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Changes by the service's own class in the process of whoever changes, as Envers is in the process of its application; the service
 * runs beside it, seals and tells what was changed, and answers.
 */
final class InProcessChanges implements History {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** As the service has them. */
    private static final NaturalBatcher.Limits LIMITS = new NaturalBatcher.Limits(256, 2, 10_000);

    private record Retry(int maxAttempts, Duration delayMin, Duration delayMax) implements RetryConfig {}

    private final UserAuditService service;
    private final Pool pool;
    private final EmailAppender appender;
    private final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());

    InProcessChanges(UserAuditService service, Schema schema) {
        this.service = service;
        this.pool = schema.openPool(LIMITS.lanes());
        var keys = UserAuditService.KEYS;
        this.appender = new EmailAppender(
                pool,
                new TransactionRetry(
                        new Retry(8, Duration.ofMillis(5), Duration.ofMillis(200)),
                        new Random(),
                        new SimpleMeterRegistry()),
                new UserKeys(KeyRing.of(keys), Clock.systemUTC()),
                BlindIndex.of(keys),
                LIMITS,
                new Outbox(() -> {}),
                appended -> {},
                "user.events");
    }

    @Override
    public void change(long user, String address) throws Exception {
        service.nextVersion(user, seen -> {
            AppendResult result = appender.append(new EmailChange(
                            UserAuditService.user(user),
                            seen,
                            ids.next(),
                            EmailOp.CHANGED,
                            EmailAddress.parse(address).orElseThrow(),
                            null,
                            "bench",
                            null,
                            "api"))
                    .await()
                    .atMost(TIMEOUT);
            if (!(result instanceof AppendResult.Appended)) {
                throw new IllegalStateException("A change behind version %d answered %s".formatted(seen, result));
            }
        });
    }

    @Override
    public @Nullable String asOf(long user, Instant moment) throws Exception {
        return service.asOf(user, moment);
    }

    @Override
    public long versions() throws Exception {
        return service.versions();
    }

    @Override
    public long bytes() throws Exception {
        return service.bytes();
    }

    @Override
    public void check() throws Exception {
        service.check();
    }

    @Override
    public void close() {
        pool.closeAndForget();
    }

    @Override
    public String toString() {
        return "user-audit in process";
    }
}
