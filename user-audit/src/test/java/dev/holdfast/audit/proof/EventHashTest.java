package dev.holdfast.audit.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventHashTest {
    private static final UUID USER = UUID.fromString("0190b8a0-7c00-7000-8000-0000000000a1");
    private static final UUID EVENT = UUID.fromString("0190b8a0-7c00-7000-8000-0000000000e1");
    private static final Instant RECORDED = Instant.parse("2026-03-01T12:00:00.123456Z");
    private static final Instant VALID = Instant.parse("1969-12-31T23:59:59.999999Z");
    private static final Ciphertext ADDRESS = Ciphertext.of(HexFormat.of().parseHex("f8f9fafbfcfdfeff0001"));

    private static final EventContent REGISTERED =
            new EventContent(USER, 1, EVENT, 'r', RECORDED, VALID, ADDRESS, "ada", "Zürich → Genève", "api");

    /**
     * The vectors come from a few lines of Python with struct and hashlib; the encoding is frozen, so they never
     * change.
     */
    @Test
    void isTheHashOfTheFrozenEncoding() {
        // When
        byte[] encoding = EventHash.encode(REGISTERED, Hash.ZERO);

        // Then
        assertThat(HexFormat.of().formatHex(encoding))
                .isEqualTo("01" + "0190b8a07c00700080000000000000a1" + "0000000000000001"
                        + "0190b8a07c00700080000000000000e1" + "72"
                        + "00064bf535b0f240" + "ffffffffffffffff"
                        + "0000000a" + "f8f9fafbfcfdfeff0001"
                        + "00000003" + "616461"
                        + "00000013" + "5ac3bc7269636820e286922047656ec3a87665"
                        + "00000003" + "617069"
                        + "00".repeat(32));
        assertThat(EventHash.of(REGISTERED, Hash.ZERO))
                .hasToString("5a454c95d6b147f3da75d9ced8350e1a801102d86ae8959fc812aeb8b24021de");
    }

    @Test
    void coversThePreviousHashAndWhatIsMissing() {
        // Given
        Hash previous = EventHash.of(REGISTERED, Hash.ZERO);
        var erased = new EventContent(
                USER,
                2,
                UUID.fromString("0190b8a0-7c00-7000-8000-0000000000e2"),
                'e',
                Instant.parse("2026-03-01T12:00:00.123457Z"),
                Instant.parse("2026-03-01T12:00:00Z"),
                null,
                "",
                null,
                "");

        // When
        Hash hash = EventHash.of(erased, previous);

        // Then
        assertThat(hash).hasToString("1c442ae67ceab99d37fe505efae079edab655ca0c6691812f2d658f9a4c46cbe");
    }

    @Test
    void differsWhenAnythingDiffers() {
        // Given
        Ciphertext none = Ciphertext.of(new byte[0]);
        Instant later = RECORDED.plusNanos(1_000);
        List<EventContent> contents = List.of(
                REGISTERED,
                new EventContent(EVENT, 1, EVENT, 'r', RECORDED, VALID, ADDRESS, "ada", "Zürich → Genève", "api"),
                new EventContent(USER, 2, EVENT, 'r', RECORDED, VALID, ADDRESS, "ada", "Zürich → Genève", "api"),
                new EventContent(USER, 1, USER, 'r', RECORDED, VALID, ADDRESS, "ada", "Zürich → Genève", "api"),
                new EventContent(USER, 1, EVENT, 'c', RECORDED, VALID, ADDRESS, "ada", "Zürich → Genève", "api"),
                new EventContent(USER, 1, EVENT, 'r', later, VALID, ADDRESS, "ada", "Zürich → Genève", "api"),
                new EventContent(USER, 1, EVENT, 'r', RECORDED, later, ADDRESS, "ada", "Zürich → Genève", "api"),
                new EventContent(USER, 1, EVENT, 'r', RECORDED, VALID, none, "ada", "Zürich → Genève", "api"),
                new EventContent(USER, 1, EVENT, 'r', RECORDED, VALID, null, "ada", "Zürich → Genève", "api"),
                new EventContent(USER, 1, EVENT, 'r', RECORDED, VALID, ADDRESS, "ad", "aZürich → Genève", "api"),
                new EventContent(USER, 1, EVENT, 'r', RECORDED, VALID, ADDRESS, "ada", "", "api"),
                new EventContent(USER, 1, EVENT, 'r', RECORDED, VALID, ADDRESS, "ada", null, "api"),
                new EventContent(USER, 1, EVENT, 'r', RECORDED, VALID, ADDRESS, "ada", "Zürich → Genève", "ap"));

        // When
        List<Hash> hashes = contents.stream()
                .map(content -> EventHash.of(content, Hash.ZERO))
                .toList();

        // Then
        assertThat(hashes).doesNotHaveDuplicates();
        assertThat(EventHash.of(REGISTERED, Hash.sha256())).isNotIn(hashes);
    }

    @Test
    void reachesFromTheYearOneToTheYear9999() {
        assertThat(Micros.of(Instant.parse("0001-01-01T00:00:00Z"))).isEqualTo(-62_135_596_800_000_000L);
        assertThat(Micros.of(Instant.parse("9999-12-31T23:59:59.999999Z"))).isEqualTo(253_402_300_799_999_999L);
    }

    @Test
    void refusesWhatCannotBeEncodedWithoutLoss() {
        refuses(1, 'r', RECORDED.plusNanos(1), "ada", "finer than a microsecond");
        refuses(1, 'r', Instant.MAX, "ada", "9999");
        refuses(1, 'x', RECORDED, "ada", "'x'");
        refuses(0, 'r', RECORDED, "ada", "version 0");
        refuses(1, 'r', RECORDED, "\ud800", "half of a character");
    }

    private static void refuses(long version, char op, Instant recordedAt, String actor, String why) {
        assertThatThrownBy(() ->
                        new EventContent(USER, version, EVENT, op, recordedAt, VALID, ADDRESS, actor, null, "api"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
