package dev.holdfast.audit.email;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Many versions of one user in few bytes. By columns, because what is alike compresses when it lies side by side; each as the
 * difference from the one before; then deflated. What is random stays as large as it is: of an event id of version 7, which begins
 * with about the time of its event, 10 bytes.
 *
 * <p>Numbers are variable-length, 7 bits a byte, the lowest first; signed ones are folded so that small ones stay short (both as
 * in <a href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers</a>). The first byte is the format's version.
 */
final class PackCodec {
    /** More in one row do not compress better, and each read opens all of them. */
    static final int EVENTS_MAX = 256;

    private static final int FORMAT = 1;
    private static final int SIZE_MAX = 1 << 20;
    private static final int VERSION_7 = 7;

    private PackCodec() {}

    /** @param events with versions that follow each other, at most {@link #EVENTS_MAX} */
    static byte[] encode(List<PlainEvent> events) {
        if (events.isEmpty() || events.size() > EVENTS_MAX) {
            throw new IllegalArgumentException(
                    "A pack has 1 to %d events, not %d".formatted(EVENTS_MAX, events.size()));
        }
        var out = new Writer();
        out.number(events.size());
        out.number(events.getFirst().version());
        long before = 0;
        for (PlainEvent event : events) {
            long micros = micros(event.recordedAt());
            out.signed(micros - before);
            before = micros;
        }
        events.forEach(event -> out.number(micros(event.recordedAt()) - micros(event.validFrom())));
        events.forEach(event -> out.id(event.eventId(), event.recordedAt().toEpochMilli()));
        events.forEach(event -> out.bytes.write(event.op().letter()));
        out.addresses(events);
        out.texts(events, PlainEvent::actor);
        out.texts(events, PlainEvent::reason);
        out.texts(events, PlainEvent::source);
        return deflate(out.bytes.toByteArray());
    }

    /** @throws IllegalArgumentException for what was not encoded here */
    static List<PlainEvent> decode(byte[] pack) {
        var in = new Reader(ByteBuffer.wrap(inflate(pack)));
        int count = Math.toIntExact(in.number());
        if (count < 1 || count > EVENTS_MAX) {
            throw new IllegalArgumentException("A pack does not have %d events".formatted(count));
        }
        long version = in.number();
        var recorded = new long[count];
        long micros = 0;
        for (int i = 0; i < count; i++) {
            micros += in.signed();
            recorded[i] = micros;
        }
        var valid = new long[count];
        for (int i = 0; i < count; i++) {
            valid[i] = recorded[i] - in.number();
        }
        var ids = new UUID[count];
        for (int i = 0; i < count; i++) {
            ids[i] = in.id(Math.floorDiv(recorded[i], 1_000));
        }
        var ops = new EmailOp[count];
        for (int i = 0; i < count; i++) {
            ops[i] = EmailOp.ofLetter(String.valueOf((char) in.bytes.get()));
        }
        List<@Nullable EmailAddress> addresses = in.addresses(count);
        List<@Nullable String> actors = in.texts(count);
        List<@Nullable String> reasons = in.texts(count);
        List<@Nullable String> sources = in.texts(count);
        var events = new ArrayList<PlainEvent>(count);
        for (int i = 0; i < count; i++) {
            events.add(new PlainEvent(
                    version + i,
                    instant(recorded[i]),
                    instant(valid[i]),
                    ids[i],
                    ops[i],
                    addresses.get(i),
                    present(actors.get(i)),
                    reasons.get(i),
                    present(sources.get(i))));
        }
        return events;
    }

