package dev.holdfast.audit.seal;

import static dev.holdfast.audit.AuditFixture.await;

import dev.holdfast.audit.AuditFixture;
import dev.holdfast.audit.email.Journal;
import dev.holdfast.audit.proof.CheckpointSigner;
import dev.holdfast.audit.proof.Ed25519;
import dev.holdfast.platform.outbox.Outbox;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Clock;
import java.util.List;

/** The sealer and whatever looks at its work, on the database of a journal. */
final class Tree {
    static final CheckpointSigner SIGNER = new CheckpointSigner(
            AuditFixture.CONFIG.sealer().keyName(),
            Ed25519.privateKey(AuditFixture.CONFIG.sealer().signingKey()));

    private final Journal journal;
    final Sealer sealer;
    final Proofs proofs;
    final Verification verification;

    Tree(Journal journal) {
        this.journal = journal;
        this.sealer = newSealer();
        this.proofs = new Proofs(journal.pool, journal.history);
        this.verification = new Verification(journal.pool, journal.history, SIGNER, AuditFixture.CONFIG);
    }

    /** As another instance has one. */
    Sealer newSealer() {
        return new Sealer(
                journal.transactions,
                SIGNER,
                new Outbox(() -> {}),
                Clock.systemUTC(),
                AuditFixture.CONFIG.sealer().origin(),
                "audit.checkpoints",
                100);
    }

    void sealAll() {
        while (await(sealer.seal()) > 0) {
            // the next batch
        }
    }

    List<Row> query(String sql) {
        return await(journal.pool.query(sql).execute()).stream().toList();
    }

    long number(String sql) {
        return query(sql).getFirst().getLong(0);
    }
}
