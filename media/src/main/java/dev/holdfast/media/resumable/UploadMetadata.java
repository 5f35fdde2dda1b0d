package dev.holdfast.media.resumable;

import dev.holdfast.platform.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The header {@code Upload-Metadata}: pairs of a key and a value in Base64, which may be missing, with commas between them. */
final class UploadMetadata {
    private static final int LENGTH_MAX = 4_096;

    private UploadMetadata() {}

    /** @param header null when there is none; fails with a problem when it cannot be read */
    static Map<String, String> parse(@Nullable String header) {
        var named = new HashMap<String, String>();
        if (header == null || header.isBlank()) {
            return named;
        }
        if (header.length() > LENGTH_MAX) {
            throw wrong();
        }
        for (String pair : header.split(",", -1)) {
            String[] parts = pair.strip().split(" ", 2);
            if (parts[0].isEmpty() || named.put(parts[0], parts.length < 2 ? "" : decode(parts[1])) != null) {
                throw wrong();
            }
        }
        return named;
    }

    private static String decode(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException other) {
            throw wrong();
        }
    }

    private static ProblemException wrong() {
        return ProblemException.invalidParameter(
                "Upload-Metadata",
                "Upload-Metadata must be pairs of a key, a space and a value in Base64, each key once, with commas between them, of up to %,d characters."
                        .formatted(LENGTH_MAX));
    }
}
