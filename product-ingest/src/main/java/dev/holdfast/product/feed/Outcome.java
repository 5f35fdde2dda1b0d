package dev.holdfast.product.feed;

import java.util.Locale;

/** What became of a message; exactly one of these. */
public enum Outcome {
    /** The product is now as the message says. */
    APPLIED('A'),
    /** Newer, with the content that was there already: the version moved, nothing is told to others. */
    UNCHANGED('U'),
    /** A newer version was there. */
    STALE('S'),
    /** This very version with this very content was there. */
    DUPLICATE('D'),
    /** Cannot be applied as it is; kept with its bytes and the reason. */
    QUARANTINED('Q'),
    /** Acceptable, and in the way of another product that must let go first. */
    WAITING('W');

    private final char letter;

    Outcome(char letter) {
        this.letter = letter;
    }

    /** As callers and metrics see it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** How the statement in {@link FeedStore} says it. */
    static Outcome ofLetter(int letter) {
        for (Outcome outcome : values()) {
            if (outcome.letter == letter) {
                return outcome;
            }
        }
        throw new IllegalArgumentException("No outcome has the letter '%c'".formatted(letter));
    }
}
