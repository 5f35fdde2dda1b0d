package dev.holdfast.audit.proof;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A text with signatures below it, none of which is verified yet (<a href="https://c2sp.org/signed-note">C2SP
 * signed-note</a>).
 *
 * @param text ends with a line feed, and is what was signed
 */
record SignedNote(String text, List<Line> lines) {
    /** In characters; sixteen signatures of any kind in use need less. */
    private static final int LENGTH_MAX = 100_000;

    private static final Pattern LINE = Pattern.compile("\u2014 (?<name>\\S+) (?<signature>\\S+)");

    /**
     * A line with a signature.
     *
     * @param keyName whose it says it is
     * @param encoded the key's id (4 bytes) and the signature, in base64
     */
    record Line(String keyName, String encoded) {
        private static final int ID_LENGTH = 4;

        static Line of(NoteKey key, byte[] signature) {
            return new Line(
                    key.name(),
                    Base64.getEncoder()
                            .encodeToString(HexFormat.of()
                                    .parseHex(key.id() + HexFormat.of().formatHex(signature))));
        }

        /** What {@link NoteKey#toString} is for the key. */
        String key() {
            return keyName + "+" + HexFormat.of().formatHex(decoded(), 0, ID_LENGTH);
        }

        byte[] signature() {
            byte[] decoded = decoded();
            return Arrays.copyOfRange(decoded, ID_LENGTH, decoded.length);
        }

        private byte[] decoded() {
            return Base64.getDecoder().decode(encoded);
        }
    }

    SignedNote {
        lines = List.copyOf(lines);
    }

    /** @throws CheckpointException when it is no signed note */
    static SignedNote parse(String note) {
        if (note.length() > LENGTH_MAX) {
            throw CheckpointException.malformed("it has more than %d characters".formatted(LENGTH_MAX));
        }
        int blank = note.lastIndexOf("\n\n");
        if (blank < 0 || !note.endsWith("\n")) {
            throw CheckpointException.malformed(
                    "a note is a text, a blank line and signatures, each to the end of a line");
        }
        if (note.chars().anyMatch(c -> c < ' ' && c != '\n')) {
            throw CheckpointException.malformed("it has control characters");
        }
        String signatures = note.substring(blank + 2);
        var lines = new ArrayList<Line>();
        signatures.lines().forEach(line -> lines.add(line(line)));
        if (lines.isEmpty()) {
            throw CheckpointException.malformed("it has no signature");
        }
        return new SignedNote(note.substring(0, blank + 1), lines);
    }

    private static Line line(String text) {
        Matcher matcher = LINE.matcher(text);
        if (!matcher.matches() || !isSignature(matcher.group("signature"))) {
            throw CheckpointException.malformed("'%s' is not a signature".formatted(text));
        }
        return new Line(matcher.group("name"), matcher.group("signature"));
    }

    private static boolean isSignature(String encoded) {
        try {
            return Base64.getDecoder().decode(encoded).length > Line.ID_LENGTH;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    String render() {
        return text
                + "\n"
                + lines.stream()
                        .map(line -> "\u2014 %s %s\n".formatted(line.keyName(), line.encoded()))
                        .collect(Collectors.joining());
    }
}
