package dev.holdfast.payments.statement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.payments.transfer.TransferFixture;
import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Past balances against a naive fold over everything that happened. */
@ExtendWith(HoldfastExtension.class)
class StatementTest {
    private static final Duration BACKDATING_MAX = Duration.ofDays(90);

    private TransferFixture bank;
    private final List<Moved> history = new ArrayList<>();

    private record Moved(Instant recordedAt, Instant effectiveAt, long change) {}

    @BeforeEach
    void open(TestSchema schema) {
        bank = new TransferFixture(schema);
    }

    @AfterEach
    void close() {
        bank.close();
    }

    private static <T> T await(Uni<T> uni) {
        return uni.await().atMost(Duration.ofSeconds(30));
    }

    private long alice() {
        Random random = new Random(7);
        long alice = bank.account("alice");
        for (int i = 0; i < 60; i++) {
            boolean in = i < 5 || random.nextBoolean();
            long amount = random.nextLong(1, 21);
            Instant effective = random.nextInt(3) == 0
                    ? Instant.now().minus(random.nextInt(80), ChronoUnit.DAYS).truncatedTo(ChronoUnit.MICROS)
                    : null;
            Instant recorded = in
                    ? bank.move(bank.world(), alice, amount, effective)
                    : bank.move(alice, bank.world(), amount, effective);
            history.add(new Moved(recorded, effective == null ? recorded : effective, in ? amount : -amount));
        }
        return alice;
    }

    @Test
    void aPastBalanceIsTheFoldOfWhatHadBeenRecorded() {
        // Given
        long alice = alice();

        // When / Then at each moment, just before it and just after
        for (Moved corner : history) {
            for (int micros : new int[] {-1, 0, 1}) {
                Instant moment = corner.recordedAt().plus(micros, ChronoUnit.MICROS);
                long expected = history.stream()
                        .filter(moved -> !moved.recordedAt().isAfter(moment))
                        .mapToLong(Moved::change)
                        .sum();
                assertThat(await(StatementStore.asOfRecorded(bank.pool(), alice, moment))
                                .map(StatementStore.Position::balanceMinor)
                                .orElse(0L))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void anEffectiveBalanceIsTheFoldOfWhatCountsByThen() {
        // Given
        long alice = alice();

        // When / Then
        for (Moved corner : history) {
            for (int micros : new int[] {-1, 0, 1}) {
                Instant moment = corner.effectiveAt().plus(micros, ChronoUnit.MICROS);
                long expected = history.stream()
                        .filter(moved -> !moved.effectiveAt().isAfter(moment))
                        .mapToLong(Moved::change)
                        .sum();
                long recorded = await(StatementStore.asOfRecorded(bank.pool(), alice, moment))
                        .map(StatementStore.Position::balanceMinor)
                        .orElse(0L);
                long late = await(StatementStore.backdated(bank.pool(), alice, moment, moment.minus(BACKDATING_MAX)));
                assertThat(recorded + late).isEqualTo(expected);
            }
        }
    }

    @Test
    void pagesShowEachEntryOnceFromTheNewestOn() {
        // Given
        long alice = alice();

        // When
        var shown = new ArrayList<StatementEntry>();
        StatementPage.Cursor cursor = StatementPage.Cursor.first(Instant.now().plusSeconds(60));
        while (cursor != null) {
            StatementPage page = StatementPage.of(
                    await(StatementStore.page(bank.pool(), alice, cursor.moment(), cursor.before(), 8)), 7);
            shown.addAll(page.items());
            cursor = page.nextCursor() == null ? null : StatementPage.Cursor.parse(page.nextCursor());
        }

        // Then
        assertThat(shown.reversed().stream().map(StatementEntry::sequence))
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 60).boxed().toList());
        assertThat(shown.reversed().stream().map(StatementEntry::changeMinor))
                .containsExactlyElementsOf(history.stream().map(Moved::change).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"recorded", "backdated", "page"})
    void readsByIndexAlone(String what) throws SQLException {
        // Given
        long alice = alice();
        bank.schema().executeAsAdmin("ANALYZE");
        String moment = "now() - interval '1 day'";
        String sql = (switch (what) {
                    case "recorded" -> StatementStore.AS_OF_RECORDED;
                    case "backdated" -> StatementStore.BACKDATED;
                    default -> StatementStore.PAGE;
                })
                .replace("$1", Long.toString(alice))
                .replace("$2", moment)
                .replace("$3", what.equals("page") ? "9223372036854775807" : "now() - interval '91 days'")
                .replace("$4", "50");

        // When
        var plan = new StringBuilder();
        try (Connection connection = bank.schema().connect();
                var statement = connection.createStatement()) {
            // a table of a few pages is read whole, whatever its indexes: what is asked is whether they can serve
            statement.execute("SET enable_seqscan = off");
            statement.execute("SET enable_bitmapscan = off");
            try (var rows = statement.executeQuery("EXPLAIN " + sql)) {
                while (rows.next()) {
                    plan.append(rows.getString(1)).append('\n');
                }
            }
        }

        // Then
        assertThat(plan.toString()).doesNotContain("Seq Scan").contains("Index Scan");
        assertThat(plan.toString().lines().filter(line -> line.contains("Index Scan")))
                .allMatch(line -> line.contains("_account_"));
    }
}
