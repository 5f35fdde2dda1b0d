package dev.holdfast.platform.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NaturalBatcherTest {
    /** A call is a word: its first letter is its key, its length its weight. */
    private final List<Transaction> transactions = new ArrayList<>();

    private record Transaction(List<String> calls, UniEmitter<? super List<String>> end) {
        void commit() {
            end.complete(calls.stream().map(call -> call + " done").toList());
        }
    }

    private NaturalBatcher<String, String> batcher(int batch, int lanes, int waiting) {
        return new NaturalBatcher<>(
                new NaturalBatcher.Limits(batch, lanes, waiting),
                String::length,
                call -> call.charAt(0),
                calls -> Uni.createFrom().emitter(end -> transactions.add(new Transaction(calls, end))));
    }

    private static CompletableFuture<String> submit(NaturalBatcher<String, String> batcher, String call) {
        return batcher.submit(call).subscribeAsCompletionStage();
    }

    private static List<CompletableFuture<String>> submitAll(NaturalBatcher<String, String> batcher, String... calls) {
        return Stream.of(calls).map(call -> submit(batcher, call)).toList();
    }

    private List<List<String>> begun() {
        return transactions.stream().map(Transaction::calls).toList();
    }

    @Test
    void whoeverComesWhileABatchIsUnderWayIsInTheNextOne() {
        var batcher = batcher(10, 1, 100);

        List<CompletableFuture<String>> answers = submitAll(batcher, "a", "b", "c");
        transactions.getFirst().commit();
        transactions.getLast().commit();

        assertThat(begun()).containsExactly(List.of("a"), List.of("b", "c"));
        assertThat(answers.stream().map(CompletableFuture::join)).containsExactly("a done", "b done", "c done");
    }

    @Test
    void callsOfOneKeyGoOneAfterTheOtherWhicheverLanesAreFree() {
        var batcher = batcher(10, 3, 100);

        submitAll(batcher, "a1", "a2", "b1", "a3");
        assertThat(begun()).containsExactly(List.of("a1"), List.of("b1"));
        transactions.getFirst().commit();

        assertThat(begun()).containsExactly(List.of("a1"), List.of("b1"), List.of("a2"));
    }

    @Test
    void keysTakeTurns() {
        var batcher = batcher(4, 1, 100);
        submitAll(batcher, "x", "a1", "a2", "a3", "b1", "c1");

        for (int i = 0; i < transactions.size(); i++) {
            transactions.get(i).commit();
        }

        assertThat(begun()).containsExactly(List.of("x"), List.of("a1", "b1"), List.of("c1", "a2"), List.of("a3"));
    }

    @Test
    void aCallThatIsHeavierThanABatchGoesByItself() {
        var batcher = batcher(4, 1, 10);
        submitAll(batcher, "x", "a", "heavier", "b");

        for (int i = 0; i < transactions.size(); i++) {
            transactions.get(i).commit();
        }

        assertThat(begun()).containsExactly(List.of("x"), List.of("a"), List.of("heavier"), List.of("b"));
    }

    @Test
    void whoeverComesWhenTooManyWaitIsToldSo() {
        var batcher = batcher(4, 1, 3);
        submitAll(batcher, "x", "aa", "b");

        assertThatThrownBy(submit(batcher, "c")::join).hasCauseInstanceOf(OverloadedException.class);

        transactions.getFirst().commit();
        transactions.getLast().commit();
        assertThat(submit(batcher, "c")).isNotDone();
        assertThat(begun().getLast()).containsExactly("c");
    }

    @Test
    void whomTheDatabaseWillNotTakeTheOthersDoNotSufferFor() {
        var batcher = batcher(10, 1, 100);
        List<CompletableFuture<String>> answers = submitAll(batcher, "x", "a", "b", "c");
        transactions.getFirst().commit();
        var refused = new PgException("no such thing", "ERROR", "23514", "");

        transactions.get(1).end().fail(refused);
        transactions.get(2).commit();
        transactions.get(3).end().fail(refused);
        transactions.get(4).commit();

        assertThat(begun().subList(1, 5))
                .containsExactly(List.of("a", "b", "c"), List.of("a"), List.of("b"), List.of("c"));
        assertThat(answers.get(1)).isCompletedWithValue("a done");
        assertThat(answers.get(2)).isCompletedExceptionally();
        assertThat(answers.get(3)).isCompletedWithValue("c done");
    }

    @Test
    void aDatabaseThatIsNotThereIsNotAskedForEachOfThem() {
        var batcher = batcher(10, 1, 100);
        List<CompletableFuture<String>> answers = submitAll(batcher, "x", "a", "b");
        transactions.getFirst().commit();

        transactions.get(1).end().fail(new IOException("gone"));

        assertThat(transactions).hasSize(2);
        assertThat(answers.subList(1, 3)).allMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Test
    void aTransactionThatThrowsLeavesItsLane() {
        var batcher = new NaturalBatcher<String, String>(
                new NaturalBatcher.Limits(10, 1, 100), String::length, call -> call, calls -> {
                    throw new IllegalStateException("a bug");
                });

        assertThat(submitAll(batcher, "a1", "a2", "a3")).allMatch(CompletableFuture::isCompletedExceptionally);
    }
}
