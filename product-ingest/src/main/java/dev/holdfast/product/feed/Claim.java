package dev.holdfast.product.feed;

import org.apache.kafka.common.TopicPartition;

/**
 * The right to move a partition's position.
 *
 * @param epoch raised by each new owner; a transaction under an older one changes nothing
 */
record Claim(TopicPartition partition, long epoch) {}
