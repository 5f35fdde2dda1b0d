package dev.holdfast.product.feed;

import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.product.ProductConfig;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Wires the plain classes of the feed. */
class FeedBeans {
    @Produces
    @Singleton
    MessageParser parser(ProductConfig config) {
        return new MessageParser(new MessageRules(config.vendors()));
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
            Ids ids,
            FeedMetrics metrics,
            Tracer tracer) {
        return new FeedService(transactions, new FeedStore(config.eventTopic()), outbox, ids, metrics, tracer);
    }
}
