package dev.holdfast.audit.email;

import java.util.Arrays;
import java.util.Locale;

/** What an event says. */
public enum EmailOp {
    /** The first address. */
    REGISTERED('r'),
    /** A new address. */
    CHANGED('c'),
    /** An address that was recorded wrongly. */
    CORRECTED('k'),
    /** The address answers to its user. */
    VERIFIED('v'),
    /** The user is forgotten; nothing comes after it. */
    ERASED('e');

    private final char letter;

    EmailOp(char letter) {
        this.letter = letter;
    }

    /** As the database keeps it. */
    public char letter() {
        return letter;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Of the event that tells others. */
    public String eventType() {
        return switch (this) {
            case REGISTERED -> "user.registered";
            case ERASED -> "user.erased";
            case CHANGED, CORRECTED, VERIFIED -> "user.email_" + word();
        };
    }

    static EmailOp ofLetter(String letter) {
        return Arrays.stream(values())
                .filter(op -> letter.length() == 1 && op.letter == letter.charAt(0))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No op has the letter '%s'".formatted(letter)));
    }
}
