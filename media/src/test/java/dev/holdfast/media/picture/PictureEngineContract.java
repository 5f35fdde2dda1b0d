package dev.holdfast.media.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.media.picture.Inspection.Accepted;
import dev.holdfast.media.picture.PictureResult.Rendered;
import dev.holdfast.media.picture.PictureSpec.Fit;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine gives for the same picture. Colours may differ by what JPEG and rounding make of them. */
abstract class PictureEngineContract {
    private static final int TOLERANCE = 8;

    @TempDir
    Path folder;

    PictureEngine engine;

    abstract PictureEngine open();

    @BeforeEach
    void openEngine() {
        engine = open();
    }

    @Test
    void containsThePictureInTheBoxInItsShape() throws Exception {
        // Given
        byte[] jpeg = SamplePictures.jpeg(SamplePictures.gradient(900, 600));

        // When
        Rendered rendered = render(jpeg, Preset.CARD.in(PictureFormat.JPEG));

        // Then
        assertThat(rendered).isEqualTo(new Rendered(PictureFormat.JPEG, 480, 320, Files.size(target())));
        assertLooksLikeGradient(result());
    }

    @Test
    void averagesWhatBecomesOnePixel() throws Exception {
        // Given
        BufferedImage stripes = SamplePictures.plain(1600, 1200, 0);
        for (int y = 0; y < 1200; y++) {
            for (int x = y % 2; x < 1600; x += 2) {
                stripes.setRGB(x, y, 0xffffff);
            }
        }

        // When
        render(SamplePictures.png(stripes), Preset.THUMB.in(PictureFormat.PNG));

        // Then
        assertColour(result(), 20, 20, 0x7f7f7f);
        assertColour(result(), 81, 61, 0x7f7f7f);
    }

    @Test
    void takesTheSideThatIsLeftOutFromTheOther() throws Exception {
        // Given
        byte[] jpeg = SamplePictures.jpeg(SamplePictures.gradient(900, 600));

        // When
        Rendered rendered = render(jpeg, new PictureSpec(0, 100, Fit.CONTAIN, PictureFormat.JPEG));

        // Then
        assertThat(rendered.width()).isEqualTo(150);
    }

    @Test
    void neverEnlarges() throws Exception {
        // Given
        byte[] png = SamplePictures.png(SamplePictures.gradient(30, 20));

        // When
        Rendered rendered = render(png, Preset.FULL.in(PictureFormat.PNG));

        // Then
        assertThat(rendered).extracting(Rendered::width, Rendered::height).containsExactly(30, 20);
        assertLooksLikeGradient(result());
    }

    @Test
    void coversTheBoxWithTheMiddleOfThePicture() throws Exception {
        // Given
        byte[] jpeg = SamplePictures.jpeg(SamplePictures.quadrants(800, 400));

        // When
        Rendered rendered = render(jpeg, new PictureSpec(100, 100, Fit.COVER, PictureFormat.JPEG));

        // Then
        assertThat(rendered).extracting(Rendered::width, Rendered::height).containsExactly(100, 100);
        assertQuadrants(result());
    }

    @Test
    void keepsTheShapeOfABoxThatIsLargerThanThePicture() throws Exception {
        // Given
        byte[] jpeg = SamplePictures.jpeg(SamplePictures.quadrants(100, 80));

        // When
        Rendered rendered = render(jpeg, new PictureSpec(400, 400, Fit.COVER, PictureFormat.JPEG));

        // Then
        assertThat(rendered).extracting(Rendered::width, Rendered::height).containsExactly(80, 80);
        assertQuadrants(result());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void turnsThePictureUpright(int orientation) throws Exception {
        // Given
        BufferedImage stored = stored(SamplePictures.quadrants(640, 320), orientation);
        byte[] jpeg = SamplePictures.withExif(SamplePictures.jpeg(stored), orientation);

        // When
        Rendered rendered = render(jpeg, Preset.THUMB.in(PictureFormat.JPEG));

        // Then
        assertThat(rendered).extracting(Rendered::width, Rendered::height).containsExactly(160, 80);
        assertQuadrants(result());
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 8})
    void cropsWhatIsShownAndNotWhatIsStored(int orientation) throws Exception {
        // Given
        BufferedImage stored = stored(SamplePictures.quadrants(640, 320), orientation);
        byte[] jpeg = SamplePictures.withExif(SamplePictures.jpeg(stored), orientation);

        // When
        Rendered rendered = render(jpeg, new PictureSpec(40, 120, Fit.COVER, PictureFormat.PNG));

        // Then
        assertThat(rendered).extracting(Rendered::width, Rendered::height).containsExactly(40, 120);
        assertQuadrants(result());
    }

