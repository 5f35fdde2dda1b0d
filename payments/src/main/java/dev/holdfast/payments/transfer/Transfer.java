package dev.holdfast.payments.transfer;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What someone asks for under an id.
 *
 * @param id chosen by the client; names this request for ever
 * @param of the hold or transfer that it is about, for kinds that are {@link Kind#isAboutAnother about another}
 * @param debitAccount where the money comes from; null for kinds about another, which know
 * @param creditAccount where it goes
 * @param amountMinor in the smallest unit of the currency, 1 to {@link #AMOUNT_MAX}; null for all of what it is about
 * @param balancing move what is there, at most the amount
 * @param linked to the next one of the same request: all of a chain happen, or none
 * @param effectiveAt since when it counts; null for when it is recorded
 * @param expiresAt when a hold ends by itself
 * @param reference whatever it is for, such as {@code order:<uuid>}; at most 100 characters
 */
public record Transfer(
        UUID id,
        Kind kind,
        @Nullable UUID of,
        @Nullable Long debitAccount,
        @Nullable Long creditAccount,
        @Nullable Long amountMinor,
        @Nullable String currency,
        boolean balancing,
        boolean linked,
        @Nullable Instant effectiveAt,
        @Nullable Instant expiresAt,
        @Nullable String reference) {

    /** The largest whole number that every JSON reader takes, 2^53 - 1. */
    public static final long AMOUNT_MAX = 9_007_199_254_740_991L;

    public static Transfer post(UUID id, long debitAccount, long creditAccount, long amountMinor, String currency) {
        return between(id, Kind.POST, debitAccount, creditAccount, amountMinor, currency, null);
    }

    /** @param debitAccount null when there is none, which is refused */
    public static Transfer hold(
            UUID id,
            @Nullable Long debitAccount,
            long creditAccount,
            long amountMinor,
            String currency,
            @Nullable Instant expiresAt) {
        return between(id, Kind.HOLD, debitAccount, creditAccount, amountMinor, currency, expiresAt);
    }

    private static Transfer between(
            UUID id,
            Kind kind,
            @Nullable Long debitAccount,
            long creditAccount,
            long amountMinor,
            String currency,
            @Nullable Instant expiresAt) {
        return new Transfer(
                id,
                kind,
                null,
                debitAccount,
                creditAccount,
                amountMinor,
                currency,
                false,
                false,
                null,
                expiresAt,
                null);
    }

    /** All that remains of a hold, or a part of it. */
    public static Transfer capture(UUID id, UUID hold, @Nullable Long amountMinor) {
        return about(id, Kind.CAPTURE, hold, amountMinor);
    }

    public static Transfer voidHold(UUID id, UUID hold) {
        return about(id, Kind.VOID, hold, null);
    }

    public static Transfer reverse(UUID id, UUID transfer) {
        return about(id, Kind.REVERSE, transfer, null);
    }

    static Transfer expire(UUID id, UUID hold) {
        return about(id, Kind.EXPIRE, hold, null);
    }

    private static Transfer about(UUID id, Kind kind, UUID of, @Nullable Long amountMinor) {
        return new Transfer(id, kind, of, null, null, amountMinor, null, false, false, null, null, null);
    }

    public Transfer withReference(@Nullable String text) {
        return with(balancing, linked, effectiveAt, text);
    }

    public Transfer linkedToNext() {
        return with(balancing, true, effectiveAt, reference);
    }

    public Transfer asBalancing() {
        return with(true, linked, effectiveAt, reference);
    }

    public Transfer effectiveAt(Instant instant) {
        return with(balancing, linked, instant, reference);
    }

    private Transfer with(
            boolean asBalancing, boolean linkedToNext, @Nullable Instant effective, @Nullable String forWhat) {
        return new Transfer(
                id,
                kind,
                of,
                debitAccount,
                creditAccount,
                amountMinor,
                currency,
                asBalancing,
                linkedToNext,
                effective,
                expiresAt,
                forWhat);
    }

    /** Nothing about it needs more than the two accounts. */
    boolean isPlain() {
        return kind == Kind.POST && !balancing && !linked && effectiveAt == null;
    }

    /** A capture of whatever the hold still holds. */
    boolean isForAll() {
        return kind == Kind.CAPTURE && amountMinor == null;
    }

    /** Of a kind that is about another. */
    UUID original() {
        return Objects.requireNonNull(of, "a transfer about another names it");
    }
}