    private static String present(@Nullable String text) {
        if (text == null) {
            throw new IllegalArgumentException("An event has an actor and a source");
        }
        return text;
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static byte[] deflate(byte[] plain) {
        try (var deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setInput(plain);
            deflater.finish();
            var out = new ByteArrayOutputStream();
            out.write(FORMAT);
            var buffer = new byte[4096];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        }
    }

    private static byte[] inflate(byte[] pack) {
        if (pack.length < 2 || pack[0] != FORMAT) {
            throw new IllegalArgumentException("This is not a pack of format %d".formatted(FORMAT));
        }
        try (var inflater = new Inflater(true)) {
            inflater.setInput(pack, 1, pack.length - 1);
            var out = new ByteArrayOutputStream();
            var buffer = new byte[4096];
            while (!inflater.finished()) {
                int read = inflater.inflate(buffer);
                if (read == 0 || out.size() > SIZE_MAX) {
                    throw new IllegalArgumentException("The pack is cut off, or too large");
                }
                out.write(buffer, 0, read);
            }
            return out.toByteArray();
        } catch (DataFormatException broken) {
            throw new IllegalArgumentException("The pack is not deflated", broken);
        }
    }

    private static final class Writer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void number(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                bytes.write((int) (rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }

        void signed(long value) {
            number((value << 1) ^ (value >> 63));
        }

        /** 0 and all of it; or 1 and more: how far its time is from the event's, and what is random. */
        void id(UUID id, long recordedMillis) {
            if (id.version() != VERSION_7 || id.variant() != 2) {
                number(0);
                bytes.writeBytes(ByteBuffer.allocate(16)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .array());
                return;
            }
            long difference = (id.getMostSignificantBits() >>> 16) - recordedMillis;
            number(((difference << 1) ^ (difference >> 63)) + 1);
            bytes.writeBytes(ByteBuffer.allocate(10)
                    .putShort((short) (id.getMostSignificantBits() & 0xfff))
                    .putLong(id.getLeastSignificantBits())
                    .array());
        }

        /** Of each how much of the one before it begins and ends with, and what is between. */
        void addresses(List<PlainEvent> events) {
            byte[] before = {};
            for (PlainEvent event : events) {
                EmailAddress address = event.address();
                if (address == null) {
                    number(0);
                    continue;
                }
                byte[] text = address.bytes();
                int mismatch = Arrays.mismatch(before, text);
                int head = mismatch < 0 ? text.length : mismatch;
                int tail = 0;
                while (tail < Math.min(before.length, text.length) - head
                        && before[before.length - 1 - tail] == text[text.length - 1 - tail]) {
                    tail++;
                }
                number(head + 1L);
                number(tail);
                number(text.length - head - tail);
                bytes.write(text, head, text.length - head - tail);
                before = text;
            }
        }

        /** Each different text once, then which. */
        void texts(List<PlainEvent> events, Function<PlainEvent, @Nullable String> text) {
            Map<String, Integer> known = new LinkedHashMap<>();
            for (PlainEvent event : events) {
                String one = text.apply(event);
                if (one != null) {
                    known.putIfAbsent(one, known.size() + 1);
                }
            }
            number(known.size());
            known.keySet().forEach(one -> {
                byte[] utf8 = one.getBytes(StandardCharsets.UTF_8);
                number(utf8.length);
                bytes.writeBytes(utf8);
            });
            for (PlainEvent event : events) {
                String one = text.apply(event);
                number(one == null ? 0 : known.getOrDefault(one, 0));
            }
        }
    }

    private record Reader(ByteBuffer bytes) {
        long number() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                byte next = bytes.get();
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IllegalArgumentException("A number has no end");
        }

        long signed() {
            long folded = number();
            return (folded >>> 1) ^ -(folded & 1);
        }

        UUID id(long recordedMillis) {
            long folded = number();
            if (folded == 0) {
                return new UUID(bytes.getLong(), bytes.getLong());
            }
            long difference = ((folded - 1) >>> 1) ^ -((folded - 1) & 1);
            long random = bytes.getShort() & 0xfffL;
            return new UUID(((recordedMillis + difference) << 16) | 0x7000L | random, bytes.getLong());
        }

        List<@Nullable EmailAddress> addresses(int count) {
            var addresses = new ArrayList<@Nullable EmailAddress>(count);
            byte[] before = {};
            for (int i = 0; i < count; i++) {
                int head = Math.toIntExact(number()) - 1;
                if (head < 0) {
                    addresses.add(null);
                    continue;
                }
                int tail = Math.toIntExact(number());
                int middle = Math.toIntExact(number());
                if (head + tail > before.length || middle > bytes.remaining()) {
                    throw new IllegalArgumentException("An address is longer than the pack");
                }
                var text = Arrays.copyOf(before, head + middle + tail);
                bytes.get(text, head, middle);
                System.arraycopy(before, before.length - tail, text, head + middle, tail);
                addresses.add(EmailAddress.ofBytes(text));
                before = text;
            }
            return addresses;
        }

        List<@Nullable String> texts(int count) {
            int known = Math.toIntExact(number());
            List<String> different = new ArrayList<>();
            for (int i = 0; i < known; i++) {
                var utf8 = new byte[Math.toIntExact(number())];
                bytes.get(utf8);
                different.add(new String(utf8, StandardCharsets.UTF_8));
            }
            var texts = new ArrayList<@Nullable String>(count);
            for (int i = 0; i < count; i++) {
                int which = Math.toIntExact(number());
                texts.add(which == 0 ? null : different.get(which - 1));
            }
            return texts;
        }
    }
}
