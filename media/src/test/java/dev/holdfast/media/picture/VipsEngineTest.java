package dev.holdfast.media.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.media.picture.PictureResult.Rendered;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class VipsEngineTest extends PictureEngineContract {
    @Override
    PictureEngine open() {
        VipsLibrary.assume();
        return new VipsEngine();
    }

    @Test
    void readsAvif() throws Exception {
        // When
        Rendered rendered = render(SamplePictures.avif(), Preset.THUMB.in(PictureFormat.PNG));

        // Then
        assertThat(rendered).extracting(Rendered::width, Rendered::height).containsExactly(64, 48);
        assertLooksLikeGradient(result());
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBP", "AVIF"})
    void writesWhatBrowsersLike(PictureFormat format) throws Exception {
        // Given
        byte[] jpeg = SamplePictures.jpeg(SamplePictures.gradient(640, 480));

        // When
        Rendered rendered = render(jpeg, Preset.THUMB.in(format));

        // Then
        assertThat(rendered.format()).isEqualTo(format);
        assertThat(PictureFormat.sniff(Files.readAllBytes(target()))).contains(format);
    }

    /** Whoever gets past the inspection with something else finds nobody who reads it; the library could read all of these. */
    @ParameterizedTest(name = "{index}")
    @MethodSource
    void hasNoReaderForAnythingElse(byte[] content) throws Exception {
        // Given
        Path source = Files.write(folder.resolve("source"), content);
        var header = new PictureHeader(PictureFormat.JPEG, 8, 8, 1, 1, content.length);

        // When / Then
        assertThatThrownBy(() -> engine.render(source, header, Preset.THUMB.in(PictureFormat.PNG), target()))
                .isInstanceOf(RefusedException.class);
    }

    static Stream<byte[]> hasNoReaderForAnythingElse() {
        return Stream.of(
                SamplePictures.ascii("<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'/>"),
                SamplePictures.ascii("P3 8 8 255 " + "0 0 0\n".repeat(64)),
                SamplePictures.tiff(SamplePictures.gradient(8, 8)));
    }
}
