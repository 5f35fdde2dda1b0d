package dev.holdfast.audit.email;

import static dev.holdfast.audit.AuditFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmailHistoryTest {
    private static final UUID FIRST = new UUID(0, 0);

    private Journal journal;

    @BeforeAll
    void open() {
        journal = new Journal(TestSchema.create().migrate("db/platform", "db/migration"), 16);
    }

    @AfterAll
    void close() {
        journal.close();
    }

    private static Instant later() {
        return Instant.now().plusSeconds(60);
    }

    private String addressOf(UUID user, Instant recorded, Instant valid) {
        return journal.at(user, recorded, valid)
                .address()
                .map(EmailAddress::text)
                .orElse("none");
    }

    @Test
    void aChangeIsRecordedAndTheOldAddressCanStillBeAskedFor() {
        // Given
        UUID user = journal.register("old@example.org");
        Instant before =
                journal.at(user, later(), later()).event().orElseThrow().recordedAt();

        // When
        assertThat(journal.append(journal.changed(user, 1, "new@example.org")))
                .isInstanceOf(AppendResult.Appended.class);

        // Then
        assertThat(addressOf(user, later(), later())).isEqualTo("new@example.org");
        assertThat(addressOf(user, before, before)).isEqualTo("old@example.org");
        assertThat(addressOf(user, before.minusNanos(1_000), before.minusNanos(1_000)))
                .isEqualTo("none");
    }

    @Test
    void aCorrectionCountsUpToTheNextChangeAndTheFormerBeliefStays() {
        // Given
        Instant january = Instant.parse("2026-01-01T00:00:00Z");
        Instant march = Instant.parse("2026-03-01T00:00:00Z");
        UUID user = journal.register("z@example.org");
        journal.append(journal.change(user, 1, EmailOp.CHANGED, "january@example.org", january));
        journal.append(journal.change(user, 2, EmailOp.CHANGED, "march@example.org", march));
        Instant before = journal.at(user, later(), march).event().orElseThrow().recordedAt();

        // When
        journal.append(journal.change(user, 3, EmailOp.CORRECTED, "right@example.org", january));

        // Then
        Instant february = Instant.parse("2026-02-01T00:00:00Z");
        assertThat(addressOf(user, later(), february)).isEqualTo("right@example.org");
        assertThat(addressOf(user, before, february)).isEqualTo("january@example.org");
        assertThat(addressOf(user, later(), march)).isEqualTo("march@example.org");
        assertThat(addressOf(user, later(), later())).isEqualTo("z@example.org");
    }

    @Test
    void aVerificationIsOfTheAddressOfItsTime() {
        // Given
        UUID user = journal.register("a@example.org");
        var verified =
                new EmailChange(user, 1, journal.ids.next(), EmailOp.VERIFIED, null, null, "an operator", null, "api");

        // When
        journal.append(verified);

        // Then
        assertThat(journal.at(user, later(), later()).verified()).isTrue();
        journal.append(journal.changed(user, 2, "b@example.org"));
        assertThat(journal.at(user, later(), later()).verified()).isFalse();
    }

    @Test
    void aCorrectionOfThePastLeavesTheVerificationToTheAddressOfNow() {
        // Given an address of now, and something else that was so long ago
        UUID user = journal.register("now@example.org");
        Instant january = Instant.parse("2026-01-01T00:00:00Z");
        journal.append(journal.change(user, 1, EmailOp.CORRECTED, "january@example.org", january));

        // When
        journal.append(
                new EmailChange(user, 2, journal.ids.next(), EmailOp.VERIFIED, null, null, "an operator", null, "api"));

        // Then
        assertThat(journal.at(user, later(), later()).verified()).isTrue();
        assertThat(journal.at(user, later(), january).verified()).isFalse();
    }

    @Test
    void noAnswerIsCalledFinalWhileAnEarlierChangeIsOnItsWay() {
        // Given
        UUID user = journal.register("a@example.org");
        SqlConnection connection = await(journal.pool.getConnection());
        Transaction transaction = await(connection.begin());
        var pending = (AppendResult.Appended)
                await(journal.appender.appendIn(connection, journal.changed(user, 1, "b@example.org")));

        // When
        Instant during = journal.at(user, later(), later()).stableUntil();
        await(transaction.commit());
        await(connection.close());

        // Then
        assertThat(during).isBefore(pending.recordedAt());
        assertThat(journal.at(user, later(), later()).stableUntil()).isAfter(pending.recordedAt());
    }

    @Test
    void everybodyAndWhoChangedAndWhoHadAnAddress() {
        // Given
        UUID ada = journal.register("shared@example.org");
        UUID bob = journal.register("Bob@Example.org");
        Instant before = Instant.now().truncatedTo(ChronoUnit.MICROS);
        journal.append(journal.changed(ada, 1, "ada@example.org"));
        journal.append(journal.changed(bob, 1, "SHARED@example.org"));

        // When
        var population = await(journal.history.population(FIRST, later(), later(), 500, Journal.NOTE));
        var differences = await(journal.history.differences(before, later(), FIRST, 500, Journal.NOTE));
        var now = await(journal.history.holders(
                Journal.address("shared@example.org"), later(), later(), FIRST, 50, Journal.NOTE));
        var then = await(journal.history.holders(
                Journal.address("Shared@example.org"), before, before, FIRST, 50, Journal.NOTE));

        // Then
        assertThat(population.stream().map(EmailHistory.Person::user)).contains(ada, bob);
        assertThat(differences.users().stream()
                        .filter(one -> one.before().user().equals(bob))
                        .map(one -> one.before().state().orElseThrow().address().text()
                                + " "
                                + one.after().state().orElseThrow().address().text()))
                .containsExactly("Bob@Example.org SHARED@example.org");
        assertThat(now.persons().stream().map(EmailHistory.Person::user)).containsExactly(bob);
        assertThat(then.persons().stream().map(EmailHistory.Person::user)).containsExactly(ada);
    }

    @Test
    void whoReadsAboutOthersIsNoted() {
        // Given
        UUID user = journal.register("a@example.org");

        // When
        await(journal.history.asOf(user, later(), later(), new ReadNote("an auditor", "case 4711")));
        await(journal.history.asOf(user, later(), later(), null));

        // Then
        assertThat(await(journal.pool
                                .query("SELECT reader, purpose FROM email_read WHERE user_id = '%s'".formatted(user))
                                .execute())
                        .stream()
                        .map(row -> row.getString(0) + ": " + row.getString(1)))
                .containsExactly("an auditor: case 4711");
    }

    @Test
    void noAddressIsInTheDatabase() {
        // Given
        journal.register("very-particular-address@example.org");

        // When / Then
        journal.schema.executeAsAdmin("""
                DO $$
                DECLARE
                  one record;
                  found bigint;
                BEGIN
                  FOR one IN SELECT c.oid::regclass AS name FROM pg_class c
                              WHERE c.relnamespace = '%s'::regnamespace AND c.relkind = 'r' LOOP
                    EXECUTE format('SELECT count(*) FROM %%s AS t WHERE t::text LIKE %%L', one.name, '%%very-particular%%') INTO found;
                    IF found > 0 THEN
                      RAISE EXCEPTION 'a plain address is in %%', one.name;
                    END IF;
                  END LOOP;
                END $$
                """.formatted(journal.schema.name()));
    }
}
