package dev.holdfast.platform.outbox;

import java.util.List;
import java.util.Optional;

/**
 * How far a claim got.
 *
 * @param acknowledged ids that may be deleted: of each aggregate the prefix that Kafka has acknowledged, no more
 * @param refused the first event of an aggregate that Kafka will never take
 * @param interruption why the rest has to wait, if it has to
 */
record Delivery(List<Long> acknowledged, List<Refusal> refused, Optional<Throwable> interruption) {
    record Refusal(OutboxEvent event, String reason) {}
}
