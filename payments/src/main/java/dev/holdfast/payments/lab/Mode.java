package dev.holdfast.payments.lab;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A way to move money from one account to another. */
public enum Mode {
    /** Read, check, write what was computed: what everybody writes first, and what spends money twice. */
    NAIVE(false, "reads, checks and writes, as if nobody else were there"),
    /** Row locks in the order in which the accounts were named: right, and a deadlock away from being slow. */
    UNORDERED_LOCKS(true, "locks the payer's row, then the payee's"),
    /** Row locks in the order of the ids. */
    FOR_UPDATE(true, "locks both rows in the order of their ids"),
    /** No lock while thinking; a version counter tells whether anyone was faster, and then all is done again. */
    OPTIMISTIC(false, "writes only what still has the version that was read, or begins again"),
    /** The database finds out; whoever it stops begins again. */
    SERIALIZABLE(false, "runs at isolation level SERIALIZABLE, and begins again when it is stopped"),
    /** Locks on numbers instead of rows, in the order of the ids. */
    ADVISORY_LOCK(true, "locks the accounts' numbers in their order"),
    /** The check is part of the statement that writes. */
    ATOMIC_UPDATE(false, "subtracts and checks in one statement, in the order of the ids"),
    /** Many transfers in one transaction: lock in order, compute in memory, write set-wise. */
    LOCK_COMPUTE_APPLY(true, "locks the accounts of a whole batch in order, computes in memory, writes once");

    private final boolean locksFirst;
    private final String description;

    Mode(boolean locksFirst, String description) {
        this.locksFirst = locksFirst;
        this.description = description;
    }

    /** As callers write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whoever comes second waits before it can read; otherwise all read what they like. */
    boolean locksFirst() {
        return locksFirst;
    }

    public String description() {
        return description;
    }

    static Optional<Mode> ofWord(String word) {
        return Arrays.stream(values()).filter(mode -> mode.word().equals(word)).findFirst();
    }

    static String words() {
        return Arrays.stream(values()).map(Mode::word).collect(Collectors.joining(", "));
    }
}
