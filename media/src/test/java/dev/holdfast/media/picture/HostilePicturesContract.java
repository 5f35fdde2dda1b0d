package dev.holdfast.media.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.media.picture.PictureResult.Refused;
import dev.holdfast.media.picture.PictureResult.Rendered;
import dev.holdfast.media.picture.Refusal.Reason;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is sent in, each gets an answer, and afterwards the next picture is rendered as if nothing had been. */
abstract class HostilePicturesContract {
    private static final int MUTANTS = 560;
    private static final int MEMORY_MEGABYTES = 1024;
    private static final int SIDE = 7_000;
    private static final int ENOUGH_BYTES = 200_000;
    private static final Duration DEADLINE = Duration.ofSeconds(8);

    @TempDir
    Path folder;

    private PictureWorkers workers;

    abstract EngineChoice engine();

    /** Of what it reads, something small of each kind. */
    Stream<byte[]> samples() {
        BufferedImage gradient = SamplePictures.gradient(60, 40);
        return Stream.of(
                SamplePictures.jpeg(gradient),
                SamplePictures.withExif(SamplePictures.progressiveJpeg(gradient), 6),
                SamplePictures.withLinearProfile(SamplePictures.jpeg(gradient)),
                SamplePictures.cmykJpeg(60, 40, 10, 20, 30, 40),
                SamplePictures.png(gradient),
                SamplePictures.interlacedPng(SamplePictures.halfTransparent(60, 40, 0xff)),
                SamplePictures.deepPng(60, 40, 1, 2, 3),
                SamplePictures.animatedGif(4, gradient),
                SamplePictures.lossyWebp(),
                LosslessWebp.of(gradient));
    }

    @BeforeEach
    void start() {
        var limits = new PictureWorkers.Limits(2, 1_000, DEADLINE, 512, MEMORY_MEGABYTES);
        workers = new PictureWorkers(engine(), PictureLimits.DEFAULT, limits);
    }

    @AfterEach
    void goesOnWithinItsMemory() throws IOException {
        try (PictureWorkers same = workers) {
            Path picture = write("good", SamplePictures.jpeg(SamplePictures.gradient(300, 200)));
            assertThat(render(picture).join()).isInstanceOf(Rendered.class);
            PictureEngineContract.assertLooksLikeGradient(
                    ImageIO.read(target(picture).toFile()));
            for (ProcessHandle worker : same.processes().toList()) {
                // code and libraries come on top of what is limited, and are shared
                assertThat(peakMegabytes(worker)).isLessThan(MEMORY_MEGABYTES + 200);
            }
        }
    }

    @Test
    void answersEachOfManyMutants() throws IOException {
        // Given
        Random random = new Random(20_261_122);
        List<byte[]> samples = samples().toList();
        Map<Path, CompletableFuture<PictureResult>> answers = new HashMap<>();

        // When
        for (int i = 0; i < MUTANTS; i++) {
            Path mutant = write("mutant" + i, mutated(samples.get(i % samples.size()), random));
            answers.put(mutant, render(mutant));
        }

        // Then
        Map<Reason, Integer> refused = new EnumMap<>(Reason.class);
        for (var answer : answers.entrySet()) {
            switch (answer.getValue().join()) {
                case Rendered rendered -> assertIsInTarget(answer.getKey(), rendered);
                case Refused(Refusal refusal) -> {
                    refused.merge(refusal.reason(), 1, Integer::sum);
                    assertThat(refusal.text()).isNotBlank();
                    assertThat(target(answer.getKey())).doesNotExist();
                }
            }
        }
        int sum = refused.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(sum).as("of %d: %s", MUTANTS, refused).isBetween(MUTANTS / 5, MUTANTS * 9 / 10);
    }

    private void assertIsInTarget(Path source, Rendered rendered) throws IOException {
        Path target = target(source);
        BufferedImage image = ImageIO.read(target.toFile());
        assertThat(image.getWidth()).isEqualTo(rendered.width());
        assertThat(image.getHeight()).isEqualTo(rendered.height());
        assertThat(Files.size(target)).isEqualTo(rendered.bytes());
    }

    @Test
    void rendersASmallFileOfManyPixelsWithinItsMemory() throws IOException {
        // Given
        Path bomb = write("bomb", SamplePictures.blackPng(SIDE, SIDE, SIDE));

        // When / Then
        assertThat(render(bomb).join()).isInstanceOf(Rendered.class);
    }

