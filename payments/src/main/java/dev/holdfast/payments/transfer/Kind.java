package dev.holdfast.payments.transfer;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a transfer does. */
public enum Kind {
    /** Money moves. */
    POST("p", "posted"),
    /** Money is set aside for the payee: the payer cannot spend it, the payee does not have it yet. */
    HOLD("h", "held"),
    /** Money of a hold moves, all that remains of it or a part. */
    CAPTURE("c", "posted"),
    /** What remains of a hold is released. */
    VOID("v", "voided"),
    /** The same, because its time is over. */
    EXPIRE("x", "expired"),
    /** A post or capture goes back, whole. */
    REVERSE("r", "reversed");

    private final String letter;
    private final String deed;

    Kind(String letter, String deed) {
        this.letter = letter;
        this.deed = deed;
    }

    /** As the table has it. */
    String letter() {
        return letter;
    }

    /** As callers write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What an event says has happened; {@code posted} for money that reached its payee. */
    String deed() {
        return deed;
    }

    /** About an earlier transfer, from which it has its accounts. */
    boolean isAboutAnother() {
        return this != POST && this != HOLD;
    }

    /** The others set money aside, or release it. */
    public boolean movesMoney() {
        return this == POST || this == CAPTURE || this == REVERSE;
    }

    public static Kind ofLetter(String letter) {
        return Arrays.stream(values())
                .filter(kind -> kind.letter.equals(letter))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no kind '%s'".formatted(letter)));
    }

    /** Empty for a word that callers may not use. */
    static Optional<Kind> ofWord(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind != EXPIRE && kind.word().equals(word))
                .findFirst();
    }
}
