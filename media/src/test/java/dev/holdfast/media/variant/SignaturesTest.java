package dev.holdfast.media.variant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.media.store.Sha256;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignaturesTest {
    private static final Sha256 IMAGE = Sha256.of(new byte[] {1});
    private static final Sha256 ANOTHER = Sha256.of(new byte[] {2});
    private static final CustomSize SIZE = size(IMAGE, "500", "300", "cover", "jpg");

    private final Signatures signatures = Signatures.by(List.of(key(1)));

    private static String key(int seed) {
        var bytes = new byte[32];
        bytes[0] = (byte) seed;
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static CustomSize size(
            Sha256 image, @Nullable String w, @Nullable String h, @Nullable String fit, @Nullable String format) {
        return CustomSize.of(image, w, h, fit, format);
    }

    private static String signed(Signatures by, CustomSize size) {
        return by.sign(size).orElseThrow();
    }

    @Test
    void whatIsSignedIsAcceptedHoweverItIsWritten() {
        assertThat(signatures.accept(size(IMAGE, "0500", "+300", "cover", "jpg"), signed(signatures, SIZE)))
                .isTrue();
    }

    @Test
    void everyPartOfASizeIsSigned() {
        List<CustomSize> sizes = List.of(
                SIZE,
                size(ANOTHER, "500", "300", "cover", "jpg"),
                size(IMAGE, "501", "300", "cover", "jpg"),
                size(IMAGE, "500", "301", "cover", "jpg"),
                size(IMAGE, "300", "500", "cover", "jpg"),
                size(IMAGE, "500", "300", "contain", "jpg"),
                size(IMAGE, "500", "300", null, "png"),
                size(IMAGE, "500", "300", null, null),
                size(IMAGE, "500", null, null, null),
                size(IMAGE, null, "500", null, null),
                // what is written the same without what stands between
                size(IMAGE, "50", "0300", "cover", "jpg"),
                size(IMAGE, "5003", "00", "contain", "jpg"));

        assertThat(new HashSet<>(
                        sizes.stream().map(size -> signed(signatures, size)).toList()))
                .hasSameSizeAs(sizes);
        assertThat(sizes.stream().filter(size -> signatures.accept(size, signed(signatures, SIZE))))
                .containsExactly(SIZE);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "AAAA", "=", "\u00fc"})
    void nothingElseIsASignature(@Nullable String signature) {
        assertThat(signatures.accept(SIZE, signature)).isFalse();
    }

    /** The last digit has bits that mean nothing. */
    @Test
    void aSignatureIsWrittenInOneWay() {
        String signature = signed(signatures, SIZE);
        String start = signature.substring(0, signature.length() - 1);
        assertThat(Stream.of("A", "B", "C", "Q", "w", "_", "")
                        .map(start::concat)
                        .filter(other -> !other.equals(signature)))
                .noneMatch(other -> signatures.accept(SIZE, other));
    }

    @Test
    void keysAreReplacedWithoutBreakingPages() {
        // Given
        String old = signed(signatures, SIZE);

        // When
        Signatures both = Signatures.by(List.of(key(2), key(1)));
        Signatures later = Signatures.by(List.of(key(2)));

        // Then
        assertThat(both.accept(SIZE, old)).isTrue();
        assertThat(signed(both, SIZE)).isEqualTo(signed(later, SIZE)).isNotEqualTo(old);
        assertThat(later.accept(SIZE, signed(both, SIZE))).isTrue();
        assertThat(later.accept(SIZE, old)).isFalse();
    }

    @Test
    void withoutAKeyNothingIsSignedAndNothingAccepted() {
        Signatures none = Signatures.by(List.of());
        assertThat(none.sign(SIZE)).isEmpty();
        assertThat(none.accept(SIZE, "")).isFalse();
        assertThat(none.accept(SIZE, signed(signatures, SIZE))).isFalse();
    }

    @Test
    void aKeyThatIsNoneIsNamed() {
        assertThatThrownBy(() -> Signatures.by(List.of(key(1), "c2hvcnQ=")))
                .hasMessageContaining("media.variant.signing-keys[1]")
                .hasMessageContaining("openssl rand");
    }

    @ParameterizedTest
    @CsvSource({
        ",,,,has to be given",
        "0,0,,,has to be given",
        "5,,cover,,both",
        "16385,,,,16384",
        "-1,,,,16384",
        "five,,,,w is a number",
        ",5.5,,,h is a number",
        "5,,squeeze,,contain or cover",
        "5,,COVER,,contain or cover",
        "5,,,gif,'avif, jpg, png, webp'",
    })
    void whatIsNoSizeIsSaidSo(
            @Nullable String w, @Nullable String h, @Nullable String fit, @Nullable String format, String text) {
        assertThatThrownBy(() -> size(IMAGE, w, h, fit, format))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(text);
    }
}
