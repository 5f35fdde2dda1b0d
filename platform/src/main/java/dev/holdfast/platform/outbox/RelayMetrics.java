package dev.holdfast.platform.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What people watch: how many events leave, how late, and how many wait. */
final class RelayMetrics {
    private final Clock clock;
    private final Counter sent;
    private final Counter refused;
    private final Timer delay;
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong parked = new AtomicLong();

    RelayMetrics(MeterRegistry meters, Clock clock) {
        this.clock = clock;
        sent = Counter.builder("holdfast.outbox.sent")
                .description("Events that Kafka has acknowledged")
                .register(meters);
        refused = Counter.builder("holdfast.outbox.refused")
                .description("Events that Kafka will never take; each parks its aggregate")
                .register(meters);
        delay = Timer.builder("holdfast.outbox.delay")
                .description("From the change to Kafka's acknowledgement, of the first event of each claim")
                .register(meters);
        Gauge.builder("holdfast.outbox.waiting", waiting, AtomicLong::get)
                .description("Events not sent yet, counted up to 10,000")
                .register(meters);
        Gauge.builder("holdfast.outbox.parked", parked, AtomicLong::get)
                .description("Aggregates whose events wait behind a refused one")
                .register(meters);
    }

    void record(List<ClaimedEvent> claim, Delivery delivery) {
        sent.increment(delivery.acknowledged().size());
        refused.increment(delivery.refused().size());
        delay.record(Duration.between(claim.getFirst().event().occurredAt(), clock.instant()));
    }

    void record(OutboxStore.Backlog backlog) {
        waiting.set(backlog.events());
        parked.set(backlog.parkedAggregates());
    }
}
