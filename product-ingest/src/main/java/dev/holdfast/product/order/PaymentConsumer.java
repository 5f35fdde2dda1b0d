package dev.holdfast.product.order;

import dev.holdfast.platform.inbox.RecordReceiver;
import dev.holdfast.platform.inbox.UnusableRecordException;
import dev.holdfast.platform.postgres.SessionTransactions;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * The orders' end of {@code payment.events}. One record after the other; each is acknowledged when its effect has
 * committed or when it lies in the dead-letter topic.
 */
@ApplicationScoped
class PaymentConsumer {
    private static final Logger LOG = Logger.getLogger(PaymentConsumer.class);

    private final OrderPayments payments;
    private final RecordReceiver receiver;

    PaymentConsumer(OrderPayments payments, RecordReceiver receiver) {
        this.payments = payments;
        this.receiver = receiver;
    }

    @Incoming("payment-events")
    Uni<Void> take(ConsumerRecord<byte[], byte[]> message) {
        return receiver.receive(
                message,
                switch (PaymentParser.parse(message)) {
                    case PaymentParser.Parsed.NotOurs notOurs ->
                        Uni.createFrom().voidItem();
                    case PaymentParser.Parsed.Unreadable unreadable -> setAside(unreadable.rejection());
                    case PaymentParser.Parsed.Event parsed ->
                        payments.receive(parsed.event())
                                .onFailure(failure -> SessionTransactions.constraint(failure) != null)
                                .recoverWithItem(PaymentConsumer::refusedByDatabase)
                                .chain(this::settle);
                });
    }

    /** Hibernate hides the driver's exception, and with it the name of the rule, from the receiver. */
    private static PaymentDecision refusedByDatabase(Throwable failure) {
        return new PaymentDecision.Reject(new PaymentDecision.Rejection(
                "refused_by_database",
                "The database refuses it by the rule '%s'.".formatted(SessionTransactions.constraint(failure))));
    }

    private Uni<Void> settle(PaymentDecision decision) {
        return switch (decision) {
            case PaymentDecision.Reject reject -> setAside(reject.rejection());
            case PaymentDecision.Contradiction contradiction -> {
                LOG.warnf("A refusal came for what was paid; order %s stays confirmed", contradiction.orderId());
                yield Uni.createFrom().voidItem();
            }
            case PaymentDecision.Confirm confirm -> Uni.createFrom().voidItem();
            case PaymentDecision.Cancel cancel -> Uni.createFrom().voidItem();
            case PaymentDecision.Refund refund -> Uni.createFrom().voidItem();
            case PaymentDecision.Nothing nothing -> Uni.createFrom().voidItem();
        };
    }

    private static Uni<Void> setAside(PaymentDecision.Rejection rejection) {
        return Uni.createFrom().failure(new UnusableRecordException(rejection.reason(), rejection.detail()));
    }
}
