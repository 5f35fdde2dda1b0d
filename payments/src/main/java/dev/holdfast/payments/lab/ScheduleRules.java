package dev.holdfast.payments.lab;

import dev.holdfast.payments.lab.Step.Deed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Finds lost updates in what clients did: a transaction wrote what it had computed from a balance that another one had
 * replaced meanwhile (anomaly P4 of Berenson et al., "A Critique of ANSI SQL Isolation Levels", 1995).
 */
final class ScheduleRules {
    private ScheduleRules() {}

    /**
     * Two transactions and the account over which they came into conflict.
     *
     * @param first wrote what the second one did not see
     */
    record Conflict(int account, List<Step> first, List<Step> second) {
        /** Of both, in the order of the clock. */
        List<Step> steps() {
            return Stream.concat(first.stream(), second.stream())
                    .sorted(Comparator.comparingLong(Step::atMicros))
                    .toList();
        }

        private long endsAtMicros() {
            return Math.max(first.getLast().atMicros(), second.getLast().atMicros());
        }
    }

    private record Access(List<Step> transaction, long readMicros, long writeMicros) {}

    /** @param transactions the steps of each that committed, in the order of the clock; conflicts as they came to an end */
    static List<Conflict> lostUpdates(List<List<Step>> transactions) {
        Map<Integer, List<Access>> accesses = new HashMap<>();
        transactions.forEach(own -> addAccesses(own, accesses));
        var conflicts = new ArrayList<Conflict>();
        accesses.forEach((account, own) -> addConflicts(account, own, conflicts));
        conflicts.sort(Comparator.comparingLong(Conflict::endsAtMicros));
        return conflicts;
    }

    private static void addAccesses(List<Step> own, Map<Integer, List<Access>> accesses) {
        for (Step write : own) {
            if (write.deed() == Deed.WRITES) {
                own.stream()
                        .filter(step -> step.deed() == Deed.READS && Objects.equals(step.account(), write.account()))
                        .findFirst()
                        .ifPresent(read -> accesses.computeIfAbsent(
                                        Objects.requireNonNull(write.account()), key -> new ArrayList<>())
                                .add(new Access(own, read.atMicros(), write.atMicros())));
            }
        }
    }

    /** Of the writers of one account in the order of their writes: who had read before its predecessor wrote? */
    private static void addConflicts(int account, List<Access> accesses, List<Conflict> conflicts) {
        accesses.sort(Comparator.comparingLong(Access::writeMicros));
        for (int i = 1; i < accesses.size(); i++) {
            Access first = accesses.get(i - 1);
            Access second = accesses.get(i);
            if (second.readMicros() < first.writeMicros()) {
                conflicts.add(new Conflict(account, first.transaction(), second.transaction()));
            }
        }
    }
}
