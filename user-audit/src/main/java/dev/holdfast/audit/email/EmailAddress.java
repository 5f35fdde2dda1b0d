package dev.holdfast.audit.email;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** An address as its user writes it; two that differ in case are one address. */
public record EmailAddress(String text) {
    /** RFC 5321, 4.5.3.1.3, less the angle brackets. */
    public static final int LENGTH_MAX = 254;

    private static final int LOCAL_PART_LENGTH_MAX = 64;
    private static final Pattern FORM =
            Pattern.compile("[^\\s@\\p{Cntrl}\\p{Cs}]+@[\\p{L}\\p{N}]([\\p{L}\\p{N}.-]*[\\p{L}\\p{N}])?");

    /** Empty when it cannot be one. Whether it exists, only a message to it can tell. */
    public static Optional<EmailAddress> parse(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length <= LENGTH_MAX
                        && FORM.matcher(text).matches()
                        && text.indexOf('@') <= LOCAL_PART_LENGTH_MAX
                ? Optional.of(new EmailAddress(text))
                : Optional.empty();
    }

    /** What two forms of one address have in common. */
    String normalised() {
        return text.toLowerCase(Locale.ROOT);
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static EmailAddress ofBytes(byte[] bytes) {
        return new EmailAddress(new String(bytes, StandardCharsets.UTF_8));
    }
}
