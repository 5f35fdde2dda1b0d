package dev.holdfast.product.feed;

import java.util.List;
import java.util.Optional;

/**
 * Messages that go in together.
 *
 * @param claim whose position moves with them; empty for messages that did not come from a partition
 * @param messages in the order of their offsets
 * @param nextOffset where the partition stands afterwards
 */
record FeedBatch(Optional<Claim> claim, List<FeedMessage> messages, long nextOffset) {
    static FeedBatch withoutPosition(List<FeedMessage> messages) {
        return new FeedBatch(Optional.empty(), messages, 0);
    }

    long firstOffset() {
        return messages.getFirst().offset();
    }

    FeedBatch firstHalf() {
        int middle = messages.size() / 2;
        return new FeedBatch(
                claim, messages.subList(0, middle), messages.get(middle).offset());
    }

    FeedBatch secondHalf() {
        return new FeedBatch(claim, messages.subList(messages.size() / 2, messages.size()), nextOffset);
    }
}