    @Test
    void carriesNoMetadataOver() throws Exception {
        // Given
        byte[] jpeg = SamplePictures.withExif(SamplePictures.jpeg(SamplePictures.gradient(300, 200)), 6);

        // When
        render(jpeg, Preset.FULL.in(PictureFormat.JPEG));

        // Then
        assertThat(new String(Files.readAllBytes(target()), StandardCharsets.ISO_8859_1))
                .doesNotContain("Exif")
                .doesNotContain("GPS")
                .doesNotContain("ICC_PROFILE");
    }

    @Test
    void convertsColoursOfAProfile() throws Exception {
        // Given
        BufferedImage picture = SamplePictures.plain(128, 64, 0x373737);
        picture.setRGB(64, 0, 64, 64, new int[64 * 64], 0, 64);
        byte[] jpeg = SamplePictures.withLinearProfile(SamplePictures.jpeg(picture));

        // When
        render(jpeg, Preset.FULL.in(PictureFormat.PNG));

        // Then
        assertColour(result(), 30, 30, 0x808080);
        assertColour(result(), 100, 30, 0x000000);
    }

    @Test
    void makesScreenColoursOfInks() throws Exception {
        // Given
        byte[] jpeg = SamplePictures.cmykJpeg(200, 100, 255, 0, 0, 0);

        // When
        render(jpeg, Preset.THUMB.in(PictureFormat.JPEG));

        // Then: cyan, of which each profile has its own idea
        int rgb = result().getRGB(80, 40);
        assertThat(rgb >> 16 & 0xff).isLessThan(60);
        assertThat(rgb >> 8 & 0xff).isBetween(130, 255);
        assertThat(rgb & 0xff).isGreaterThan(190);
    }

    @Test
    void leavesNoInkWhite() throws Exception {
        // Given
        byte[] jpeg = SamplePictures.cmykJpeg(200, 100, 0, 0, 0, 0);

        // When
        render(jpeg, Preset.THUMB.in(PictureFormat.JPEG));

        // Then
        assertColour(result(), 80, 40, 0xffffff);
    }

    @Test
    void putsWhatIsTransparentOnWhiteWhereThereIsNoTransparency() throws Exception {
        // Given
        byte[] png = SamplePictures.png(SamplePictures.halfTransparent(400, 200, 0x0000c0));

        // When
        render(png, Preset.THUMB.in(PictureFormat.JPEG));

        // Then
        assertColour(result(), 20, 40, 0x0000c0);
        assertColour(result(), 140, 40, 0xffffff);
    }

    @Test
    void keepsTransparencyWhereThereIs() throws Exception {
        // Given
        byte[] png = SamplePictures.png(SamplePictures.halfTransparent(400, 200, 0x0000c0));

        // When
        render(png, Preset.THUMB.in(PictureFormat.PNG));

        // Then: at the edge there is less of the colour, and none of what is not seen
        assertThat(result().getRGB(20, 40)).isEqualTo(0xff0000c0);
        assertThat(result().getRGB(140, 40) >>> 24).isZero();
        assertColour(result(), 79, 40, 0x0000c0);
    }

    @Test
    void makesEightBitsOfSixteen() throws Exception {
        // Given
        byte[] png = SamplePictures.deepPng(300, 300, 200, 100, 50);

        // When
        render(png, Preset.THUMB.in(PictureFormat.PNG));

        // Then
        assertThat(result().getColorModel().getComponentSize(0)).isEqualTo(8);
        assertColour(result(), 80, 80, 0xc86432);
    }

