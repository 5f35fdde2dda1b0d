package dev.holdfast.payments.lab;

import dev.holdfast.payments.lab.Load.Planned;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes down what the clients of a run do, of each transaction that commits: what is rolled back has done nothing. */
final class Recorder {
    private final long startNanos = System.nanoTime();
    private final ConcurrentLinkedQueue<List<Step>> committed = new ConcurrentLinkedQueue<>();

    /** One transaction, of one client. */
    final class Transaction {
        private final Planned planned;
        private final int attempt;
        private final List<Step> steps = new ArrayList<>();

        private Transaction(Planned planned, int attempt) {
            this.planned = planned;
            this.attempt = attempt;
        }

        void did(Step.Deed deed, @Nullable Integer account, @Nullable Long balance) {
            steps.add(new Step(planned.client(), planned.number(), attempt, deed, account, balance, micros()));
        }

        void committed() {
            did(Step.Deed.COMMITS, null, null);
            committed.add(List.copyOf(steps));
        }
    }

    Transaction begin(Planned planned, int attempt) {
        var transaction = new Transaction(planned, attempt);
        transaction.did(Step.Deed.BEGINS, null, null);
        return transaction;
    }

    long micros() {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNanos);
    }

    /** The steps of each. */
    List<List<Step>> transactions() {
        return List.copyOf(committed);
    }

    void forget() {
        committed.clear();
    }
}