    @Test
    void survivesPicturesThatHaveToBeInMemoryAsAWhole() throws IOException {
        // Given
        Path png = write("png", Bombs.deepInterlacedPng(SIDE));
        Path gif = write("gif", Bombs.gifOfOneDot(SIDE, ENOUGH_BYTES));

        // When
        List<PictureResult> results =
                Stream.of(render(png), render(gif)).map(CompletableFuture::join).toList();

        // Then: rendered or not, what counts is what is checked afterwards
        assertThat(results).hasSize(2);
    }

    @Test
    void refusesPixelsThatAreNotThere() throws IOException {
        // Given
        Path bomb = write("bomb", Bombs.padded(SamplePictures.blackPng(SIDE, SIDE, 10), ENOUGH_BYTES));

        // When / Then
        assertThat(reason(render(bomb).join())).isEqualTo(Reason.BROKEN);
    }

    @Test
    void refusesBeforeDecodingWhatIsBeyondTheLimits() throws IOException {
        // Given
        Map<byte[], Reason> bombs = Map.of(
                SamplePictures.blackPng(60_000, 60_000, 1), Reason.SIDE_TOO_LONG,
                SamplePictures.blackPng(16_000, 16_000, 1), Reason.TOO_MANY_PIXELS,
                Bombs.gifOfOneDot(SIDE, 0), Reason.TOO_FEW_BYTES,
                SamplePictures.animatedGif(1_001, SamplePictures.plain(2, 2, 0)), Reason.TOO_MANY_FRAMES);

        for (var bomb : bombs.entrySet()) {
            // When
            PictureResult result = render(write("bomb", bomb.getKey())).join();

            // Then
            assertThat(reason(result)).isEqualTo(bomb.getValue());
        }
    }

    @Test
    void endsADecoderThatIsKeptBusyForMinutes() throws IOException {
        // Given
        Path slow = write("slow", Bombs.jpegOfManyScans(SIDE, 40_000));

        // When / Then
        assertThat(reason(render(slow).join())).isIn(Reason.TOO_SLOW, Reason.BROKEN);
    }

    @Test
    void rendersThePictureOfAPolyglotAndNothingElse() throws IOException {
        // Given
        byte[] script = SamplePictures.ascii("PK\3\4<script>alert(1)</script>");
        Path polyglot = write(
                "polyglot",
                SamplePictures.concat(
                        SamplePictures.withSegment(
                                SamplePictures.jpeg(SamplePictures.gradient(300, 200)), 0xfe, script),
                        script));

        // When
        PictureResult result = render(polyglot).join();

        // Then
        assertThat(result).isInstanceOf(Rendered.class);
        assertThat(new String(Files.readAllBytes(target(polyglot)), StandardCharsets.ISO_8859_1))
                .doesNotContain("script");
    }

    private static byte[] mutated(byte[] sample, Random random) {
        byte[] mutant = sample.clone();
        switch (random.nextInt(8)) {
            case 0 -> mutant = Arrays.copyOf(mutant, 1 + random.nextInt(mutant.length));
            case 1 -> {
                // a part of it is somewhere else
                int length = 1 + random.nextInt(Math.min(64, mutant.length / 2));
                System.arraycopy(
                        sample,
                        random.nextInt(mutant.length - length),
                        mutant,
                        random.nextInt(mutant.length - length),
                        length);
            }
            default -> {
                for (int changes = 1 << random.nextInt(5); changes > 0; changes--) {
                    mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
                }
            }
        }
        return mutant;
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static Path target(Path source) {
        return source.resolveSibling(source.getFileName() + ".png");
    }

    private CompletableFuture<PictureResult> render(Path source) {
        return workers.render(source, Preset.THUMB.in(PictureFormat.PNG), target(source))
                .subscribeAsCompletionStage();
    }

    private static Reason reason(PictureResult result) {
        assertThat(result).isInstanceOf(Refused.class);
        return ((Refused) result).refusal().reason();
    }

    /** What was in memory at most, as Linux counts; 0 elsewhere. */
    private static long peakMegabytes(ProcessHandle process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                                .filter(line -> line.startsWith("VmHWM:"))
                                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                                .sum()
                        / 1024
                : 0;
    }
}
