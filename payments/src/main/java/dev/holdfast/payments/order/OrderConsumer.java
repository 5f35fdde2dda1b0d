package dev.holdfast.payments.order;

import dev.holdfast.platform.inbox.RecordReceiver;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * The payments' end of {@code order.events}. One record after the other; each is acknowledged when its effect has committed or
 * when it lies in the dead-letter topic.
 */
@ApplicationScoped
class OrderConsumer {
    private final OrderPayments payments;
    private final RecordReceiver receiver;

    OrderConsumer(OrderPayments payments, RecordReceiver receiver) {
        this.payments = payments;
        this.receiver = receiver;
    }

    @Incoming("order-events")
    Uni<Void> take(ConsumerRecord<byte[], byte[]> message) {
        return receiver.receive(
                message,
                Uni.createFrom()
                        .deferred(() -> OrderEvent.parse(message)
                                .map(payments::receive)
                                .orElseGet(() -> Uni.createFrom().voidItem())));
    }
}
