package dev.holdfast.audit.email;

import static dev.holdfast.audit.AuditFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(HoldfastExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmailAppenderTest {
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

    @Test
    void theSameChangeAgainIsAnsweredAsTheFirstTimeAndAnotherUnderItsIdIsRefused() {
        // Given
        UUID user = journal.register("a@example.org");
        EmailChange change = journal.changed(user, 1, "b@example.org");
        var first = (AppendResult.Appended) journal.append(change);
        journal.append(journal.changed(user, 2, "c@example.org"));

        // When / Then
        assertThat(journal.append(change)).isEqualTo(new AppendResult.Exists(2, first.recordedAt()));
        var other = new EmailChange(
                user,
                1,
                change.eventId(),
                EmailOp.CHANGED,
                Journal.address("d@example.org"),
                null,
                "somebody",
                "because",
                "api");
        assertThat(journal.append(other)).isEqualTo(new AppendResult.Different(2));
    }

    private static EmailChange behind(long version, EmailChange change) {
        return new EmailChange(
                change.userId(),
                version,
                change.eventId(),
                change.op(),
                change.address(),
                change.validFrom(),
                change.actor(),
                change.reason(),
                change.source());
    }

    private static EmailChange since(Instant validFrom, EmailChange change) {
        return new EmailChange(
                change.userId(),
                change.expectedVersion(),
                change.eventId(),
                change.op(),
                change.address(),
                validFrom,
                change.actor(),
                change.reason(),
                change.source());
    }

    /** The answer was lost; the client has looked again, and follows its own change. */
    @Test
    void theSameIdBehindANewerVersionIsRecordedNoSecondTime() {
        // Given
        UUID user = journal.register("a@example.org");
        EmailChange change = journal.changed(user, 1, "b@example.org");
        journal.append(change);
        for (int version = 2; version <= 8; version++) {
            assertThat(journal.append(behind(version, change))).isEqualTo(new AppendResult.Different(2));
            journal.append(journal.changed(user, version, "c@example.org"));
        }

        // When / Then
        assertThat(journal.append(behind(9, change))).isEqualTo(new AppendResult.Different(2));
        assertThat(await(journal.history.history(user, Instant.EPOCH, later(), 100, Journal.NOTE)))
                .hasSize(9);
    }

    @Test
    void aRepetitionThatNamesTheRecordedMomentIsTheSame() {
        // Given
        UUID user = journal.register("a@example.org");
        EmailChange change = journal.changed(user, 1, "b@example.org");
        var first = (AppendResult.Appended) journal.append(change);

        // When / Then
        assertThat(journal.append(since(first.recordedAt(), change)))
                .isEqualTo(new AppendResult.Exists(2, first.recordedAt()));
        assertThat(journal.append(since(first.recordedAt().minusSeconds(1), change)))
                .isEqualTo(new AppendResult.Different(2));
    }

    @Test
    void whoHasNotSeenTheLatestVersionIsToldSo() {
        // Given
        UUID user = journal.register("a@example.org");
        journal.append(journal.changed(user, 1, "b@example.org"));

        // When / Then
        assertThat(journal.append(journal.changed(user, 1, "c@example.org"))).isEqualTo(new AppendResult.Stale(2));
        assertThat(journal.append(journal.changed(UUID.randomUUID(), 1, "c@example.org")))
                .isInstanceOf(AppendResult.Unknown.class);
        assertThat(journal.append(journal.change(user, 2, EmailOp.CHANGED, "c@example.org", later())))
                .isInstanceOf(AppendResult.ValidInTheFuture.class);
    }

    @Test
    void timesRiseStrictlyPerUser() {
        // Given
        UUID user = journal.register("a@example.org");
        for (int version = 1; version < 50; version++) {
            journal.append(journal.changed(user, version, "a%d@example.org".formatted(version)));
        }

        // When
        List<EmailHistory.Disclosed> found =
                await(journal.history.history(user, Instant.EPOCH, later(), 500, Journal.NOTE));

        // Then
        assertThat(found).hasSize(50);
        assertThat(found.stream().map(one -> one.event().version())).isSorted().doesNotHaveDuplicates();
        assertThat(found.stream().map(one -> one.event().recordedAt()))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void ofManyAtOnceOneWinsEachVersion() throws InterruptedException {
        // Given
        UUID user = journal.register("a@example.org");

        // When / Then
        for (int version = 1; version <= 5; version++) {
            long expected = version;
            RaceGate.race(
                            64,
                            worker -> () -> journal.append(
                                    journal.changed(user, expected, "w%d@example.org".formatted(worker))))
                    .assertWinners(1, result -> result instanceof AppendResult.Appended);
        }
    }

    /** What is submitted while somebody holds on to a user of the batch before goes together. */
    private List<AppendResult> together(List<EmailChange> changes) {
        List<UUID> held = Stream.generate(() -> journal.register("held@example.org"))
                .limit(2)
                .toList();
        SqlConnection connection = await(journal.pool.getConnection());
        Transaction transaction = await(connection.begin());
        for (UUID user : held) {
            await(connection
                    .query("SELECT FROM email_current WHERE user_id = '%s' FOR UPDATE".formatted(user))
                    .execute());
        }
        List<CompletableFuture<AppendResult>> before = held.stream()
                .map(user -> journal.appender
                        .append(journal.changed(user, 1, "b@example.org"))
                        .subscribeAsCompletionStage())
                .toList();
        List<CompletableFuture<AppendResult>> answers = changes.stream()
                .map(change -> journal.appender.append(change).subscribeAsCompletionStage())
                .toList();
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        await(transaction.commit());
        await(connection.close());
        assertThat(before.stream().map(CompletableFuture::join)).allMatch(AppendResult.Appended.class::isInstance);
        return answers.stream()
                .map(answer -> await(Uni.createFrom().completionStage(answer)))
                .toList();
    }

    @Test
    void changesThatGoTogetherAreAnsweredEachForItself() {
        // Given
        UUID ada = journal.register("a@example.org");
        UUID bob = journal.register("a@example.org");
        UUID forgotten = journal.register("a@example.org");
        EmailChange repeated = journal.changed(bob, 1, "b@example.org");
        var first = (AppendResult.Appended) journal.append(repeated);
        EmailChange before = journal.changed(forgotten, 1, "b@example.org");
        journal.append(before);
        await(journal.transactions.inTransaction(connection -> journal.appender
                .end(
                        connection,
                        new EmailChange(forgotten, 2, journal.ids.next(), EmailOp.ERASED, null, null, "x", null, "api"))
                .call(() -> connection
                        .query("DELETE FROM user_key WHERE user_id = '%s'".formatted(forgotten))
                        .execute())));

        journal.appender.announceEnd(forgotten);

        // When
        List<AppendResult> results = together(List.of(
                journal.changed(ada, 1, "b@example.org"),
                journal.changed(UUID.randomUUID(), 1, "b@example.org"),
                repeated,
                before,
                journal.changed(journal.register("a@example.org"), 7, "b@example.org"),
                journal.change(journal.register("a@example.org"), 1, EmailOp.CHANGED, "b@example.org", later())));

        // Then
        assertThat(results)
                .hasSize(6)
                .containsSubsequence(
                        new AppendResult.Unknown(),
                        new AppendResult.Exists(2, first.recordedAt()),
                        new AppendResult.Erased(),
                        new AppendResult.Stale(1),
                        new AppendResult.ValidInTheFuture());
        assertThat(results.getFirst()).isInstanceOf(AppendResult.Appended.class);
        assertThat(journal.at(ada, later(), later()).headVersion()).isEqualTo(2);
    }

    @Test
    void changesThatGoTogetherAreOneTransaction() {
        List<UUID> users = Stream.generate(() -> journal.register("a@example.org"))
                .limit(12)
                .toList();

        together(users.stream()
                .map(user -> journal.changed(user, 1, "b@example.org"))
                .toList());

        assertThat(await(journal.pool
                                .query("SELECT count(DISTINCT xmin::text) FROM email_current WHERE user_id IN (%s)"
                                        .formatted(String.join(
                                                ",",
                                                users.stream()
                                                        .map("'%s'"::formatted)
                                                        .toList())))
                                .execute())
                        .iterator()
                        .next()
                        .getLong(0))
                .isEqualTo(1);
    }

    @Test
    void changesOfOneUserGoInTheirOrderHoweverManyThereAre() {
        UUID user = journal.register("a@example.org");

        List<CompletableFuture<AppendResult>> answers = IntStream.rangeClosed(1, 40)
                .mapToObj(version -> journal.appender
                        .append(journal.changed(user, version, "b@example.org"))
                        .subscribeAsCompletionStage())
                .toList();

        assertThat(answers.stream().map(answer -> await(Uni.createFrom().completionStage(answer))))
                .allMatch(AppendResult.Appended.class::isInstance);
        assertThat(journal.at(user, later(), later()).headVersion()).isEqualTo(41);
    }

    @Test
    void theDatabaseTakesNoUserTwiceInOneCall() {
        UUID user = journal.register("a@example.org");
        List<EmailStore.Append> twice = Stream.of("b@example.org", "c@example.org")
                .map(address -> new EmailStore.Append(journal.changed(user, 1, address), null, null, null))
                .toList();

        assertThatThrownBy(() -> await(EmailStore.append(journal.pool, null, twice)))
                .hasMessageContaining("a user is among them twice");
    }
}
