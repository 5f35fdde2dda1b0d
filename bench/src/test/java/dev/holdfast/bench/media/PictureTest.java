package dev.holdfast.bench.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PictureTest {
    @Test
    void isAboutAsLargeAsAPhotograph() throws Exception {
        // When
        Picture picture = Picture.ofAbout(2_000, 1_333, 470_000);

        // Then
        assertThat(picture.copy(1)).hasSizeBetween(400_000, 470_000);
        Picture.check(picture.copy(1), 2_000, 1_333);
    }

    @Test
    void hasCopiesThatShowTheSameAndAreOtherBytes() throws Exception {
        // Given
        Picture picture = Picture.of(300, 200, 50_000);

        // When
        var hashes = IntStream.range(0, 300)
                .mapToObj(picture::copy)
                .map(Picture::sha256)
                .toList();

        // Then
        assertThat(hashes).doesNotHaveDuplicates();
        assertThat(picture.copy(299))
                .hasSize(50_000)
                .startsWith(Arrays.copyOf(picture.copy(0), picture.pictureLength()));
    }

    @Test
    void isCheckedForItsSize() throws Exception {
        // Given
        byte[] image = Picture.of(300, 200, 50_000).copy(1);

        // Then
        assertThatThrownBy(() -> Picture.check(image, 300, 201)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Picture.check(new byte[100], 300, 200)).isInstanceOf(IllegalStateException.class);
    }
}
