package dev.holdfast.payments.lab;

import dev.holdfast.payments.lab.Load.Planned;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Writes down what the clients of a run do. */
final class Recorder {
    private final long startNanos = System.nanoTime();
    private final ConcurrentLinkedQueue<Step> steps = new ConcurrentLinkedQueue<>();

    /** One transaction's steps. */
    record Transaction(Recorder recorder, Planned planned, int attempt) {
        void did(Step.Deed deed) {
            did(deed, null, null);
        }

        void did(Step.Deed deed, @Nullable Integer account, @Nullable Long balance) {
            recorder.steps.add(
                    new Step(planned.client(), planned.number(), attempt, deed, account, balance, recorder.micros()));
        }
    }

    Transaction begin(Planned planned, int attempt) {
        var transaction = new Transaction(this, planned, attempt);
        transaction.did(Step.Deed.BEGINS);
        return transaction;
    }

    long micros() {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startNanos);
    }

    List<Step> steps() {
        return steps.stream().sorted(Comparator.comparingLong(Step::atMicros)).toList();
    }
}
