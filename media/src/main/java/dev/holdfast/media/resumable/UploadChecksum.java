package dev.holdfast.media.resumable;

import dev.holdfast.platform.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a client says that the bytes of one request hash to, by the header {@code Upload-Checksum}. */
final class UploadChecksum {
    private static final Map<String, String> ALGORITHMS = Map.of("sha1", "SHA-1", "sha256", "SHA-256");
    static final String NAMES = "sha1,sha256";

    private final MessageDigest digest;
    private final byte[] expected;

    private UploadChecksum(MessageDigest digest, byte[] expected) {
        this.digest = digest;
        this.expected = expected;
    }

    /** @param header null when there is none; fails with a problem when it is none that can be checked */
    static Optional<UploadChecksum> of(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        String[] parts = header.strip().split(" ", 2);
        String algorithm = ALGORITHMS.get(parts[0]);
        if (algorithm == null || parts.length < 2) {
            throw wrong();
        }
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            byte[] expected = Base64.getDecoder().decode(parts[1].strip());
            if (expected.length != digest.getDigestLength()) {
                throw wrong();
            }
            return Optional.of(new UploadChecksum(digest, expected));
        } catch (IllegalArgumentException notBase64) {
            throw wrong();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-1 and SHA-256", impossible);
        }
    }

    private static ProblemException wrong() {
        return ProblemException.invalidParameter(
                "Upload-Checksum",
                "Upload-Checksum must be one of %s, a space, and the hash in Base64.".formatted(NAMES));
    }

    void update(Buffer bytes) {
        digest.update(bytes.getBytes());
    }

    /** To be asked once. */
    boolean fits() {
        return MessageDigest.isEqual(digest.digest(), expected);
    }
}
