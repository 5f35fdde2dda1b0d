package dev.holdfast.audit.email;

import static dev.holdfast.audit.AuditFixture.KEYS;
import static dev.holdfast.audit.AuditFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.PreparedQuery;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackTest {
    private static final int VERSIONS = 400;
    private static final int HOT = 32;
    private static final int PACK_SIZE = 64;

    private Journal journal;
    private Packer packer;

    @BeforeAll
    void open() {
        journal = new Journal(TestSchema.create().migrate("db/platform", "db/migration"), 8);
        packer = new Packer(journal.pool, journal.transactions, KEYS, HOT, PACK_SIZE);
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

    private Uni<?> packDueOf(UUID user) {
        return journal.pool
                .query("INSERT INTO pack_due VALUES ('%s') ON CONFLICT DO NOTHING".formatted(user))
                .execute();
    }

    /** How many packs came of it. */
    private int pack(UUID... users) {
        seal();
        for (UUID user : users) {
            await(packDueOf(user));
        }
        return await(packer.run());
    }

    /** With as many versions as it takes for so many packs. */
    private UUID changed(int packs, Function<UUID, LongFunction<EmailChange>> change) {
        UUID user = journal.register("v1@example.org");
        LongFunction<EmailChange> changes = change.apply(user);
        for (long version = 1; version < packs * PACK_SIZE + HOT; version++) {
            assertThat(journal.append(changes.apply(version))).isInstanceOf(AppendResult.Appended.class);
        }
        return user;
    }

    private UUID changed(int packs) {
        return changed(
                packs, user -> version -> journal.changed(user, version, "v%d@example.org".formatted(version + 1)));
    }

    /** Whoever opens one of them fails. */
    private void spoilPacks(UUID user, String which) {
        journal.schema.executeAsAdmin("UPDATE email_pack SET body = set_byte(body, 20, get_byte(body, 20) # 1) "
                + "WHERE user_id = '%s' AND %s".formatted(user, which));
    }

    private List<EmailHistory.Disclosed> history(UUID user, int limit) {
        return await(journal.history.history(user, Instant.EPOCH, later(), limit, Journal.NOTE));
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
        List<EmailHistory.Disclosed> history = history(user, 1_000);
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
        int packs = pack(user);

        // Then
        assertThat(packs).isEqualTo((VERSIONS - HOT) / PACK_SIZE);
        assertThat(number("SELECT count(*) FROM email_event WHERE user_id = '%s'".formatted(user)))
                .isEqualTo(VERSIONS - (long) PACK_SIZE * packs);
        assertThat(history(user, 1_000)).isEqualTo(history);
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

    /** The last of the pack is valid later than the correction behind it. */
    @Test
    void aCorrectionOfThePastStaysUnverifiedWhenThatIsPacked() {
        // Given
        Instant[] corrected = new Instant[1];
        UUID user = changed(1, one -> version -> {
            if (version == PACK_SIZE) {
                corrected[0] = history(one, 100)
                        .get(PACK_SIZE - 2)
                        .event()
                        .recordedAt()
                        .plusNanos(1_000);
                return journal.change(one, version, EmailOp.CORRECTED, "right@example.org", corrected[0]);
            }
            return version == PACK_SIZE + 1
                    ? new EmailChange(one, version, journal.ids.next(), EmailOp.VERIFIED, null, null, "b", null, "api")
                    : journal.changed(one, version, "v%d@example.org".formatted(version + 1));
        });
        EmailHistory.State before = journal.at(user, later(), corrected[0]);
        assertThat(before.address()).contains(Journal.address("right@example.org"));
        assertThat(before.verified()).isFalse();

        // When
        assertThat(pack(user)).isEqualTo(1);

        // Then
        EmailHistory.State after = journal.at(user, later(), corrected[0]);
        assertThat(after.event()).isEqualTo(before.event());
        assertThat(after.verified()).isFalse();
    }

    @Test
    void whoAlwaysSaysSinceWhenIsReadWithoutOpeningAllPacks() {
        // Given
        UUID user = changed(
                4,
                one -> version -> journal.change(
                        one,
                        version,
                        EmailOp.CHANGED,
                        "v%d@example.org".formatted(version + 1),
                        Instant.now().truncatedTo(ChronoUnit.MICROS)));
        List<EmailHistory.Disclosed> history = history(user, 1_000);
        assertThat(pack(user)).isEqualTo(4);

        // When
        spoilPacks(user, "first_version <> 129");

        // Then
        for (int version : List.of(150, 190, 257 + 10)) {
            EmailEvent event = history.get(version - 1).event();
            assertThat(journal.at(user, event.recordedAt(), event.recordedAt())
                            .event()
                            .map(PlainEvent::version))
                    .contains((long) version);
            assertThat(journal.at(user, event.recordedAt(), event.validFrom())
                            .event()
                            .map(PlainEvent::version))
                    .contains((long) version);
        }
    }

    @Test
    void aWindowOpensNoMorePacksThanItsLimitNeeds() {
        // Given
        UUID user = changed(4);
        List<EmailHistory.Disclosed> history = history(user, 10);
        assertThat(pack(user)).isEqualTo(4);

        // When
        spoilPacks(user, "first_version > 65");

        // Then
        assertThat(history(user, 10)).hasSize(10).isEqualTo(history);
    }

    @Test
    void whatIsPackedWhileAHistoryIsReadIsInItOnce() {
        // Given
        UUID user = changed(1);
        List<EmailHistory.Disclosed> history = history(user, 1_000);
        var reading = new EmailHistory(
                new InterruptedPool(journal.pool, 2, packDueOf(user).chain(packer::run)), journal.keys, journal.blind);
        seal();

        // When
        List<EmailHistory.Disclosed> found = await(reading.history(user, Instant.EPOCH, later(), 1_000, null));

        // Then
        assertThat(number("SELECT packed FROM email_current WHERE user_id = '%s'".formatted(user)))
                .isEqualTo(PACK_SIZE);
        assertThat(found).isEqualTo(history);
    }

    @Test
    void whoseWindowLiesWithinAPackHasChangedOnlyIfSomethingWasRecordedInIt() {
        // Given
        UUID user = changed(1);
        List<EmailHistory.Disclosed> history = history(user, 1_000);
        assertThat(pack(user)).isEqualTo(1);
        Instant tenth = history.get(9).event().recordedAt();
        Instant eleventh = history.get(10).event().recordedAt();

        // When / Then
        assertThat(changedBetween(user, tenth, eleventh.minusNanos(1_000))).isEmpty();
        assertThat(changedBetween(user, tenth, eleventh)).hasSize(1);
        assertThat(changedBetween(user, tenth.minusNanos(1_000), tenth)).hasSize(1);
    }

    private List<EmailHistory.Difference> changedBetween(UUID user, Instant from, Instant to) {
        return await(journal.history.differences(from, to, new UUID(0, 0), 500, Journal.NOTE)).users().stream()
                .filter(one -> one.before().user().equals(user))
                .toList();
    }

    @Test
    void oneWhoCannotBePackedKeepsNobodyElseFromIt() {
        // Given
        UUID bad = changed(1);
        UUID good = changed(1);
        journal.schema.executeAsAdmin(
                "UPDATE user_key SET wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) WHERE user_id = '%s'"
                        .formatted(bad));

        // When
        int packs = pack(bad, good);

        // Then
        assertThat(packs).isEqualTo(1);
        assertThat(number("SELECT count(*) FROM email_event WHERE user_id = '%s'".formatted(bad)))
                .isEqualTo(PACK_SIZE + HOT);
        assertThat(number("SELECT packed FROM email_current WHERE user_id = '%s'".formatted(good)))
                .isEqualTo(PACK_SIZE);
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

    /** A pool that does something else before one of its statements about events and packs. */
    private static final class InterruptedPool extends Pool {
        private final AtomicInteger countdown;
        private final Uni<?> interruption;

        InterruptedPool(Pool pool, int statement, Uni<?> interruption) {
            super(pool.getDelegate());
            this.countdown = new AtomicInteger(statement);
            this.interruption = interruption;
        }

        @Override
        public PreparedQuery<RowSet<Row>> preparedQuery(String sql) {
            PreparedQuery<RowSet<Row>> query = super.preparedQuery(sql);
            boolean reads = sql.contains("FROM email_event") || sql.contains("FROM email_pack");
            return reads && countdown.decrementAndGet() == 0
                    ? new PreparedQuery<>(query.getDelegate()) {
                        @Override
                        public Uni<RowSet<Row>> execute(Tuple parameters) {
                            return interruption.chain(() -> query.execute(parameters));
                        }
                    }
                    : query;
        }
    }
}
