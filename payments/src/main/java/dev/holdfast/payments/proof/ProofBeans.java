package dev.holdfast.payments.proof;

import dev.holdfast.platform.postgres.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Wires the plain class of the proof. */
class ProofBeans {
    /** From the start, for its metrics. */
    @Produces
    @Singleton
    @Startup
    ConservationProof proof(Transactions transactions, Clock clock, MeterRegistry meters) {
        return new ConservationProof(transactions, clock, meters);
    }
}
