package dev.holdfast.audit.seal;

import dev.holdfast.audit.AuditConfig;
import dev.holdfast.audit.proof.CheckpointSigner;
import dev.holdfast.audit.proof.Ed25519;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Wires the plain classes of the tree. */
class SealBeans {
    @Produces
    @Singleton
    CheckpointSigner signer(AuditConfig config) {
        return new CheckpointSigner(
                config.sealer().keyName(), Ed25519.privateKey(config.sealer().signingKey()));
    }

    @Produces
    @Singleton
    Sealer sealer(Transactions transactions, CheckpointSigner signer, Outbox outbox, Clock clock, AuditConfig config) {
        AuditConfig.Sealer sealer = config.sealer();
        return new Sealer(transactions, signer, outbox, clock, sealer.origin(), sealer.topic(), sealer.batchSize());
    }

    @Produces
    @Singleton
    SealStatus status(MeterRegistry meters) {
        return new SealStatus(meters);
    }
}
