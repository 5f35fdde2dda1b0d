package dev.holdfast.audit.proof;

import java.util.Base64;

/**
 * What a log says of itself: so many leaves, and this root
 * (<a href="https://c2sp.org/tlog-checkpoint">C2SP tlog-checkpoint</a>, without extension lines).
 *
 * @param origin the name of the log, such as {@code audit.example.com/users}; one line
 * @param size in leaves
 */
public record Checkpoint(String origin, long size, Hash root) {
    private static final int LINES = 3;

    /** @throws IllegalArgumentException for an origin that is not one line, and for a negative size */
    public Checkpoint {
        if (origin.isEmpty() || origin.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("The origin of a log is one line of text, not '%s'".formatted(origin));
        }
        if (size < 0) {
            throw new IllegalArgumentException("A log has no %d leaves".formatted(size));
        }
    }

    /** @throws CheckpointException unless it is exactly what {@link #text} gives */
    static Checkpoint parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length != LINES + 1) {
            throw CheckpointException.malformed(
                    "it has %d lines; a checkpoint has an origin, a size and a root".formatted(lines.length - 1));
        }
        Checkpoint parsed;
        try {
            parsed = new Checkpoint(
                    lines[0],
                    Long.parseLong(lines[1]),
                    Hash.of(Base64.getDecoder().decode(lines[2])));
        } catch (IllegalArgumentException unread) {
            throw CheckpointException.malformed(String.valueOf(unread.getMessage()));
        }
        if (!parsed.text().equals(text)) {
            throw CheckpointException.malformed("its size or root are not in the one form that they have");
        }
        return parsed;
    }

    /** What is signed; ends with a line feed. */
    String text() {
        return "%s\n%d\n%s\n".formatted(origin, size, Base64.getEncoder().encodeToString(root.bytes()));
    }
}
