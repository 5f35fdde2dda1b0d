package dev.holdfast.product.feed;

import static dev.holdfast.product.feed.FeedFixture.upsert;
import static dev.holdfast.product.feed.FeedFixture.withGtin;
import static dev.holdfast.product.feed.Outcome.APPLIED;
import static dev.holdfast.product.feed.Outcome.QUARANTINED;
import static dev.holdfast.product.feed.Outcome.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can be wrong with a message, or with the place it goes to, and what becomes of it and of its neighbours. */
@ExtendWith(HoldfastExtension.class)
class PoisonMatrixTest {
    private static final String GTIN = "4006381333931";
    private static final String OTHER_GTIN = "5901234123457";

    private FeedFixture feed;
    private Claim claim;

    @BeforeEach
    void open(TestSchema schema) {
        feed = new FeedFixture(schema);
        claim = feed.claim("vendor.products", 0);
        feed.post(List.of(withGtin("globex", "OWNER", 1, GTIN)));
    }

    @AfterEach
    void close() {
        feed.close();
    }

    /** The data's fault, or nobody's: it gets an outcome, and the messages around it are applied. */
    enum Poison {
        BAD_JSON("{\"vendor\":\"acme\"", QUARANTINED, "not_json"),
        NOTHING("", QUARANTINED, "wrong_type"),
        TORN_TEXT("{\"vendor\":\"ac", QUARANTINED, "not_json"),
        NOT_AN_OBJECT("[]", QUARANTINED, "wrong_type"),
        KEY_TWICE(poison().replace("\"op\"", "\"sku\":\"X\",\"op\""), QUARANTINED, "not_json"),
        UNKNOWN_FIELD(poison().replace("\"op\"", "\"colour\":\"red\",\"op\""), QUARANTINED, "unknown_field"),
        WRONG_TYPE(poison().replace("100", "\"100\""), QUARANTINED, "wrong_type"),
        FRACTION_OF_A_CENT(poison().replace("100", "100.5"), QUARANTINED, "wrong_type"),
        NUL_IN_TEXT(
                poison().replace("\"name\":\"poison\"", "\"name\":\"po\\u0000ison\""), QUARANTINED, "nul_character"),
        HALF_A_CHARACTER(
                poison().replace("\"name\":\"poison\"", "\"name\":\"po\\ud800ison\""), QUARANTINED, "broken_unicode"),
        NUMBER_TOO_LARGE_FOR_US(poison().replace("100", "9223372036854775808"), QUARANTINED, "wrong_type"),
        NUMBER_TOO_LARGE_FOR_THE_DATABASE(
                poison().replace("}}", "},\"attributes\":{\"big\":1e200000}}"), QUARANTINED, "refused_by_database"),
        TOO_LONG_A_NAME(poison().replace("poison", "p".repeat(201)), QUARANTINED, "invalid_value"),
        TOO_LARGE(
                poison().replace("}}", "},\"attributes\":{\"text\":\"%s\"}}".formatted("x".repeat(70_000))),
                QUARANTINED,
                "too_large"),
        NEGATIVE_PRICE(poison().replace("100", "-1"), QUARANTINED, "invalid_value"),
        NO_SUCH_CURRENCY(poison().replace("EUR", "EUX"), QUARANTINED, "invalid_value"),
        UNKNOWN_VENDOR(poison().replace("acme", "nobody"), QUARANTINED, "unknown_vendor"),
        INACTIVE_VENDOR(poison().replace("acme", "umbrella"), QUARANTINED, "inactive_vendor"),
        VERSION_FROM_THE_FUTURE(
                upsert("initech", "POISON", 99_999_999_999_999L, "poison"), QUARANTINED, "version_in_the_future"),
        UNKNOWN_OPERATION(poison().replace("upsert", "upsurt"), QUARANTINED, "unsupported_operation"),
        WRONG_CHECK_DIGIT(withGtin("acme", "POISON", 1, "4006381333932"), QUARANTINED, "invalid_value"),
        SAME_VERSION_OTHER_CONTENT(upsert("acme", "BEFORE", 1, "contradiction"), QUARANTINED, "conflict_same_version"),
        GTIN_TAKEN(withGtin("acme", "POISON", 1, GTIN), WAITING, null),
        GTIN_TWICE_IN_THE_BATCH(withGtin("acme", "POISON", 1, OTHER_GTIN), WAITING, null);

        private final String message;
        private final Outcome outcome;
        private final @Nullable String reason;

        Poison(String message, Outcome outcome, @Nullable String reason) {
            this.message = message;
            this.outcome = outcome;
            this.reason = reason;
        }

        private static String poison() {
            return upsert("acme", "POISON", 1, "poison");
        }
    }

