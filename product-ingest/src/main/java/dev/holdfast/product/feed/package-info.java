/**
 * From bytes to the catalogue.
 *
 * <p>The position in a partition lives in {@code feed_partition}, beside the products, and not in Kafka: it moves in
 * the transaction of the effect, under an epoch that is raised by each new owner of the partition. What Kafka has
 * committed is a hint for people who watch lag.
 */
@NullMarked
package dev.holdfast.product.feed;

import org.jspecify.annotations.NullMarked;
