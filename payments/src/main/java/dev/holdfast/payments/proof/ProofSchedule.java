package dev.holdfast.payments.proof;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Proves by the clock. What goes wrong now is tried again at the next time. */
@ApplicationScoped
class ProofSchedule {
    private static final Logger LOG = Logger.getLogger(ProofSchedule.class);

    private final ConservationProof proof;

    ProofSchedule(ConservationProof proof) {
        this.proof = proof;
    }

    @Scheduled(every = "{payments.proof.interval}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> prove() {
        return proof.run()
                .onFailure()
                .invoke(failure -> LOG.warnf("The proof did not get to its end: %s", failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }
}
