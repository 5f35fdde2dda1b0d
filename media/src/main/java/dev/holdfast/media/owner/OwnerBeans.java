package dev.holdfast.media.owner;

import dev.holdfast.platform.postgres.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Wires what is done when owners go. */
class OwnerBeans {
    /** From the start, for its metrics. */
    @Produces
    @Singleton
    @Startup
    Departures departures(Transactions transactions, MeterRegistry meters) {
        return new Departures(transactions, new DepartureMetrics(meters));
    }
}
