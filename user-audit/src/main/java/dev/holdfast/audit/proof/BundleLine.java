package dev.holdfast.audit.proof;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One line of an export that can be verified without us, each a JSON object: a {@link Header}, then each {@link Leaf}
 * in order, and {@link SignedCheckpoint}s anywhere behind the leaves that they cover, the last of which covers all of
 * them. One that stands right behind the last leaf that it covers is verified while the bundle streams by; for another,
 * its size has to be known before.
 */
public sealed interface BundleLine {
    /**
     * The first line.
     *
     * @param format {@link #FORMAT}
     * @param origin of the log, as in its checkpoints
     */
    record Header(String format, String origin) implements BundleLine {
        public static final String FORMAT = "holdfast-audit-bundle/1";

        public Header {
            if (!FORMAT.equals(format)) {
                throw new IllegalArgumentException("the format is '%s', and known is '%s'".formatted(format, FORMAT));
            }
            require("origin", origin);
        }

        public static Header of(String origin) {
            return new Header(FORMAT, origin);
        }
    }

    /** @param checkpoint a signed note */
    record SignedCheckpoint(String checkpoint) implements BundleLine {
        public SignedCheckpoint {
            require("checkpoint", checkpoint);
        }
    }

    /**
     * An event at its place in the log. As text where text has to be parsed, so that what cannot be is still known by
     * its user and version.
     *
     * @param leaf its number, from 0
     * @param address in base64; absent when the event has none
     * @param hash in hexadecimal
     * @param gone true when the user is erased and the content destroyed: what remains is the hash, which links the
     *     user's other events and is in the tree, but nothing shows whose it was
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Leaf(
            long leaf,
            String userId,
            long version,
            @Nullable String eventId,
            @Nullable String op,
            @Nullable String recordedAt,
            @Nullable String validFrom,
            @Nullable String address,
            @Nullable String actor,
            @Nullable String reason,
            @Nullable String source,
            String hash,
            @Nullable Boolean gone)
            implements BundleLine {
        public Leaf {
            require("userId", userId);
            require("hash", hash);
        }

        public static Leaf of(long leaf, EventContent event, Hash hash) {
            Ciphertext address = event.address();
            return new Leaf(
                    leaf,
                    event.userId().toString(),
                    event.version(),
                    event.eventId().toString(),
                    String.valueOf(event.op()),
                    event.recordedAt().toString(),
                    event.validFrom().toString(),
                    address == null ? null : address.base64(),
                    event.actor(),
                    event.reason(),
                    event.source(),
                    hash.hex(),
                    null);
        }

        public static Leaf gone(long leaf, UUID userId, long version, Hash hash) {
            return new Leaf(
                    leaf, userId.toString(), version, null, null, null, null, null, null, null, null, hash.hex(), true);
        }

        boolean hasContent() {
            return !Boolean.TRUE.equals(gone);
        }

        /** @throws IllegalArgumentException when one of them is missing or malformed */
        EventContent content() {
            return new EventContent(
                    user(),
                    version,
                    uuid("eventId", require("eventId", eventId)),
                    character(require("op", op)),
                    instant("recordedAt", require("recordedAt", recordedAt)),
                    instant("validFrom", require("validFrom", validFrom)),
                    address == null ? null : Ciphertext.ofBase64(address),
                    require("actor", actor),
                    reason,
                    require("source", source));
        }

        /** @throws IllegalArgumentException when it is none */
        UUID user() {
            return uuid("userId", userId);
        }

        /** @throws IllegalArgumentException when it is none */
        Hash eventHash() {
            return Hash.ofHex(hash);
        }

        private static UUID uuid(String name, String text) {
            UUID parsed = UUID.fromString(text);
            if (!parsed.toString().equalsIgnoreCase(text)) {
                throw new IllegalArgumentException("%s '%s' is not a UUID".formatted(name, text));
            }
            return parsed;
        }

        private static char character(String op) {
            if (op.length() != 1) {
                throw new IllegalArgumentException("op '%s' is not one letter".formatted(op));
            }
            return op.charAt(0);
        }

        private static Instant instant(String name, String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException other) {
                throw new IllegalArgumentException("%s '%s' is not an instant".formatted(name, text), other);
            }
        }
    }

    /** @throws IllegalArgumentException for a line that is none of these */
    static BundleLine parse(String text) {
        return BundleJson.parse(text);
    }

    default String toJson() {
        return BundleJson.write(this);
    }

    private static <T> T require(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("%s is missing".formatted(name));
        }
        return value;
    }
}
