package dev.holdfast.product.feed;

import org.apache.kafka.common.TopicPartition;

/**
 * The right to move a partition's position.
 *
 * @param epoch raised by each new owner; a transaction under an older one changes nothing
 * @param highOffset how far the feed had come when the partition was claimed; what is before is read again
 */
record Claim(TopicPartition partition, long epoch, long highOffset) {}
