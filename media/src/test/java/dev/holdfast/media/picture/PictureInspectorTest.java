package dev.holdfast.media.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.media.picture.Inspection.Accepted;
import dev.holdfast.media.picture.Inspection.Refused;
import dev.holdfast.media.picture.Refusal.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureInspectorTest {
    private static final PictureLimits LIMITS = new PictureLimits(1_000_000, 5_000_000, 4_000, 5, 1_000);

    @TempDir
    Path folder;

    @Test
    void readsAJpegsHeader() throws IOException {
        // Given
        byte[] jpeg = SamplePictures.withExif(SamplePictures.jpeg(SamplePictures.gradient(300, 200)), 6);

        // When
        PictureHeader header = accepted(jpeg);

        // Then
        assertThat(header).isEqualTo(new PictureHeader(PictureFormat.JPEG, 300, 200, 6, 1, jpeg.length));
        assertThat(header.shownWidth()).isEqualTo(200);
        assertThat(header.shownHeight()).isEqualTo(300);
    }

    @Test
    void readsAProgressiveJpegsHeader() throws IOException {
        // Given
        byte[] jpeg = SamplePictures.progressiveJpeg(SamplePictures.gradient(30, 20));

        // When / Then
        assertThat(accepted(jpeg)).isEqualTo(new PictureHeader(PictureFormat.JPEG, 30, 20, 1, 1, jpeg.length));
    }

    @Test
    void readsAPngsHeader() throws IOException {
        // Given
        byte[] png = SamplePictures.png(SamplePictures.gradient(30, 20));
        byte[] turned = afterPngHeader(png, SamplePictures.chunk("eXIf", SamplePictures.exif(8)));

        // When / Then
        assertThat(accepted(turned)).isEqualTo(new PictureHeader(PictureFormat.PNG, 30, 20, 8, 1, turned.length));
    }

    @Test
    void countsThePicturesOfAnAnimatedPng() throws IOException {
        // Given
        byte[] png = SamplePictures.png(SamplePictures.gradient(30, 20));
        byte[] animated = afterPngHeader(
                png,
                SamplePictures.chunk(
                        "acTL", ByteBuffer.allocate(8).putInt(4).putInt(0).array()));

        // When / Then
        assertThat(accepted(animated).frames()).isEqualTo(4);
    }

    @Test
    void readsAGifsHeader() throws IOException {
        // Given
        byte[] gif = SamplePictures.animatedGif(3, SamplePictures.gradient(30, 20));

        // When / Then
        assertThat(accepted(gif)).isEqualTo(new PictureHeader(PictureFormat.GIF, 30, 20, 1, 3, gif.length));
    }

    @Test
    void readsTheHeadersOfBothKindsOfWebp() throws IOException {
        // Given
        byte[] lossy = SamplePictures.lossyWebp();
        byte[] lossless = LosslessWebp.of(SamplePictures.gradient(300, 20));

        // When / Then
        assertThat(accepted(lossy)).isEqualTo(new PictureHeader(PictureFormat.WEBP, 64, 48, 1, 1, lossy.length));
        assertThat(accepted(lossless)).isEqualTo(new PictureHeader(PictureFormat.WEBP, 300, 20, 1, 1, lossless.length));
    }

    @Test
    void readsAnAvifsHeader() throws IOException {
        // Given
        byte[] avif = SamplePictures.avif();

        // When / Then
        assertThat(accepted(avif)).isEqualTo(new PictureHeader(PictureFormat.AVIF, 64, 48, 1, 1, avif.length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "G",
                "hello",
                "<svg xmlns='http://www.w3.org/2000/svg'/>",
                "<html><img src='x.jpg'></html>",
                "%PDF-1.7",
                "II*\0",
                "BM\0\0\0\0",
                "8BPS",
                "P6 1 1 255 abc",
                "PK\3\4",
                "\0\0\0\30ftypheic\0\0\0\0mif1heic",
                "\0\0\0\20ftypmp42\0\0\0\0avif"
            })
    void letsInNothingElse(String content) throws IOException {
        // When
        Refusal refusal = refused(SamplePictures.ascii(content));

        // Then
        assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED);
        assertThat(refusal.text()).contains("JPEG, PNG, WebP, GIF or AVIF");
    }

    @Test
    void refusesWhatHasTooManyBytesUnread() throws IOException {
        // Given
        byte[] large = Arrays.copyOf(SamplePictures.jpeg(SamplePictures.gradient(30, 20)), 1_000_001);

        // When / Then
        assertThat(refused(large)).satisfies(refusal -> {
            assertThat(refusal.reason()).isEqualTo(Reason.TOO_MANY_BYTES);
            assertThat(refusal.text()).contains("1,000,001").contains("1,000,000");
        });
    }

    @Test
    void refusesTooLongASide() throws IOException {
        // When / Then
        assertThat(refused(SamplePictures.blackPng(4_001, 1, 1)).reason()).isEqualTo(Reason.SIDE_TOO_LONG);
        assertThat(refused(SamplePictures.blackPng(1, Integer.MAX_VALUE, 1)).reason())
                .isEqualTo(Reason.SIDE_TOO_LONG);
    }

    @Test
    void refusesTooManyPixels() throws IOException {
        // When / Then
        assertThat(refused(SamplePictures.blackPng(3_000, 3_000, 1)).reason()).isEqualTo(Reason.TOO_MANY_PIXELS);
    }

    @Test
    void refusesTooManyPixelsInTooFewBytes() throws IOException {
        // When / Then
        assertThat(refused(SamplePictures.blackPng(2_100, 2_100, 1)).reason()).isEqualTo(Reason.TOO_FEW_BYTES);
    }

    @Test
    void refusesTooManyFrames() throws IOException {
        // When / Then
        assertThat(refused(SamplePictures.animatedGif(6, SamplePictures.gradient(3, 2)))
                        .reason())
                .isEqualTo(Reason.TOO_MANY_FRAMES);
    }

    @Test
    void refusesNoPixels() throws IOException {
        // When / Then
        assertThat(refused(SamplePictures.blackPng(0, 10, 1)).reason()).isEqualTo(Reason.BROKEN);
    }

    @Test
    void takesAPictureWithSomethingBehindItForThePictureThatItIs() throws IOException {
        // Given
        byte[] polyglot = SamplePictures.concat(
                SamplePictures.jpeg(SamplePictures.gradient(30, 20)),
                SamplePictures.ascii("PK\3\4<script>alert(1)</script>"));

        // When / Then
        assertThat(accepted(polyglot).format()).isEqualTo(PictureFormat.JPEG);
    }

    @Test
    void refusesACanvasThatIsNotOfThePicturesSize() throws IOException {
        // Given: 10 × 10, and 300 × 20 in it
        byte[] picture = LosslessWebp.of(SamplePictures.gradient(300, 20));
        byte[] canvas = SamplePictures.ascii("VP8X\12\0\0\0\0\0\0\0\11\0\0\11\0\0");
        byte[] webp = SamplePictures.concat(
                SamplePictures.ascii("RIFF"),
                littleEndian(4 + canvas.length + picture.length - 12),
                SamplePictures.ascii("WEBP"),
                canvas,
                Arrays.copyOfRange(picture, 12, picture.length));

        // When / Then
        assertThat(refused(webp).reason()).isEqualTo(Reason.BROKEN);
    }

    @Test
    void refusesAnotherCodecInAnAvif() throws IOException {
        // Given
        byte[] avif = replaced(SamplePictures.avif(), "av01", "hvc1");

        // When / Then
        assertThat(refused(avif)).satisfies(refusal -> {
            assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED);
            assertThat(refusal.text()).contains("not AV1");
        });
    }

    /** Whatever is in a file, it is accepted or refused, and nothing else happens. */
    @Test
    void findsAnAnswerForEveryByteThatIsChangedAndEveryPlaceToCutAFile() throws IOException {
        // Given
        Random random = new Random(7);
        PictureInspector inspector = new PictureInspector(LIMITS);
        Path file = folder.resolve("mutant");
        for (byte[] sample : new byte[][] {
            SamplePictures.withExif(SamplePictures.jpeg(SamplePictures.gradient(30, 20)), 6),
            afterPngHeader(
                    SamplePictures.png(SamplePictures.gradient(30, 20)),
                    SamplePictures.chunk("eXIf", SamplePictures.exif(8))),
            SamplePictures.animatedGif(3, SamplePictures.gradient(30, 20)),
            SamplePictures.lossyWebp(),
            LosslessWebp.of(SamplePictures.gradient(30, 20)),
            SamplePictures.avif()
        }) {
            for (int at = 0; at < Math.min(sample.length, 600); at++) {
                byte[] mutant = sample.clone();
                mutant[at] = (byte) random.nextInt();

                // When
                Inspection changed = inspector.inspect(Files.write(file, mutant));
                Inspection cut = inspector.inspect(Files.write(file, Arrays.copyOf(sample, at)));

                // Then
                assertThat(changed).isNotNull();
                assertThat(cut).isNotNull();
            }
        }
    }

    @Test
    void doesNotBlameThePictureForAFileThatIsNotThere() {
        // When / Then
        assertThatThrownBy(() -> new PictureInspector(LIMITS).inspect(folder.resolve("missing")))
                .isInstanceOf(NoSuchFileException.class);
    }

    private PictureHeader accepted(byte[] content) throws IOException {
        return switch (inspect(content)) {
            case Accepted(PictureHeader header) -> header;
            case Refused(Refusal refusal) -> throw new AssertionError(refusal);
        };
    }

    private Refusal refused(byte[] content) throws IOException {
        return switch (inspect(content)) {
            case Accepted(PictureHeader header) -> throw new AssertionError(header);
            case Refused(Refusal refusal) -> refusal;
        };
    }

    private Inspection inspect(byte[] content) throws IOException {
        return new PictureInspector(LIMITS).inspect(Files.write(folder.resolve("file"), content));
    }

    private static byte[] afterPngHeader(byte[] png, byte[] chunk) {
        return SamplePictures.concat(Arrays.copyOf(png, 33), chunk, Arrays.copyOfRange(png, 33, png.length));
    }

    private static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(4).putInt(Integer.reverseBytes(value)).array();
    }

    private static byte[] replaced(byte[] content, String from, String to) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        return SamplePictures.ascii(text.replace(from, to));
    }
}
