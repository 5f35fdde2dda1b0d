package dev.holdfast.payments.transfer;

/** Whose balance after a transfer somebody may see. */
public enum Sides {
    NONE,
    DEBIT,
    CREDIT,
    BOTH;

    static Sides of(boolean debit, boolean credit) {
        return debit ? (credit ? BOTH : DEBIT) : (credit ? CREDIT : NONE);
    }

    boolean debit() {
        return this == DEBIT || this == BOTH;
    }

    boolean credit() {
        return this == CREDIT || this == BOTH;
    }
}