    @ParameterizedTest
    @EnumSource
    void getsItsOutcomeAndHarmsNoNeighbour(Poison poison) {
        // When
        List<Outcome> outcomes = feed.apply(
                claim,
                0,
                List.of(
                        withGtin("acme", "BEFORE", 1, OTHER_GTIN),
                        poison.message,
                        upsert("acme", "AFTER", 1, "after")));

        // Then
        assertThat(outcomes).containsExactly(APPLIED, poison.outcome, APPLIED);
        assertThat(feed.query("SELECT \"offset\", reason FROM quarantine"))
                .isEqualTo(poison.reason == null ? List.of() : List.of("1 " + poison.reason));
        assertThat(feed.query("SELECT \"offset\", reason FROM waiting_message"))
                .isEqualTo(poison.outcome == WAITING ? List.of("1 gtin") : List.of());
        assertThat(feed.partition("vendor.products", 0).nextOffset()).isEqualTo(3);
    }

    /** The place's fault: nothing changes, nothing goes to quarantine, and once it is cured everything goes in. */
    enum Outage {
        MISSING_COLUMN(
                "ALTER TABLE product RENAME COLUMN attributes TO gone",
                "ALTER TABLE product RENAME COLUMN gone TO attributes"),
        MISSING_TABLE("ALTER TABLE product_history RENAME TO gone", "ALTER TABLE gone RENAME TO product_history"),
        DISK_FULL(refuseAllWith("disk_full"), "DROP TRIGGER refuse ON product"),
        OUT_OF_MEMORY(refuseAllWith("out_of_memory"), "DROP TRIGGER refuse ON product"),
        SHUTDOWN(refuseAllWith("crash_shutdown"), "DROP TRIGGER refuse ON product");

        private final String begin;
        private final String end;

        Outage(String begin, String end) {
            this.begin = begin;
            this.end = end;
        }

        /** As PostgreSQL says it when it happens. */
        private static String refuseAllWith(String condition) {
            return """
                    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                      BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '%s'; END $$;
                    CREATE TRIGGER refuse BEFORE INSERT ON product FOR EACH ROW EXECUTE FUNCTION refuse();
                    """.formatted(condition);
        }
    }

    @ParameterizedTest
    @EnumSource
    void blamesNoMessageForAnOutage(Outage outage) {
        // Given
        List<String> batch = List.of(upsert("acme", "A", 1, "a"), upsert("acme", "B", 1, "b"));
        feed.schema.execute(outage.begin);

        // When
        Throwable failure = catchThrowable(() -> feed.apply(claim, 0, batch));

        // Then
        assertThat(FailureClass.of(failure)).isEqualTo(FailureClass.PAUSE);
        assertThat(feed.query("SELECT count(*) FROM quarantine")).containsExactly("0");
        assertThat(feed.partition("vendor.products", 0).nextOffset()).isZero();

        // When
        feed.schema.execute(outage.end);

        // Then
        assertThat(feed.apply(claim, 0, batch)).containsExactly(APPLIED, APPLIED);
    }

    /** What another transaction has done with the GTIN, and not said yet. */
    enum Uncommitted {
        COMMITS(WAITING),
        ROLLS_BACK(APPLIED);

        private final Outcome outcome;

        Uncommitted(Outcome outcome) {
            this.outcome = outcome;
        }
    }

    @ParameterizedTest
    @EnumSource
    void waitsToSeeWhatBecomesOfAnUncommittedRival(Uncommitted rival) throws Exception {
        // Given
        try (Connection connection = feed.schema.connect()) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("UPDATE product SET gtin = '%s' WHERE sku = 'OWNER'".formatted(OTHER_GTIN));
            }

            // When
            CompletableFuture<List<Outcome>> outcomes = CompletableFuture.supplyAsync(
                    () -> feed.apply(
                            claim,
                            0,
                            List.of(
                                    upsert("acme", "BEFORE", 1, "before"),
                                    withGtin("acme", "POISON", 1, OTHER_GTIN),
                                    upsert("acme", "AFTER", 1, "after"))),
                    task -> Thread.ofVirtual().start(task));
            awaitSomeoneWaits(outcomes);
            if (rival == Uncommitted.COMMITS) {
                connection.commit();
            } else {
                connection.rollback();
            }

            // Then
            assertThat(outcomes.get(30, TimeUnit.SECONDS)).containsExactly(APPLIED, rival.outcome, APPLIED);
        }
    }

    private void awaitSomeoneWaits(CompletableFuture<?> unless) {
        Awaitility.await()
                .failFast(() -> unless.isDone())
                .until(() -> feed.query("""
                SELECT 1 FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'advisory')
                   AND pid IN (SELECT pid FROM pg_stat_activity WHERE usename = current_user)
                """).size() == 1);
    }

    /** Half a dozen in a hundred: found by halving, each alone. */
    @Test
    void severalInABatchAreEachFound() throws SQLException {
        List<String> messages = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String message = upsert("acme", "S" + i, 1, "name");
            messages.add(i % 17 == 3 ? message.replace("}}", "},\"attributes\":{\"big\":1e200000}}") : message);
        }

        List<Outcome> outcomes = feed.apply(claim, 0, messages);

        for (int i = 0; i < 100; i++) {
            assertThat(outcomes.get(i)).as("message %d", i).isEqualTo(i % 17 == 3 ? QUARANTINED : APPLIED);
        }
    }
}
