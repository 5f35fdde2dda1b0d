package dev.holdfast.product.feed;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Messages that go in together.
 *
 * @param claim whose position moves with them; empty for messages that do not arrive from a partition just now
 * @param origin the partition they came from, now or earlier; empty for those that came by HTTP
 * @param messages in the order of their offsets
 * @param nextOffset where the partition stands afterwards
 * @param metered whether they count for their vendors' quotas; each message does once
 * @param crowding vendors whose messages shall wait, so that those of others get through
 */
record FeedBatch(
        Optional<Claim> claim,
        Optional<TopicPartition> origin,
        List<FeedMessage> messages,
        long nextOffset,
        boolean metered,
        Set<String> crowding) {
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

    long firstOffset() {
        return messages.getFirst().offset();
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

    FeedBatch crowdedBy(Set<String> vendors) {
        return new FeedBatch(claim, origin, messages, nextOffset, metered, vendors);
    }

    private FeedBatch with(List<FeedMessage> others, long next) {
        return new FeedBatch(claim, origin, others, next, metered, crowding);
    }
}
