package dev.holdfast.platform.inbox;

import dev.holdfast.platform.postgres.FailureClass;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * What a consumer does when the effect of a record fails. A record whose own fault it is goes to the dead-letter topic, so
 * that those behind it go on; anything else is tried again for as long as it takes, because nothing behind it could succeed
 * either. A defect of ours counts as the latter: the topic stands still, visibly, and loses nothing.
 *
 * <p>The channel needs {@code failure-strategy=dead-letter-queue}, or an effect that sets aside by itself.
 */
public final class RecordReceiver {
    private static final Logger LOG = Logger.getLogger(RecordReceiver.class);

    private final ReceiverConfig config;
    private final MeterRegistry meters;

    public RecordReceiver(ReceiverConfig config, MeterRegistry meters) {
        this.config = config;
        this.meters = meters;
    }

    /**
     * Completes when the effect has committed; fails with {@link UnusableRecordException} alone, when the record is to be set
     * aside.
     *
     * @param effect subscribed to once per attempt; safe to be repeated
     */
    public Uni<Void> receive(ConsumerRecord<?, ?> message, Uni<Void> effect) {
        Uni<Void> attempt = effect.onFailure(failure -> FailureClass.of(failure) == FailureClass.DATA)
                .transform(RecordReceiver::refusedByDatabase);
        return untilItWorks(message.topic(), place(message), attempt)
                .onFailure(UnusableRecordException.class)
                .invoke(unusable -> recordSetAside(message, unusable));
    }

    /**
     * The same for what a poll brought, whose effect sets aside by itself what cannot be used.
     *
     * @param what for people, as in "A poll of 3"
     */
    public Uni<Void> untilItWorks(String topic, String what, Uni<Void> effect) {
        return attempt(topic, what, effect, config.retryDelayMin());
    }

    /** The pause is not slept by anyone: the partition waits, the event loop goes on. */
    private Uni<Void> attempt(String topic, String what, Uni<Void> effect, Duration pause) {
        return effect.onFailure(failure -> !(failure instanceof UnusableRecordException))
                .recoverWithUni(failure -> {
                    LOG.warnf("%s waits, trying again in %d ms: %s", what, pause.toMillis(), failure);
                    meters.counter("holdfast.records.retries", "topic", topic).increment();
                    Duration longer = pause.multipliedBy(2);
                    return Uni.createFrom()
                            .voidItem()
                            .onItem()
                            .delayIt()
                            .by(pause)
                            .chain(() -> attempt(
                                    topic,
                                    what,
                                    effect,
                                    longer.compareTo(config.retryDelayMax()) < 0 ? longer : config.retryDelayMax()));
                });
    }

    /** Counts and logs what goes to the dead-letter topic. */
    public void recordSetAside(ConsumerRecord<?, ?> message, UnusableRecordException why) {
        LOG.warnf("%s goes to the dead-letter topic: %s", place(message), why.getMessage());
        meters.counter("holdfast.records.set.aside", "topic", message.topic(), "reason", why.reason())
                .increment();
    }

    private static UnusableRecordException refusedByDatabase(Throwable failure) {
        LOG.debugf(failure, "Refused by the database");
        String constraint = FailureClass.constraint(failure);
        return new UnusableRecordException(
                "refused_by_database",
                constraint == null
                        ? "The database refuses it."
                        : "The database refuses it by the rule '%s'.".formatted(constraint));
    }

    private static String place(ConsumerRecord<?, ?> message) {
        return "%s-%d offset %d".formatted(message.topic(), message.partition(), message.offset());
    }
}