    @Test
    void leavesGreyAsItIs() throws Exception {
        // Given
        byte[] jpeg = SamplePictures.greyJpeg(300, 300, 100);

        // When
        render(jpeg, Preset.THUMB.in(PictureFormat.JPEG));

        // Then
        assertColour(result(), 80, 80, 0x646464);
    }

    @Test
    void readsJpegsAndPngsThatComeInPasses() throws Exception {
        for (byte[] picture : new byte[][] {
            SamplePictures.progressiveJpeg(SamplePictures.gradient(500, 400)),
            SamplePictures.interlacedPng(SamplePictures.gradient(500, 400))
        }) {
            // When
            render(picture, Preset.THUMB.in(PictureFormat.PNG));

            // Then
            assertLooksLikeGradient(result());
        }
    }

    @Test
    void rendersAPictureOfManyPixels() throws Exception {
        // Given
        byte[] jpeg = SamplePictures.jpeg(SamplePictures.gradient(6000, 4000));

        // When
        Rendered rendered = render(jpeg, Preset.THUMB.in(PictureFormat.JPEG));

        // Then
        assertThat(rendered).extracting(Rendered::width, Rendered::height).containsExactly(160, 107);
        assertLooksLikeGradient(result());
    }

    @Test
    void leavesAtLeastOnePixelOfALine() throws Exception {
        // Given
        byte[] png = SamplePictures.png(SamplePictures.plain(5000, 2, 0xff0000));

        // When
        Rendered rendered = render(png, Preset.THUMB.in(PictureFormat.PNG));

        // Then
        assertThat(rendered).extracting(Rendered::width, Rendered::height).containsExactly(160, 1);
        assertColour(result(), 80, 0, 0xff0000);
    }

    @Test
    void showsTheFirstFrameOfAnAnimation() throws Exception {
        // Given
        byte[] gif = SamplePictures.animatedGif(3, SamplePictures.quadrants(320, 160));

        // When
        Rendered rendered = render(gif, Preset.THUMB.in(PictureFormat.PNG));

        // Then
        assertThat(rendered).extracting(Rendered::width, Rendered::height).containsExactly(160, 80);
        assertQuadrants(result());
    }

    @Test
    void putsAFrameWhereItBelongsOnItsScreen() throws Exception {
        // Given
        byte[] gif = SamplePictures.gifOnScreen(SamplePictures.plain(50, 50, 0xff0000), 150, 100, 100, 50);

        // When
        Rendered rendered = render(gif, Preset.FULL.in(PictureFormat.PNG));

        // Then
        assertThat(rendered).extracting(Rendered::width, Rendered::height).containsExactly(150, 100);
        assertColour(result(), 125, 75, 0xff0000);
        assertThat(result().getRGB(20, 20)).isNotEqualTo(0xffff0000);
    }

