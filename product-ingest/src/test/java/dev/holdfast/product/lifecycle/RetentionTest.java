package dev.holdfast.product.lifecycle;

import static dev.holdfast.product.feed.Vendors.upsert;
import static dev.holdfast.product.lifecycle.LifecycleFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As if it were summer 2025: the partitions that the migration made are of other months. */
@ExtendWith(HoldfastExtension.class)
class RetentionTest {
    private static final String BOUNDS = """
            SELECT c.relname, pg_get_expr(c.relpartbound, c.oid)
              FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
             WHERE i.inhparent = 'receipt'::regclass AND c.relname LIKE '%2025%' ORDER BY 1
            """;

    private LifecycleFixture life;

    @BeforeEach
    void open(TestSchema schema) {
        life = new LifecycleFixture(schema);
    }

    @AfterEach
    void close() {
        life.close();
    }

    private Retention on(String instant, Map<String, String> settings) {
        return life.retention(Clock.fixed(Instant.parse(instant), ZoneOffset.UTC), settings);
    }

    private static RetentionRun.OfTable of(RetentionRun run, String what) {
        return run.tables().stream()
                .filter(table -> table.what().equals(what))
                .findFirst()
                .orElseThrow();
    }

    private void receipt(String sku, String receivedAt) {
        life.schema.execute("""
                INSERT INTO receipt (vendor_id, sku, src_version, outcome, received_at)
                VALUES ('acme', '%s', 1, 'unchanged', '%s')
                """.formatted(sku, receivedAt));
    }

    private List<String> receipts() {
        return life.vendors.query("SELECT sku, tableoid::regclass FROM receipt ORDER BY 1");
    }

    @Test
    void theComingMonthsAreThereAndASecondRunHasNothingToDo() {
        // When
        RetentionRun run = await(on("2025-10-31T23:59:59Z", Map.of()).run(false));

        // Then
        assertThat(of(run, "history").made())
                .containsExactly(
                        "product_history_2025_10",
                        "product_history_2025_11",
                        "product_history_2025_12",
                        "product_history_2026_01");
        assertThat(of(run, "archive").keepFrom()).isNull();
        assertThat(life.vendors.query(BOUNDS))
                .first()
                .isEqualTo("receipt_2025_10 FOR VALUES FROM ('2025-10-01 00:00:00+00') TO ('2025-11-01 00:00:00+00')");
        assertThat(await(on("2025-10-31T23:59:59Z", Map.of()).run(false)).tables())
                .allSatisfy(table -> {
                    assertThat(table.made()).isEmpty();
                    assertThat(table.dropped()).isEmpty();
                });
    }

    @Test
    void monthsThatAreTooOldAsAWholeGoAndRowsThatFoundNoMonthFindTheirs() {
        // Given
        receipt("A", "2025-03-31T23:59:59Z");
        receipt("B", "2025-04-01T00:00:00Z");
        receipt("C", "2025-07-15T12:00:00Z");
        assertThat(receipts()).containsExactly("A receipt_rest", "B receipt_rest", "C receipt_rest");

        // When 90 days before is the 16th of April
        RetentionRun.OfTable run = of(await(on("2025-07-15T12:00:00Z", Map.of()).run(false)), "receipts");

        // Then
        assertThat(run.keepFrom()).isEqualTo("2025-04-16T12:00:00Z");
        assertThat(run.dropped()).containsExactly("receipt_2025_03");
        assertThat(run.made()).startsWith("receipt_2025_03", "receipt_2025_04", "receipt_2025_07");
        assertThat(receipts()).containsExactly("B receipt_2025_04", "C receipt_2025_07");
    }

    @Test
    void aDryRunTellsTheSameAndChangesNothing() {
        // Given
        receipt("A", "2025-03-31T23:59:59Z");
        List<String> before = life.schema.catalogue();
        Retention retention = on("2025-07-15T12:00:00Z", Map.of());

        // When
        RetentionRun told = await(retention.run(true));

        // Then
        assertThat(life.schema.catalogue()).isEqualTo(before);
        assertThat(receipts()).containsExactly("A receipt_rest");
        assertThat(told.tables()).isEqualTo(await(retention.run(false)).tables());
    }

    @Test
    void whatHasNoRuleIsKeptForEver() {
        // Given
        receipt("A", "2001-01-01T00:00:00Z");

        // When
        RetentionRun run = await(on("2025-07-15T12:00:00Z", Map.of("product.retention.receipts", ""))
                .run(false));

        // Then
        assertThat(of(run, "receipts").dropped()).isEmpty();
        assertThat(receipts()).containsExactly("A receipt_2001_01");
    }

