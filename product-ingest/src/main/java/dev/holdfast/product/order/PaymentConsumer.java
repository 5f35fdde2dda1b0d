package dev.holdfast.product.order;

import dev.holdfast.platform.event.UnusableRecordException;
import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.product.ProductConfig;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * The orders' end of {@code payment.events}. One record after the other; each is acknowledged when its effect has
 * committed or when it lies in the dead-letter topic. A failure that is not the record's own fault is tried again for as
 * long as it takes: nothing behind it could succeed either.
 */
@ApplicationScoped
class PaymentConsumer {
    private static final Logger LOG = Logger.getLogger(PaymentConsumer.class);

    private final OrderPayments payments;
    private final OrderMetrics metrics;
    private final ProductConfig.Order config;

    PaymentConsumer(OrderPayments payments, OrderMetrics metrics, ProductConfig config) {
        this.payments = payments;
        this.metrics = metrics;
        this.config = config.order();
    }

    @Incoming("payment-events")
    Uni<Void> take(ConsumerRecord<byte[], byte[]> message) {
        return switch (PaymentParser.parse(message)) {
            case PaymentParser.Parsed.NotOurs notOurs -> Uni.createFrom().voidItem();
            case PaymentParser.Parsed.Unreadable unreadable -> setAside(message, unreadable.rejection());
            case PaymentParser.Parsed.Event parsed ->
                receive(message, payments.receive(parsed.event()), config.retryDelayMin());
        };
    }

    private Uni<Void> receive(ConsumerRecord<?, ?> message, Uni<PaymentDecision> attempt, Duration pause) {
        return attempt.onFailure(failure -> FailureClass.of(failure) == FailureClass.DATA)
                .recoverWithItem(failure -> new PaymentDecision.Reject(new PaymentDecision.Rejection(
                        "refused_by_database",
                        "The database refuses it by the rule '%s'.".formatted(OrderTransactions.constraint(failure)))))
                .chain(decision -> settle(message, decision))
                .onFailure(failure -> !(failure instanceof UnusableRecordException))
                .recoverWithUni(failure -> {
                    LOG.warnf("%s waits, trying again in %s: %s", place(message), pause, failure);
                    metrics.recordRetry();
                    Duration longer = pause.multipliedBy(2);
                    return Uni.createFrom()
                            .voidItem()
                            .onItem()
                            .delayIt()
                            .by(pause)
                            .chain(() -> receive(
                                    message,
                                    attempt,
                                    longer.compareTo(config.retryDelayMax()) < 0 ? longer : config.retryDelayMax()));
                });
    }

    private Uni<Void> settle(ConsumerRecord<?, ?> message, PaymentDecision decision) {
        return switch (decision) {
            case PaymentDecision.Reject reject -> setAside(message, reject.rejection());
            case PaymentDecision.Contradiction contradiction -> {
                LOG.warnf("%s refuses a payment that was posted before; the order stays confirmed", place(message));
                yield Uni.createFrom().voidItem();
            }
            case PaymentDecision.Confirm confirm -> Uni.createFrom().voidItem();
            case PaymentDecision.Cancel cancel -> Uni.createFrom().voidItem();
            case PaymentDecision.Refund refund -> Uni.createFrom().voidItem();
            case PaymentDecision.Nothing nothing -> Uni.createFrom().voidItem();
        };
    }

    private Uni<Void> setAside(ConsumerRecord<?, ?> message, PaymentDecision.Rejection rejection) {
        LOG.warnf("%s goes to the dead-letter topic: %s", place(message), rejection);
        metrics.recordSetAside(rejection.reason());
        return Uni.createFrom().failure(new UnusableRecordException(rejection.reason(), rejection.detail()));
    }

    private static String place(ConsumerRecord<?, ?> message) {
        return "%s-%d offset %d".formatted(message.topic(), message.partition(), message.offset());
    }
}
