package dev.holdfast.audit.email;

import static dev.holdfast.audit.AuditFixture.KEYS;
import static dev.holdfast.audit.AuditFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackTest {
    private static final int VERSIONS = 400;

    private Journal journal;
    private Packer packer;

    @BeforeAll
    void open() {
        journal = new Journal(TestSchema.create().migrate("db/platform", "db/migration"), 8);
        packer = new Packer(journal.pool, journal.transactions, KEYS, 32, 64);
    }

    @AfterAll
    void close() {
        journal.close();
    }

    /** Changes, now and then a correction or a verification. */
    private UUID userWithManyVersions() {
        var random = new Random(4);
        UUID user = journal.register("v1@example.org");
        Instant registered =
                journal.at(user, later(), later()).event().orElseThrow().recordedAt();
        for (int version = 1; version < VERSIONS; version++) {
            String address = "v%d@example.org".formatted(version + 1);
            journal.append(
                    switch (random.nextInt(10)) {
                        case 0 ->
                            journal.change(
                                    user,
                                    version,
                                    EmailOp.CORRECTED,
                                    address,
                                    registered.minusSeconds(random.nextInt(99)));
                        case 1 ->
                            new EmailChange(
                                    user, version, journal.ids.next(), EmailOp.VERIFIED, null, null, "b", null, "api");
                        default -> journal.changed(user, version, address);
                    });
        }
        return user;
    }

    private static Instant later() {
        return Instant.now().plusSeconds(60);
    }

    /** As the sealer does; packs wait for it. */
    private void seal() {
        await(journal.pool.query("""
                        INSERT INTO tree_leaf (leaf, user_id, version, hash)
                        SELECT (SELECT count(*) FROM tree_leaf) + row_number() OVER (ORDER BY seq) - 1, user_id, version, hash
                          FROM drain_unsealed(100000)
                        """).execute());
    }

    private long number(String sql) {
        Row row = await(journal.pool.query(sql).execute()).iterator().next();
        return row.getLong(0);
    }

    private List<EmailHistory.State> statesOf(UUID user, List<Instant> moments) {
        List<EmailHistory.State> states = new ArrayList<>();
        for (Instant recorded : moments) {
            for (Instant valid : List.of(recorded, moments.getFirst(), later())) {
                states.add(journal.at(user, recorded, valid));
            }
        }
        return states;
    }

    @Test
    void everyAnswerIsTheSameBeforeAndAfterPacking() {
        // Given
        UUID user = userWithManyVersions();
        List<EmailHistory.Disclosed> history =
                await(journal.history.history(user, Instant.EPOCH, later(), 1_000, Journal.NOTE));
        List<Instant> moments = new ArrayList<>();
        for (int i = 0; i < VERSIONS; i += 7) {
            moments.add(history.get(i).event().recordedAt());
            moments.add(history.get(i).event().recordedAt().minusNanos(1_000));
        }
        List<EmailHistory.State> before = statesOf(user, moments);

        // When
        assertThat(await(packer.run()))
                .as("nothing is packed before it is sealed")
                .isZero();
        await(journal.pool
                .query("INSERT INTO pack_due VALUES ('%s') ON CONFLICT DO NOTHING".formatted(user))
                .execute());
        seal();
        int packs = await(packer.run());

        // Then
        assertThat(packs).isEqualTo((VERSIONS - 32) / 64);
        assertThat(number("SELECT count(*) FROM email_event WHERE user_id = '%s'".formatted(user)))
                .isEqualTo(VERSIONS - 64L * packs);
        assertThat(await(journal.history.history(user, Instant.EPOCH, later(), 1_000, Journal.NOTE)))
                .isEqualTo(history);
        List<EmailHistory.State> after = statesOf(user, moments);
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i).event())
                    .as("moment %d", i)
                    .isEqualTo(before.get(i).event());
            assertThat(after.get(i).address()).isEqualTo(before.get(i).address());
            assertThat(after.get(i).verified())
                    .as("moment %d", i)
                    .isEqualTo(before.get(i).verified());
        }
    }

    @Test
    void whatComesOutOfAPackIsWhatWentIn() {
        var random = new Random(1);
        for (int round = 0; round < 300; round++) {
            // Given
            List<PlainEvent> events = new ArrayList<>();
            Instant recorded = Instant.parse("2026-01-01T00:00:00Z");
            for (int i = 0; i < 1 + random.nextInt(PackCodec.EVENTS_MAX); i++) {
                recorded = recorded.plusNanos(1_000L * (1 + random.nextInt(1 << random.nextInt(30))));
                EmailOp op = List.of(EmailOp.values()).get(random.nextInt(EmailOp.values().length));
                events.add(new PlainEvent(
                        7L + i,
                        recorded,
                        random.nextInt(4) == 0 ? recorded.minusSeconds(random.nextInt(1_000_000)) : recorded,
                        random.nextBoolean() ? UUID.randomUUID() : journal.ids.next(),
                        op,
                        op == EmailOp.VERIFIED
                                ? null
                                : new EmailAddress("x".repeat(random.nextInt(40)) + i + "@exämple.org"),
                        "actor " + random.nextInt(3),
                        random.nextBoolean() ? null : "reason " + random.nextInt(9),
                        "api"));
            }

            // When / Then
            assertThat(PackCodec.decode(PackCodec.encode(events))).isEqualTo(events);
        }
    }
}
