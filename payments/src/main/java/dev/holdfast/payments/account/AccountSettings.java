package dev.holdfast.payments.account;

import org.jspecify.annotations.Nullable;

/**
 * What may change about an account; null leaves a setting as it is.
 *
 * @param withoutLimit true lifts the overdraft limit altogether
 */
record AccountSettings(
        @Nullable String name,
        @Nullable Long overdraftLimitMinor,
        boolean withoutLimit,
        @Nullable Boolean frozen,
        @Nullable Boolean closed) {

    /** Owners may give their account a name; the rest is for operators. */
    boolean needsOperator() {
        return overdraftLimitMinor != null || withoutLimit || frozen != null || closed != null;
    }
}