    @Test
    void readsWebp() throws Exception {
        for (byte[] webp :
                new byte[][] {SamplePictures.lossyWebp(), LosslessWebp.of(SamplePictures.gradient(64, 48))}) {
            // When
            Rendered rendered = render(webp, new PictureSpec(32, 0, Fit.CONTAIN, PictureFormat.PNG));

            // Then
            assertThat(rendered).extracting(Rendered::width, Rendered::height).containsExactly(32, 24);
            // a gradient this steep is not what its coarse colours are good at
            assertLooksLikeGradient(result(), 2 * TOLERANCE);
        }
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource
    void refusesAPictureThatIsCutOff(byte[] picture) {
        // Given
        byte[] part = Arrays.copyOf(picture, picture.length * 2 / 3);

        // When / Then
        assertThatThrownBy(() -> render(part, Preset.THUMB.in(PictureFormat.PNG)))
                .isInstanceOf(RefusedException.class);
    }

    static Stream<byte[]> refusesAPictureThatIsCutOff() {
        BufferedImage gradient = SamplePictures.gradient(500, 400);
        return Stream.of(
                SamplePictures.jpeg(gradient),
                SamplePictures.progressiveJpeg(gradient),
                SamplePictures.png(gradient),
                SamplePictures.gif(gradient),
                LosslessWebp.of(gradient));
    }

    @Test
    void saysThatTheSurroundingsAreAtFaultWhenTheyAre() {
        // Given
        byte[] jpeg = SamplePictures.jpeg(SamplePictures.gradient(50, 40));
        Path nowhere = folder.resolve("missing").resolve("target");

        // When / Then
        assertThatThrownBy(() -> render(jpeg, Preset.THUMB.in(PictureFormat.JPEG), nowhere))
                .isInstanceOf(IOException.class);
    }

    Rendered render(byte[] picture, PictureSpec spec) throws IOException, RefusedException {
        return render(picture, spec, target());
    }

    private Rendered render(byte[] picture, PictureSpec spec, Path target) throws IOException, RefusedException {
        Path source = Files.write(folder.resolve("source"), picture);
        return switch (new PictureInspector(PictureLimits.DEFAULT).inspect(source)) {
            case Accepted(PictureHeader header) -> engine.render(source, header, spec, target);
            case Inspection.Refused(Refusal refusal) -> throw new RefusedException(refusal.reason(), refusal.text());
        };
    }

    Path target() {
        return folder.resolve("target");
    }

    BufferedImage result() throws IOException {
        File file = target().toFile();
        return ImageIO.read(file);
    }

    /** As a camera that is held that way stores it: the transformation of the specification, backwards. */
    private static BufferedImage stored(BufferedImage shown, int orientation) {
        boolean transposed = orientation >= 5;
        int width = transposed ? shown.getHeight() : shown.getWidth();
        int height = transposed ? shown.getWidth() : shown.getHeight();
        var stored = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                // where row 0 and column 0 are, per TIFF 6.0: top-left, top-right, bottom-right, bottom-left, ...
                int rgb = switch (orientation) {
                    case 2 -> shown.getRGB(width - 1 - x, y);
                    case 3 -> shown.getRGB(width - 1 - x, height - 1 - y);
                    case 4 -> shown.getRGB(x, height - 1 - y);
                    case 5 -> shown.getRGB(y, x);
                    case 6 -> shown.getRGB(height - 1 - y, x);
                    case 7 -> shown.getRGB(height - 1 - y, width - 1 - x);
                    case 8 -> shown.getRGB(y, width - 1 - x);
                    default -> shown.getRGB(x, y);
                };
                stored.setRGB(x, y, rgb);
            }
        }
        return stored;
    }

    private static void assertQuadrants(BufferedImage image) {
        int right = image.getWidth() - 1;
        int bottom = image.getHeight() - 1;
        assertColour(image, right / 5, bottom / 5, 0xff0000);
        assertColour(image, right - right / 5, bottom / 5, 0x00ff00);
        assertColour(image, right / 5, bottom - bottom / 5, 0x0000ff);
        assertColour(image, right - right / 5, bottom - bottom / 5, 0xffffff);
    }

    static void assertLooksLikeGradient(BufferedImage image) {
        assertLooksLikeGradient(image, TOLERANCE);
    }

    private static void assertLooksLikeGradient(BufferedImage image, int tolerance) {
        for (int y = 0; y < image.getHeight(); y += 5) {
            for (int x = 0; x < image.getWidth(); x += 5) {
                int expected = SamplePictures.gradientAt((x + 0.5) / image.getWidth(), (y + 0.5) / image.getHeight());
                assertColour(image, x, y, expected, tolerance);
            }
        }
    }

    private static void assertColour(BufferedImage image, int x, int y, int rgb) {
        assertColour(image, x, y, rgb, TOLERANCE);
    }

    private static void assertColour(BufferedImage image, int x, int y, int rgb, int tolerance) {
        int actual = image.getRGB(x, y);
        String where = "#%06x at %d, %d".formatted(actual & 0xffffff, x, y);
        for (int shift = 0; shift <= 16; shift += 8) {
            assertThat(actual >> shift & 0xff).as(where).isCloseTo(rgb >> shift & 0xff, within(tolerance));
        }
    }
}
