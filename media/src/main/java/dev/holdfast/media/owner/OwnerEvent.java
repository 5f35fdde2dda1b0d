package dev.holdfast.media.owner;

import dev.holdfast.platform.event.CloudEvents;
import dev.holdfast.platform.inbox.UnusableRecordException;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * That an owner is gone, as the headers say; the content is not looked at.
 *
 * @param owner the subject
 */
record OwnerEvent(UUID id, String owner) {
    private static final int OWNER_LENGTH_MAX = 255;

    /**
     * Empty when it is of another type.
     *
     * @throws UnusableRecordException when something is missing
     */
    static Optional<OwnerEvent> of(ConsumerRecord<byte[], byte[]> message, String type) {
        String found = CloudEvents.type(message);
        if (found == null) {
            throw new UnusableRecordException("not_a_cloudevent", "The header ce_type is missing.");
        } else if (!found.equals(type)) {
            return Optional.empty();
        }
        Optional<UUID> id = CloudEvents.id(message);
        String owner = CloudEvents.subject(message);
        if (id.isEmpty() || owner == null || owner.isEmpty() || owner.length() > OWNER_LENGTH_MAX) {
            throw new UnusableRecordException(
                    "incomplete",
                    "The headers ce_id, a UUID, and ce_subject, the owner in at most %d characters, are needed."
                            .formatted(OWNER_LENGTH_MAX));
        }
        return Optional.of(new OwnerEvent(id.get(), owner));
    }
}
