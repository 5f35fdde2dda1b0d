package dev.holdfast.product.feed;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a change stays out of the batch it came with. */
sealed interface SetAside {
    /** A live product has the GTIN, and keeps it. */
    record GtinTaken(String gtin, String holder) implements SetAside {}

    /** The vendor may send no more today, or not now. */
    record Later(Reason reason, Instant notBefore) implements SetAside {}

    /** This very message waits already. */
    record WaitsAlready() implements SetAside {}

    /** A message with this version and other content waits already. */
    record ConflictsWithWaiting() implements SetAside {}

    /** As stored. */
    enum Reason {
        GTIN,
        QUOTA,
        SHARE;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Reason ofLabel(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    /** Of those that wait. */
    default Reason reason() {
        return switch (this) {
            case GtinTaken taken -> Reason.GTIN;
            case Later later -> later.reason();
            case WaitsAlready copy -> throw new IllegalStateException("A copy does not wait again");
            case ConflictsWithWaiting conflict -> throw new IllegalStateException("A conflict does not wait");
        };
    }

    default @Nullable String gtin() {
        return this instanceof GtinTaken taken ? taken.gtin() : null;
    }

    default Outcome outcome() {
        return switch (this) {
            case GtinTaken taken -> Outcome.WAITING;
            case Later later -> Outcome.WAITING;
            case WaitsAlready copy -> Outcome.DUPLICATE;
            case ConflictsWithWaiting conflict -> Outcome.QUARANTINED;
        };
    }

    /** The product in the way, if it is a product. */
    default @Nullable String blockedBy() {
        return this instanceof GtinTaken taken ? taken.holder() : null;
    }
}
