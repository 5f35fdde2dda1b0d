package dev.holdfast.payments.order;

import dev.holdfast.payments.PaymentsConfig;
import dev.holdfast.platform.event.UnusableRecordException;
import dev.holdfast.platform.postgres.FailureClass;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * The payments' end of {@code order.events}. One record after the other; each is acknowledged when its effect has committed or
 * when it lies in the dead-letter topic. A failure of the surroundings is tried again for as long as it takes.
 */
@ApplicationScoped
class OrderConsumer {
    private static final Logger LOG = Logger.getLogger(OrderConsumer.class);

    private final OrderPayments payments;
    private final PaymentsConfig.Consumers config;

    OrderConsumer(OrderPayments payments, PaymentsConfig config) {
        this.payments = payments;
        this.config = config.consumers();
    }

    @Incoming("order-events")
    Uni<Void> take(ConsumerRecord<byte[], byte[]> message) {
        Optional<OrderEvent> event;
        try {
            event = OrderEvent.parse(message);
        } catch (UnusableRecordException unusable) {
            LOG.warnf("%s goes to the dead-letter topic: %s", place(message), unusable.getMessage());
            return Uni.createFrom().failure(unusable);
        }
        return event.map(parsed -> Uni.createFrom()
                        .deferred(() -> payments.receive(parsed))
                        .onFailure(failure -> FailureClass.of(failure) == FailureClass.DATA)
                        .transform(OrderConsumer::refusedByDatabase)
                        .onFailure(OrderConsumer::isOfTheSurroundings)
                        .invoke(failure -> LOG.warnf("%s waits, and is tried again: %s", place(message), failure))
                        .onFailure(OrderConsumer::isOfTheSurroundings)
                        .retry()
                        .withBackOff(config.retryDelayMin(), config.retryDelayMax())
                        .indefinitely())
                .orElseGet(() -> Uni.createFrom().voidItem());
    }

    private static UnusableRecordException refusedByDatabase(Throwable failure) {
        return new UnusableRecordException(
                "refused_by_database", "The database refuses it: %s".formatted(FailureClass.constraint(failure)));
    }

    private static boolean isOfTheSurroundings(Throwable failure) {
        return !(failure instanceof UnusableRecordException);
    }

    private static String place(ConsumerRecord<?, ?> message) {
        return "%s-%d offset %d".formatted(message.topic(), message.partition(), message.offset());
    }
}
