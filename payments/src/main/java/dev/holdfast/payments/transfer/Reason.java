package dev.holdfast.payments.transfer;

import java.util.Arrays;
import java.util.Locale;

/** Why a transfer is refused. The words are part of the contract and never change. */
public enum Reason {
    // the id was used before, for something else: nothing is written, and the first outcome stands
    ID_EXISTS_WITH_DIFFERENT_KIND("This id stands for a transfer of another kind: choose a new id."),
    ID_EXISTS_WITH_DIFFERENT_ORIGINAL("This id stands for a transfer about another one: choose a new id."),
    ID_EXISTS_WITH_DIFFERENT_DEBIT_ACCOUNT("This id stands for a transfer from another account: choose a new id."),
    ID_EXISTS_WITH_DIFFERENT_CREDIT_ACCOUNT("This id stands for a transfer to another account: choose a new id."),
    ID_EXISTS_WITH_DIFFERENT_AMOUNT("This id stands for another amount: choose a new id."),
    ID_EXISTS_WITH_DIFFERENT_CURRENCY("This id stands for another currency: choose a new id."),
    ID_EXISTS_WITH_DIFFERENT_BALANCING("This id was or was not balancing before: choose a new id."),
    ID_EXISTS_WITH_DIFFERENT_EFFECTIVE_TIME("This id takes effect at another time: choose a new id."),
    ID_EXISTS_WITH_DIFFERENT_EXPIRY("This id stands for a hold that ends at another time: choose a new id."),
    ID_EXISTS_WITH_DIFFERENT_REFERENCE("This id has another reference: choose a new id."),

    // the request
    CHAIN_NOT_CLOSED("The last transfer of a chain must not be linked to a next one."),
    LINKED_TRANSFER_REFUSED("Another transfer of its chain is refused, so none of them happens."),
    SAME_ACCOUNT("Money must go to another account than it comes from."),
    EFFECTIVE_IN_THE_FUTURE("A transfer cannot count from a time that has not come."),
    EFFECTIVE_TOO_LONG_AGO("A transfer cannot count from so long ago."),
    EXPIRES_IN_THE_PAST("The hold would be over already."),
    EXPIRES_TOO_LATE("A hold cannot last that long."),

    // the accounts
    DEBIT_ACCOUNT_UNKNOWN("There is no such account to take money from."),
    CREDIT_ACCOUNT_UNKNOWN("There is no such account to give money to."),
    DEBIT_ACCOUNT_CLOSED("The account that money comes from is closed."),
    CREDIT_ACCOUNT_CLOSED("The account that money goes to is closed."),
    DEBIT_ACCOUNT_FROZEN("The account that money comes from is frozen."),
    CREDIT_ACCOUNT_FROZEN("The account that money goes to is frozen."),
    DEBIT_ACCOUNT_OF_OTHER_CURRENCY("The account that money comes from keeps another currency."),
    CREDIT_ACCOUNT_OF_OTHER_CURRENCY("The account that money goes to keeps another currency."),

    // what it is about
    HOLD_UNKNOWN("There is no such hold."),
    NOT_A_HOLD("What it is about is not a hold."),
    HOLD_CAPTURED("All of the hold has been captured."),
    HOLD_VOIDED("The hold has been voided."),
    HOLD_EXPIRED("The hold is over."),
    EXCEEDS_HOLD("The hold has less left."),
    TRANSFER_UNKNOWN("There is no such transfer."),
    NOT_REVERSIBLE("Only a post or a capture can be reversed."),
    REVERSED_BEFORE("The transfer has been reversed."),

    // the money
    INSUFFICIENT_FUNDS("The account has less available."),
    TOO_MUCH_FOR_ONE_ACCOUNT("The account's counters end here.");

    private final String detail;

    Reason(String detail) {
        this.detail = detail;
    }

    /** For programs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For people. */
    public String detail() {
        return detail;
    }

    static Reason ofWord(String word) {
        return Arrays.stream(values())
                .filter(reason -> reason.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no reason '%s'".formatted(word)));
    }
}
