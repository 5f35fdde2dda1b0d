package dev.holdfast.product.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.RetryConfig;
import dev.holdfast.platform.postgres.TransactionRetry;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.product.ProductConfig;
import dev.holdfast.product.catalogue.ProductId;
import dev.holdfast.product.feed.Vendors;
import dev.holdfast.testkit.TestSchema;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The lifecycle without Quarkus, beside vendors that send messages. */
final class LifecycleFixture implements AutoCloseable {
    final TestSchema schema;
    final Vendors vendors;
    final Transactions transactions;
    final LifecycleService service;
    final MeterRegistry meters = new SimpleMeterRegistry();

    private record Retry(int maxAttempts, Duration delayMin, Duration delayMax) implements RetryConfig {}

    LifecycleFixture(TestSchema schema) {
        this.schema = schema;
        vendors = new Vendors(schema);
        transactions = new Transactions(
                vendors.pool(),
                new TransactionRetry(
                        new Retry(20, Duration.ofMillis(2), Duration.ofMillis(50)),
                        RandomGenerator.getDefault(),
                        meters));
        service = new LifecycleService(transactions, new Outbox(() -> {}), ids(), Vendors.config());
    }

    private static Ids ids() {
        return new Ids(Clock.systemUTC(), new SecureRandom());
    }

    /** @param settings those that are not as they are by default */
    static ProductConfig config(Map<String, String> settings) {
        var builder = new SmallRyeConfigBuilder().addDiscoveredConverters().withMapping(ProductConfig.class);
        settings.forEach(builder::withDefaultValue);
        return builder.build().getConfigMapping(ProductConfig.class);
    }

    Archiver archiver(Clock clock, Map<String, String> settings) {
        return new Archiver(
                vendors.pool(),
                transactions,
                new Outbox(() -> {}),
                ids(),
                config(settings),
                new ArchiveMetrics(meters),
                clock);
    }

    /** Whose clock is so far ahead that everything that is deleted was deleted long ago. */
    Archiver archiver() {
        return archiver(Clock.offset(Clock.systemUTC(), Duration.ofDays(31)), Map.of());
    }

    Retention retention(Clock clock, Map<String, String> settings) {
        return new Retention(transactions, config(settings).retention(), clock);
    }

    LifecycleResult delete(String id) {
        return await(service.delete(ProductId.require(id), "jane"));
    }

    LifecycleResult restore(String id) {
        return restore(id, null);
    }

    LifecycleResult restore(String id, @Nullable Long version) {
        return await(service.restore(ProductId.require(id), version, "jane"));
    }

    List<ProductVersion> history(String id) {
        return await(LifecycleStore.history(vendors.pool(), ProductId.require(id), Long.MAX_VALUE, 1_000));
    }

    /** What everyone sees: sku, name and the vendor's version. */
    List<String> live() {
        return vendors.query("SELECT sku, name, src_version FROM live_product ORDER BY 1");
    }

    List<String> events(String id) {
        return vendors.query("""
                SELECT type, aggregate_version FROM outbox WHERE aggregate_id = '%s' ORDER BY id
                """.formatted(id));
    }

    /** Versions and events have no gap and no double, and each version ends where the next begins. */
    void assertComplete(String id) {
        List<ProductVersion> versions = history(id);
        for (int i = 0; i < versions.size(); i++) {
            assertThat(versions.get(i).rowVersion()).as(id).isEqualTo(versions.size() - i);
            assertThat(versions.get(i).validTo())
                    .as(id)
                    .isEqualTo(i == 0 ? null : versions.get(i - 1).validFrom());
        }
        assertThat(vendors.query(
                        "SELECT aggregate_version FROM outbox WHERE aggregate_id = '%s' ORDER BY id".formatted(id)))
                .as(id)
                .isEqualTo(versions.reversed().stream()
                        .map(version -> String.valueOf(version.rowVersion()))
                        .toList());
    }

    static <T> T await(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(60));
    }

    @Override
    public void close() {
        vendors.close();
    }
}
