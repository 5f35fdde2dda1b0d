package dev.holdfast.payments.transfer;

import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.time.Instants;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A transfer as callers ask for it, over HTTP and on {@code payment.commands}. Other fields are refused. */
@Schema(name = "TransferRequest")
public record TransferRequest(
        @Nullable @Schema(description = "A UUID of version 7 that you choose; without one, send an Idempotency-Key")
        String id,

        @Nullable @Schema(
                enumeration = {"post", "hold", "capture", "void", "reverse"},
                description = "post when left out")
        String kind,

        @Nullable @Schema(description = "The hold to capture or void, the transfer to reverse")
        String of,

        @Nullable @Schema(description = "Gives; of a post or hold", examples = "1")
        Long debitAccount,

        @Nullable @Schema(description = "Takes; of a post or hold", examples = "2")
        Long creditAccount,

        @Nullable @Schema(
                description =
                        "In the smallest unit of the currency; of a post, a hold, or a capture that leaves something",
                examples = "1999",
                minimum = "1",
                maximum = "" + Transfer.AMOUNT_MAX)
        Long amountMinor,

        @Nullable @Schema(description = "ISO 4217, that of both accounts; of a post or hold", examples = "EUR")
        String currency,

        @Nullable @Schema(description = "Move what is available, at most the amount")
        Boolean balancing,

        @Nullable @Schema(description = "In a batch: happens only together with the next one")
        Boolean linked,

        @Nullable @Schema(description = "Since when it counts; when it is recorded, if left out")
        String effectiveAt,

        @Nullable @Schema(description = "When a hold ends by itself; in 7 days, if left out")
        String expiresAt,

        @Nullable @Schema(description = "What it is for", examples = "invoice 4711")
        String reference) {

    /** How far a client's clock may be ahead. */
    private static final Duration AHEAD_MAX = Duration.ofDays(1);

    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final Pattern REFERENCE = Pattern.compile("[^\\p{Cntrl}\\p{Cs}]{1,100}");

    /** What is wrong, each with where. */
    static final class Violations {
        private final String prefix;
        private final List<InvalidPart> found = new ArrayList<>();

        Violations(String prefix) {
            this.prefix = prefix;
        }

        void add(String field, String detail) {
            found.add(new InvalidPart("%s/%s".formatted(prefix, field), "invalid_value", detail));
        }
    }

    /** A transfer, or what is wrong with it. */
    record Read(Optional<Transfer> transfer, List<InvalidPart> violations) {}

    /**
     * @param keyed of the caller's Idempotency-Key, for when there is no id
     * @param prefix JSON Pointer to this one
     */
    Read read(@Nullable UUID keyed, String prefix, Instant now) {
        var violations = new Violations(prefix);
        Optional<Kind> readKind = kind == null ? Optional.of(Kind.POST) : Kind.ofWord(kind);
        if (readKind.isEmpty()) {
            violations.add("kind", "must be post, hold, capture, void or reverse.");
        }
        UUID readId = id == null ? keyed : uuid(id);
        if (readId == null) {
            violations.add("id", "must be a UUID of version 7; or send a header Idempotency-Key instead.");
        } else if (id != null && !TransferIds.isOfVersion7(readId)) {
            violations.add("id", "must be a UUID of version 7: its first 48 bits are the time in milliseconds.");
        } else if (id != null
                && TransferIds.millis(readId) > now.plus(AHEAD_MAX).toEpochMilli()) {
            violations.add("id", "begins with a time that is more than a day ahead: set the clock.");
        }
        UUID readOf = of == null ? null : uuid(of);
        if (of != null && readOf == null) {
            violations.add("of", "must be a UUID.");
        }
        Instant effective = instant("effectiveAt", effectiveAt, violations);
        Instant expires = instant("expiresAt", expiresAt, violations);
        readKind.ifPresent(known -> checkFields(known, violations));
        if (!violations.found.isEmpty() || readId == null) {
            return new Read(Optional.empty(), violations.found);
        }
        return new Read(
                Optional.of(new Transfer(
                        readId,
                        readKind.orElseThrow(),
                        readOf,
                        debitAccount,
                        creditAccount,
                        amountMinor,
                        currency,
                        Boolean.TRUE.equals(balancing),
                        Boolean.TRUE.equals(linked),
                        effective,
                        expires,
                        reference)),
                List.of());
    }

    private void checkFields(Kind known, Violations violations) {
        boolean about = known.isAboutAnother();
        check(about == (of != null), "of", about, "names what it is about.", known, violations);
        check(about == (debitAccount == null), "debitAccount", !about, "gives.", known, violations);
        check(about == (creditAccount == null), "creditAccount", !about, "takes.", known, violations);
        check(about == (currency == null), "currency", !about, "is an ISO 4217 code such as EUR.", known, violations);
        if (currency != null && !CURRENCY.matcher(currency).matches()) {
            violations.add("currency", "must be an ISO 4217 code such as EUR.");
        }
        if (known == Kind.VOID || known == Kind.REVERSE) {
            check(amountMinor == null, "amountMinor", false, "", known, violations);
        } else if (known != Kind.CAPTURE) {
            check(amountMinor != null, "amountMinor", true, "is what moves.", known, violations);
        }
        if (amountMinor != null && (amountMinor < 1 || amountMinor > Transfer.AMOUNT_MAX)) {
            violations.add("amountMinor", "must be 1 to %d.".formatted(Transfer.AMOUNT_MAX));
        }
        check(!about || !Boolean.TRUE.equals(balancing), "balancing", false, "", known, violations);
        check(known == Kind.HOLD || expiresAt == null, "expiresAt", false, "", known, violations);
        check(known != Kind.HOLD || effectiveAt == null, "effectiveAt", false, "", known, violations);
        if (reference != null && !REFERENCE.matcher(reference).matches()) {
            violations.add("reference", "must be 1 to 100 characters without control characters.");
        }
    }

    private static void check(
            boolean fine, String field, boolean needed, String what, Kind kind, Violations violations) {
        if (!fine) {
            violations.add(
                    field,
                    needed
                            ? "is needed for a %s: it %s".formatted(kind.word(), what)
                            : "does not belong to a %s: leave it out.".formatted(kind.word()));
        }
    }

    private static @Nullable Instant instant(String field, @Nullable String text, Violations violations) {
        if (text == null) {
            return null;
        }
        try {
            return Instants.parse(text);
        } catch (DateTimeException unreadable) {
            violations.add(field, "must be an instant such as 2026-01-31T12:00:00Z.");
            return null;
        }
    }

    /** In the one form that everyone writes; {@link UUID#fromString} takes others, too. */
    private static @Nullable UUID uuid(String text) {
        try {
            UUID parsed = UUID.fromString(text);
            return parsed.toString().equalsIgnoreCase(text) ? parsed : null;
        } catch (IllegalArgumentException none) {
            return null;
        }
    }
}
