package dev.holdfast.product.feed;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Messages that go in together, with everything worked out that can be before a connection is there: whoever makes a
 * batch has the time, the thread that writes it has not.
 */
final class FeedBatch {
    private final Optional<Claim> claim;
    private final Optional<TopicPartition> origin;
    private final List<FeedMessage> messages;
    private final long nextOffset;
    private final boolean metered;
    private final Set<String> crowding;
    private final List<FeedMessage> changes;
    private final Map<String, Integer> vendors;
    private final ChangeColumns columns;

    private FeedBatch(
            Optional<Claim> claim,
            Optional<TopicPartition> origin,
            List<FeedMessage> messages,
            long nextOffset,
            boolean metered,
            Set<String> crowding) {
        this.claim = claim;
        this.origin = origin;
        this.messages = messages;
        this.nextOffset = nextOffset;
        this.metered = metered;
        this.crowding = crowding;
        this.changes = messages.stream()
                .filter(message -> message.parsed() instanceof ProductChange)
                .toList();
        this.vendors = countByVendor(changes);
        this.columns = columns(changes);
    }

    static FeedBatch of(Claim claim, List<FeedMessage> messages, long nextOffset) {
        return new FeedBatch(
                Optional.of(claim),
                Optional.of(claim.partition()),
                messages,
                nextOffset,
                nextOffset > claim.highOffset(),
                Set.of());
    }

    static FeedBatch byHttp(List<FeedMessage> messages) {
        return new FeedBatch(Optional.empty(), Optional.empty(), messages, 0, true, Set.of());
    }

    /** Messages whose offsets were passed earlier. */
    static FeedBatch fromEarlier(Optional<TopicPartition> origin, List<FeedMessage> messages, boolean metered) {
        return new FeedBatch(Optional.empty(), origin, messages, 0, metered, Set.of());
    }

    static Map<String, Integer> countByVendor(List<FeedMessage> changes) {
        var counts = new HashMap<String, Integer>();
        changes.forEach(message -> counts.merge(message.change().vendor(), 1, Integer::sum));
        return counts;
    }

    /** Whose position moves with them; empty for messages that do not arrive from a partition just now. */
    Optional<Claim> claim() {
        return claim;
    }

    /** The partition they came from, now or earlier; empty for those that came by HTTP. */
    Optional<TopicPartition> origin() {
        return origin;
    }

    /** In the order of their offsets. */
    List<FeedMessage> messages() {
        return messages;
    }

    /** Those that carry a {@link ProductChange}. */
    List<FeedMessage> changes() {
        return changes;
    }

    /** How many of {@link #changes} each vendor has. */
    Map<String, Integer> vendors() {
        return vendors;
    }

    /** All {@link #changes}. */
    ChangeColumns columns() {
        return columns;
    }

    /** Of some of the {@link #changes}. */
    ChangeColumns columns(List<FeedMessage> some) {
        return ChangeColumns.of(some, origin.isPresent());
    }

    long firstOffset() {
        return messages.getFirst().offset();
    }

    /** Where the partition stands afterwards. */
    long nextOffset() {
        return nextOffset;
    }

    /** Whether they count for their vendors' quotas; each message does once. */
    boolean metered() {
        return metered;
    }

    /** Vendors whose messages shall wait, so that those of others get through. */
    Set<String> crowding() {
        return crowding;
    }

    FeedBatch firstHalf() {
        int middle = messages.size() / 2;
        return with(messages.subList(0, middle), messages.get(middle).offset());
    }

    FeedBatch secondHalf() {
        return with(messages.subList(messages.size() / 2, messages.size()), nextOffset);
    }

    FeedBatch with(List<FeedMessage> others) {
        return with(others, nextOffset);
    }

    FeedBatch crowdedBy(Set<String> vendorsInExcess) {
        return new FeedBatch(claim, origin, messages, nextOffset, metered, vendorsInExcess);
    }

    private FeedBatch with(List<FeedMessage> others, long next) {
        return new FeedBatch(claim, origin, others, next, metered, crowding);
    }
}
