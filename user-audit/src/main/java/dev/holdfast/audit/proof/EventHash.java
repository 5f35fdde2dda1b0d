package dev.holdfast.audit.proof;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Hashes an event in a binary encoding that is frozen: hashes are kept for ever, and a text such as JSON has many forms
 * for one content. The database computes the same in SQL. In this order, integers big-endian:
 *
 * <ol>
 *   <li>the version of this encoding, {@code 0x01}
 *   <li>user id (16 bytes), version (8 bytes), event id (16 bytes), op (1 byte of ASCII)
 *   <li>recorded at, valid from (8 bytes each): microseconds since 1970-01-01 in UTC
 *   <li>address, actor, reason, source: a length of 4 bytes, then the bytes, of a text in UTF-8; a length of -1 for
 *       none
 *   <li>the hash of the user's previous event (32 bytes)
 * </ol>
 *
 * A length before each makes the encoding injective: no two contents have the same bytes. A change of it needs another
 * version.
 */
public final class EventHash {
    private static final int VERSION = 1;
    private static final int NONE = -1;

    private EventHash() {}

    /** @param previous of the same user; {@link Hash#ZERO} before the first */
    public static Hash of(EventContent event, Hash previous) {
        return Hash.sha256(encode(event, previous));
    }

    static byte[] encode(EventContent event, Hash previous) {
        Ciphertext address = event.address();
        var encoding = new ByteArrayOutputStream();
        encoding.write(VERSION);
        writeUuid(encoding, event.userId());
        writeLong(encoding, event.version());
        writeUuid(encoding, event.eventId());
        encoding.write(event.op());
        writeLong(encoding, Micros.of(event.recordedAt()));
        writeLong(encoding, Micros.of(event.validFrom()));
        writeBytes(encoding, address == null ? null : address.bytes());
        writeText(encoding, event.actor());
        writeText(encoding, event.reason());
        writeText(encoding, event.source());
        encoding.writeBytes(previous.bytes());
        return encoding.toByteArray();
    }

    private static void writeUuid(ByteArrayOutputStream encoding, UUID id) {
        writeLong(encoding, id.getMostSignificantBits());
        writeLong(encoding, id.getLeastSignificantBits());
    }

    private static void writeLong(ByteArrayOutputStream encoding, long value) {
        encoding.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    private static void writeText(ByteArrayOutputStream encoding, @Nullable String text) {
        writeBytes(encoding, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    private static void writeBytes(ByteArrayOutputStream encoding, byte @Nullable [] bytes) {
        int length = bytes == null ? NONE : bytes.length;
        encoding.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
        if (bytes != null) {
            encoding.writeBytes(bytes);
        }
    }
}
