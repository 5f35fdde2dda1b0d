package dev.holdfast.product.feed;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** What people watch of the feed. */
final class FeedMetrics {
    private final MeterRegistry meters;
    private final DistributionSummary batchSize;
    private final Timer batchTime;
    private final Counter fenced;
    private final Counter failures;
    private final Counter trips;
    private final Map<TopicPartition, AtomicLong> delaysMs = new ConcurrentHashMap<>();

    FeedMetrics(MeterRegistry meters) {
        this.meters = meters;
        for (Outcome outcome : Outcome.values()) {
            messages(outcome);
        }
        batchSize = DistributionSummary.builder("holdfast.feed.batch.size")
                .description("Messages in one transaction")
                .register(meters);
        batchTime = Timer.builder("holdfast.feed.batch.time")
                .description("From the first statement of a batch to its commit, retries included")
                .register(meters);
        fenced = Counter.builder("holdfast.feed.fenced")
                .description("Batches that the database refused because the partition had been claimed anew")
                .register(meters);
        failures = Counter.builder("holdfast.feed.failures")
                .description("Attempts that failed for no fault of the data, and are made again")
                .register(meters);
        trips = Counter.builder("holdfast.feed.breaker.trips")
                .description("Partitions paused because too many messages could not be applied")
                .register(meters);
    }

    private Counter messages(Outcome outcome) {
        return Counter.builder("holdfast.feed.messages")
                .description("Messages by what became of them")
                .tag("outcome", outcome.label())
                .register(meters);
    }

    Timer.Sample startBatch() {
        return Timer.start(meters);
    }

    void recordBatch(Timer.Sample sample, List<Outcome> outcomes) {
        sample.stop(batchTime);
        batchSize.record(outcomes.size());
        outcomes.stream()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .forEach((outcome, count) -> messages(outcome).increment(count));
    }

    void recordFenced() {
        fenced.increment();
    }

    void recordFailure() {
        failures.increment();
    }

    void recordTrip() {
        trips.increment();
    }

    /** @param delayMs from the time the last applied record was published until now */
    void recordDelay(TopicPartition partition, long delayMs) {
        delaysMs.computeIfAbsent(partition, this::registerDelay).set(delayMs);
    }

    private AtomicLong registerDelay(TopicPartition partition) {
        var delay = new AtomicLong();
        Gauge.builder("holdfast.feed.delay", delay, AtomicLong::get)
                .description("Age of the last message applied, at the moment it was applied")
                .baseUnit("milliseconds")
                .tag("partition", String.valueOf(partition.partition()))
                .register(meters);
        return delay;
    }
}
