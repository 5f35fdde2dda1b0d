package dev.holdfast.payments.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An account as people see it.
 *
 * @param overdraftLimitMinor how far below zero it may go; null for without limit
 * @param version of the settings
 * @param entries transfers that touched it
 */
record Account(
        long id,
        String owner,
        String name,
        String currency,
        @Nullable Long overdraftLimitMinor,
        boolean frozen,
        boolean closed,
        long version,
        Instant openedAt,
        long debitsPosted,
        long creditsPosted,
        long debitsPending,
        long creditsPending,
        long entries) {}
