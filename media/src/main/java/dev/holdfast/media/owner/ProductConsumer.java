package dev.holdfast.media.owner;

import dev.holdfast.platform.event.CloudEvents;
import dev.holdfast.platform.inbox.RecordReceiver;
import dev.holdfast.platform.inbox.UnusableRecordException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * The media's end of {@code product.events}. A deleted product keeps its images, because it can be restored as it was. An archived one
 * loses them; when it comes back all the same, whoever brings it back brings its images.
 */
@ApplicationScoped
class ProductConsumer {
    private final Departures departures;
    private final RecordReceiver receiver;

    ProductConsumer(Departures departures, RecordReceiver receiver) {
        this.departures = departures;
        this.receiver = receiver;
    }

    @Incoming("product-events")
    Uni<Void> take(ConsumerRecord<byte[], byte[]> message) {
        return receiver.receive(
                message,
                Uni.createFrom()
                        .deferred(() -> OwnerEvent.of(message, Departures.PRODUCT_ARCHIVED)
                                .map(event -> departures.productArchived(event, time(message)))
                                .orElseGet(() -> Uni.createFrom().voidItem())));
    }

    private static Instant time(ConsumerRecord<byte[], byte[]> message) {
        return CloudEvents.time(message)
                .orElseThrow(() -> new UnusableRecordException(
                        "incomplete", "The header ce_time is needed: what is attached later stays."));
    }
}