    @Test
    void aClockThatIsAheadDropsNothingYoungerThanThirtyDays() {
        // Given
        life.vendors.send(upsert("acme", "A", 1, "Lamp"), upsert("acme", "B", 1, "Lamp"));
        life.vendors.send(upsert("acme", "A", 2, "Better lamp"), upsert("acme", "B", 2, "Lamp"));

        // When
        RetentionRun run = await(on("2999-01-01T00:00:00Z", Map.of("product.retention.archive", "1d"))
                .run(false));

        // Then
        assertThat(run.tables()).allSatisfy(table -> assertThat(table.dropped()).isEmpty());
        assertThat(life.vendors.query("SELECT count(*) FROM product_history")).containsExactly("1");
        assertThat(life.vendors.query("SELECT count(*) FROM receipt")).containsExactly("1");
    }

    @Test
    void theServiceDropsByTheFunctionAloneAndOnlyWhatItNames() {
        assertThatThrownBy(() -> life.vendors.query("DROP TABLE receipt_rest")).hasMessageContaining("42501");
        assertThatThrownBy(() -> life.vendors.query("DELETE FROM product_archive"))
                .hasMessageContaining("42501");
        assertThatThrownBy(() -> life.vendors.query("SELECT keep_partitions('product', current_date, 1, now(), false)"))
                .hasMessageContaining("22023");
        assertThatThrownBy(
                        () -> life.vendors.query("SELECT keep_partitions('history', current_date, 999, now(), false)"))
                .hasMessageContaining("22023");
    }

    @Test
    void instancesThatStartAtOnceMakeEachMonthOnceWhileTheFeedGoesOn() throws Exception {
        // Given history and receipts are written to partitions that do not exist yet
        life.schema.execute("""
                DO $$
                DECLARE child text;
                BEGIN
                  FOR child IN SELECT inhrelid::regclass FROM pg_inherits
                                WHERE inhparent IN ('receipt'::regclass, 'product_history'::regclass)
                                  AND inhrelid::regclass::text NOT LIKE '%rest' LOOP
                    EXECUTE 'DROP TABLE ' || child;
                  END LOOP;
                END $$
                """);

        // When
        RaceGate<Object> race = RaceGate.race(6, worker -> () -> {
            if (worker < 3) {
                return await(life.retention(Clock.systemUTC(), Map.of()).run(false));
            }
            for (long version = 1; version <= 20; version++) {
                assertThat(life.vendors.send(upsert("acme", "P" + worker, 2 * version, "Lamp" + version)))
                        .containsExactly("applied");
                assertThat(life.vendors.send(upsert("acme", "P" + worker, 2 * version + 1, "Lamp" + version)))
                        .containsExactly("unchanged");
            }
            return "sent";
        });

        // Then
        race.assertWinners(6, Objects::nonNull);
        assertThat(race.results().stream()
                        .filter(RetentionRun.class::isInstance)
                        .mapToInt(
                                run -> of((RetentionRun) run, "history").made().size())
                        .sum())
                .isEqualTo(4);
        assertThat(life.vendors.query("SELECT count(*) FROM product_history")).containsExactly("57");
        assertThat(life.vendors.query("SELECT count(*) FROM receipt")).containsExactly("60");
        assertThat(life.vendors.query("SELECT count(*) FROM receipt WHERE tableoid = 'receipt_rest'::regclass"))
                .containsExactly("0");
    }

    @Test
    void undoingTheArchiveLosesNoVersion() {
        // Given
        life.vendors.send(upsert("acme", "A", 1, "Lamp"), upsert("acme", "A", 2, "Better lamp"));
        life.delete("acme:A");
        await(life.archiver().run());
        receipt("A", "2025-03-31T23:59:59Z");
        await(on("2025-03-31T23:59:59Z", Map.of("product.retention.receipts", ""))
                .run(false));
        List<String> versions = life.vendors.query(
                "SELECT row_version, state, name FROM product_version WHERE valid_to IS NOT NULL ORDER BY 1");
        List<String> receipts = life.vendors.query("SELECT sku, src_version FROM receipt ORDER BY 1, 2");

        // When
        life.schema.undo("db/migration/U3__archive.sql");

        // Then
        assertThat(life.vendors.query("SELECT row_version, state, name FROM product_history ORDER BY 1"))
                .isEqualTo(versions)
                .hasSize(2);
        assertThat(life.vendors.query("SELECT sku, src_version FROM receipt ORDER BY 1, 2"))
                .isEqualTo(receipts)
                .hasSizeGreaterThan(1);
    }
}
