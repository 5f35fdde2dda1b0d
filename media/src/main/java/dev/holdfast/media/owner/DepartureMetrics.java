package dev.holdfast.media.owner;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Owners who went, and what went with them. Counted after the commit, once per event. */
final class DepartureMetrics {
    private final MeterRegistry meters;

    DepartureMetrics(MeterRegistry meters) {
        this.meters = meters;
        gone(Departures.USER_ERASED);
        gone(Departures.PRODUCT_ARCHIVED);
        dropped(Departures.USER_ERASED);
        dropped(Departures.PRODUCT_ARCHIVED);
    }

    private Counter gone(String event) {
        return Counter.builder("holdfast.media.owners.gone")
                .description("Owners that are gone, by the event that told so")
                .tag("event", event)
                .register(meters);
    }

    private Counter dropped(String event) {
        return Counter.builder("holdfast.media.references.dropped")
                .description("References that were dropped because their owner is gone")
                .tag("event", event)
                .register(meters);
    }

    void record(String event, int references) {
        gone(event).increment();
        dropped(event).increment(references);
    }
}
