package dev.holdfast.product.feed;

import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.product.ProductConfig;
import dev.holdfast.product.vendor.Vendor;
import dev.holdfast.product.vendor.VendorDirectory;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.OptionalLong;

/** Wires the plain classes of the feed. */
class FeedBeans {
    @Produces
    @Singleton
    MessageParser parser(ProductConfig config, VendorDirectory vendors, Clock clock) {
        return new MessageParser(new MessageRules(
                vendors::confirm,
                () -> clock.millis() + config.feed().futureSkewMax().toMillis()));
    }

    @Produces
    @Singleton
    FeedMetrics metrics(MeterRegistry meters) {
        return new FeedMetrics(meters);
    }

    @Produces
    @Singleton
    FeedService service(
            Transactions transactions,
            ProductConfig config,
            Outbox outbox,
            FeedMetrics metrics,
            Tracer tracer,
            Clock clock,
            VendorDirectory vendors) {
        return new FeedService(
                transactions,
                new FeedStore(config),
                new QuotaStore(id -> vendors.find(id).map(Vendor::dailyQuota).orElse(OptionalLong.empty()), clock),
                outbox,
                metrics,
                tracer,
                clock);
    }

    @Produces
    @Singleton
    WaitingRoom waitingRoom(
            Pool pool, Transactions transactions, FeedService service, MessageParser parser, ProductConfig config) {
        return new WaitingRoom(
                pool, transactions, service, parser, config.feed().fairness().waitMax());
    }

    @Produces
    @Singleton
    QuarantineService quarantine(Transactions transactions, FeedService service, MessageParser parser, Outbox outbox) {
        return new QuarantineService(transactions, service, parser, outbox);
    }

    @Produces
    @Singleton
    PartitionService partitions(Transactions transactions) {
        return new PartitionService(transactions);
    }

    @Produces
    @Singleton
    SnapshotKeeper snapshots(Pool pool, Transactions transactions, ProductConfig config, Outbox outbox, Clock clock) {
        return new SnapshotKeeper(pool, transactions, new SnapshotStore(config), outbox, config.snapshot(), clock);
    }

    @Produces
    @Singleton
    FeedBooks books(Pool pool, MeterRegistry meters, Clock clock) {
        return new FeedBooks(pool, meters, clock);
    }

    @Produces
    @Singleton
    PartitionFeed.Surroundings surroundings(
            Pool pool,
            FeedService service,
            MessageParser parser,
            DeadLetterTopic deadLetters,
            FeedMetrics metrics,
            ProductConfig config,
            Clock clock) {
        return new PartitionFeed.Surroundings(pool, service, parser, deadLetters::keep, metrics, config.feed(), clock);
    }
}
