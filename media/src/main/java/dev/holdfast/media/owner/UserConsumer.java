package dev.holdfast.media.owner;

import dev.holdfast.platform.inbox.RecordReceiver;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The media's end of {@code user.events}. Who registers or changes has no images by that. */
@ApplicationScoped
class UserConsumer {
    private final Departures departures;
    private final RecordReceiver receiver;

    UserConsumer(Departures departures, RecordReceiver receiver) {
        this.departures = departures;
        this.receiver = receiver;
    }

    @Incoming("user-events")
    Uni<Void> take(ConsumerRecord<byte[], byte[]> message) {
        return receiver.receive(
                message,
                Uni.createFrom()
                        .deferred(() -> OwnerEvent.of(message, Departures.USER_ERASED)
                                .map(departures::userErased)
                                .orElseGet(() -> Uni.createFrom().voidItem())));
    }
}
