package dev.holdfast.audit.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HashTest {
    @Test
    void isTheHashOfAllPartsTogether() {
        // Given the example of FIPS 180-2
        byte[] a = "a".getBytes(StandardCharsets.US_ASCII);
        byte[] bc = "bc".getBytes(StandardCharsets.US_ASCII);

        // When
        Hash hash = Hash.sha256(a, bc);

        // Then
        assertThat(hash).hasToString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void comparesByValueAndSurvivesChangesOfItsBytes() {
        // Given
        Hash hash = Hash.of(new byte[Hash.LENGTH]);

        // When
        hash.bytes()[0] = 1;

        // Then
        assertThat(hash).isEqualTo(Hash.ZERO).hasSameHashCodeAs(Hash.ZERO).isEqualTo(Hash.ofHex(hash.hex()));
    }

    @Test
    void refusesAnythingButThirtyTwoBytes() {
        assertThatThrownBy(() -> Hash.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hash.ofHex("00")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hash.ofHex("x".repeat(64))).isInstanceOf(IllegalArgumentException.class);
    }
}
