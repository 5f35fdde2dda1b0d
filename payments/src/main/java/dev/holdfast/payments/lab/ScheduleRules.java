package dev.holdfast.payments.lab;

import dev.holdfast.payments.lab.Step.Deed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Finds lost updates in what clients did: a transaction wrote what it had computed from a balance that another one had
 * replaced meanwhile (anomaly P4 of Berenson et al., "A Critique of ANSI SQL Isolation Levels", 1995).
 */
final class ScheduleRules {
    private ScheduleRules() {}

    /**
     * Two transactions and the account over which they came into conflict.
     *
     * @param steps of both, in the order of the clock
     */
    record Conflict(int account, List<Step> steps) {}

    private record Access(Step read, Step write, Step commit) {}

    /** @param steps in the order of the clock */
    static List<Conflict> lostUpdates(List<Step> steps) {
        Map<String, List<Step>> transactions = new HashMap<>();
        for (Step step : steps) {
            transactions
                    .computeIfAbsent(
                            "%d/%d/%d".formatted(step.client(), step.transfer(), step.attempt()),
                            key -> new ArrayList<>())
                    .add(step);
        }
        Map<Integer, List<Access>> accesses = new HashMap<>();
        transactions.values().forEach(own -> addAccesses(own, accesses));
        var conflicts = new ArrayList<Conflict>();
        accesses.forEach((account, own) -> addConflicts(account, own, transactions.values(), conflicts));
        conflicts.sort((a, b) -> Long.compare(last(a), last(b)));
        return conflicts;
    }

    private static long last(Conflict conflict) {
        return conflict.steps().getLast().atMicros();
    }

    private static void addAccesses(List<Step> own, Map<Integer, List<Access>> accesses) {
        Step commit = own.getLast();
        if (commit.deed() != Deed.COMMITS) {
            return;
        }
        for (Step write : own) {
            if (write.deed() == Deed.WRITES) {
                own.stream()
                        .filter(step -> step.deed() == Deed.READS && Objects.equals(step.account(), write.account()))
                        .findFirst()
                        .ifPresent(read -> accesses.computeIfAbsent(
                                        Objects.requireNonNull(write.account()), key -> new ArrayList<>())
                                .add(new Access(read, write, commit)));
            }
        }
    }

    /** Of the writers of one account in the order of their commits: who read before its predecessor had committed? */
    private static void addConflicts(
            int account, List<Access> accesses, Iterable<List<Step>> transactions, List<Conflict> conflicts) {
        accesses.sort((a, b) -> Long.compare(a.write().atMicros(), b.write().atMicros()));
        for (int i = 1; i < accesses.size(); i++) {
            Access first = accesses.get(i - 1);
            Access second = accesses.get(i);
            boolean sawTheSame =
                    Objects.equals(second.read().balance(), first.read().balance());
            if (second.read().atMicros() < first.write().atMicros() && sawTheSame) {
                var steps = new ArrayList<Step>();
                for (List<Step> own : transactions) {
                    if (own.getFirst().isOf(first.read()) || own.getFirst().isOf(second.read())) {
                        steps.addAll(own);
                    }
                }
                steps.sort((a, b) -> Long.compare(a.atMicros(), b.atMicros()));
                conflicts.add(new Conflict(account, Collections.unmodifiableList(steps)));
            }
        }
    }
}
