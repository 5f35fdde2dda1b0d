package dev.holdfast.audit.seal;

import static dev.holdfast.audit.AuditFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.audit.email.AppendResult;
import dev.holdfast.audit.email.EmailChange;
import dev.holdfast.audit.email.Journal;
import dev.holdfast.audit.proof.CheckpointVerifier;
import dev.holdfast.audit.proof.Hash;
import dev.holdfast.audit.proof.MerkleHash;
import dev.holdfast.audit.proof.MerkleProof;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
class SealerTest {
    private static final String EVERY_EVENT_IS_A_LEAF = """
            SELECT (SELECT count(*) FROM email_event) - (SELECT count(*) FROM tree_leaf l JOIN email_event e
                                                           ON e.user_id = l.user_id AND e.version = l.version AND e.hash = l.hash)
            """;
    private static final String LEAVES_ARE_DENSE = "SELECT count(*) - coalesce(max(leaf) + 1, 0) FROM tree_leaf";
    private static final String VERSIONS_FALL = """
            SELECT count(*) FROM (SELECT version, lag(version) OVER (PARTITION BY user_id ORDER BY leaf) AS before FROM tree_leaf) AS v
             WHERE version <> coalesce(before, 0) + 1
            """;

    private Journal journal;
    private Tree tree;

    @BeforeEach
    void open(TestSchema schema) {
        journal = new Journal(schema.migrate("db/platform", "db/migration"), 20);
        tree = new Tree(journal);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private void assertEverythingIsSealed() {
        assertThat(tree.number(EVERY_EVENT_IS_A_LEAF)).isZero();
        assertThat(tree.number(LEAVES_ARE_DENSE)).isZero();
        assertThat(tree.number(VERSIONS_FALL)).isZero();
        VerificationRepresentation verified = await(tree.verification.run());
        assertThat(verified.verified()).as("%s", verified).isTrue();
    }

    /** The trap: a row gets its number before others, and is seen after them. */
    @Test
    void anEventThatCommitsLateIsSealedLateAndAReaderWithACursorLosesIt() {
        // Given an event with the first number, whose transaction stays open
        UUID slow = journal.register("slow@example.org");
        UUID quick = journal.register("quick@example.org");
        tree.sealAll();
        SqlConnection connection = await(journal.pool.getConnection());
        Transaction transaction = await(connection.begin());
        assertThat(await(journal.appender.appendIn(connection, journal.changed(slow, 1, "late@example.org"))))
                .isInstanceOf(AppendResult.Appended.class);
        journal.append(journal.changed(quick, 1, "early@example.org"));

        // When a naive reader goes by, and the sealer
        long cursor = tree.number("SELECT max(seq) FROM unsealed");
        tree.sealAll();
        await(transaction.commit());
        await(connection.close());
        long foundByCursor = tree.number("SELECT count(*) FROM unsealed WHERE seq > " + cursor);
        tree.sealAll();

        // Then the one has lost it, the other has not
        assertThat(foundByCursor).isZero();
        assertThat(tree.number("SELECT count(*) FROM tree_leaf")).isEqualTo(4);
        assertEverythingIsSealed();
    }

    @Test
    void whateverCommitsLateOrNotAtAllEachEventIsOneLeafInItsUsersOrder() throws InterruptedException {
        // Given
        List<UUID> users = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            users.add(journal.register("u%d@example.org".formatted(i)));
        }
        var writing = new AtomicBoolean(true);

        // When fifteen write, some slowly and some in vain, and three instances seal
        RaceGate<Integer> race = RaceGate.race(18, worker -> () -> {
            if (worker >= 15) {
                Sealer other = tree.newSealer();
                while (writing.get()) {
                    await(other.seal());
                }
                return worker;
            }
            for (int i = 0; i < 25; i++) {
                write(users.get(worker % users.size()));
            }
            if (worker == 0) {
                writing.set(false);
            }
            return worker;
        });
        tree.sealAll();

        // Then
        assertThat(race.failures()).isEmpty();
        assertEverythingIsSealed();
    }

    private void write(UUID user) {
        var random = ThreadLocalRandom.current();
        SqlConnection connection = await(journal.pool.getConnection());
        Transaction transaction = await(connection.begin());
        try {
            long version = await(connection
                            .query("SELECT version FROM email_current WHERE user_id = '%s'".formatted(user))
                            .execute())
                    .iterator()
                    .next()
                    .getLong(0);
            EmailChange change = journal.changed(user, version, "x%d@example.org".formatted(random.nextInt(1_000)));
            await(journal.appender.appendIn(connection, change));
            await(connection
                    .query("SELECT pg_sleep(%s)".formatted(random.nextInt(4) == 0 ? "0.02" : "0"))
                    .execute());
        } finally {
            await(random.nextInt(5) == 0 ? transaction.rollback() : transaction.commit());
            await(connection.close());
        }
    }

    @Test
    void anEventIsProvenWithItsSuccessorAndTheLogHasOnlyGrown() {
        // Given
        UUID user = journal.register("a@example.org");
        for (int version = 1; version < 600; version++) {
            journal.append(journal.changed(user, version, "a%d@example.org".formatted(version)));
            if (version == 300) {
                tree.sealAll();
            }
        }
        SealStore.Signed earlier = await(SealStore.latest(journal.pool)).orElseThrow();
        tree.sealAll();

        // When
        Proofs.Proof proof = await(tree.proofs.prove(user, 299)).orElseThrow();
        SealStore.Signed latest = proof.version().checkpoint();
        List<Hash> consistency = await(tree.proofs.consistency(earlier.size(), latest.size()));

        // Then all of it follows from the signed root
        var verifier = new CheckpointVerifier(List.of(Tree.SIGNER.key()));
        assertThat(verifier.verify(latest.note()).root()).isEqualTo(latest.root());
        for (Proofs.Inclusion one : List.of(proof.version(), proof.successor().orElseThrow())) {
            assertThat(MerkleProof.verifyInclusion(
                            MerkleHash.leaf(one.leaf().hash()),
                            one.leaf().number(),
                            latest.size(),
                            one.path(),
                            latest.root()))
                    .isTrue();
        }
        assertThat(proof.successor().orElseThrow().leaf().previousHash())
                .isEqualTo(proof.version().event().orElseThrow().hash());
        assertThat(MerkleProof.verifyConsistency(
                        earlier.size(), latest.size(), earlier.root(), latest.root(), consistency))
                .isTrue();
        assertEverythingIsSealed();
    }

    @Test
    void nothingIsSealedOnTopOfATreeThatSomebodyHasChanged() {
        // Given
        UUID user = journal.register("a@example.org");
        tree.sealAll();
        journal.schema.executeAsAdmin("UPDATE tree_leaf SET hash = sha256(hash)");
        journal.append(journal.changed(user, 1, "b@example.org"));

        // When / Then
        assertThatThrownBy(() -> await(tree.newSealer().seal())).isInstanceOf(ForkedTreeException.class);
        assertThat(tree.number("SELECT count(*) FROM unsealed")).isEqualTo(1);
    }
}
