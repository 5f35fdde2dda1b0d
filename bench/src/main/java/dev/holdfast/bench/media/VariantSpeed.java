package dev.holdfast.bench.media;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Goal;
import dev.holdfast.bench.LeanHttp;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.bench.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import net.coobird.thumbnailator.Thumbnails;

/**
 * Photographs of 2000 × 1333 made 500 wide, as JPEG of quality 82, each for the first time: the service and sharp over HTTP, asked by
 * 4 clients; libvips' own command and Thumbnailator without HTTP. Every picture is another one, so that nobody has it yet.
 */
public final class VariantSpeed implements Comparison {
    private static final int WIDTH = 2_000;
    private static final int HEIGHT = 1_333;
    private static final int BYTES = 470_000;
    private static final int SMALL_WIDTH = 500;
    private static final int SMALL_HEIGHT = 333;
    private static final double QUALITY = 0.82;
    private static final int CLIENTS = 4;
    private static final int THREADS = 2;
    private static final int WARM_UP = Scale.of(800);
    private static final int COUNT = Scale.of(400);
    /** It takes some times as long. */
    private static final int THUMBNAILATOR_COUNT = Scale.of(100);

    private static final int THUMBNAILATOR_WARM_UP = Scale.of(20);
    private static final double TOLERANCE = 0.5;

    private final Picture picture;

    public VariantSpeed() {
        try {
            picture = Picture.ofAbout(WIDTH, HEIGHT, BYTES);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public List<Subject> subjects() {
        return List.of(
                new Subject(
                        "media-variant-sharp",
                        "images/s",
                        "sharp 0.35.5 behind the HTTP server of Node.js, no cache; %d clients of each"
                                .formatted(CLIENTS),
                        new Goal.RatioAtLeast(0.8)),
                new Subject(
                        "media-variant-vipsthumbnail",
                        "images/s",
                        "vipsthumbnail without HTTP, %d processes for all of it".formatted(THREADS),
                        null),
                new Subject(
                        "media-variant-thumbnailator",
                        "images/s",
                        "Thumbnailator 0.4.21 without HTTP, %d threads".formatted(THREADS),
                        null));
    }

    @Override
    public Optional<String> missing() {
        return SharpServer.missing()
                .or(() -> Program.find("vipsthumbnail").isPresent()
                        ? Optional.empty()
                        : Optional.of("It needs vipsthumbnail: apt-get install libvips-tools"));
    }

    @Override
    public boolean warmsUpInEachRun() {
        return true;
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        try (var service = MediaService.start(servers)) {
            var paths = new ArrayList<String>();
            for (int number = 0; number < WARM_UP + COUNT; number++) {
                byte[] image = picture.copy(number);
                service.upload(image);
                paths.add(service.signed(Picture.sha256(image), SMALL_WIDTH));
            }
            Run run = overHttp(servers, service.port(), paths);
            return List.of(run, run, run);
        }
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        Path pictures = servers.emptyDirectory("pictures");
        List<Path> files = new ArrayList<>();
        for (int number = 0; number < WARM_UP + COUNT; number++) {
            files.add(Files.write(pictures.resolve(number + ".jpg"), picture.copy(number)));
        }
        Run sharp;
        try (var server = SharpServer.start(pictures, servers.directory().resolve("sharp.log"))) {
            sharp = overHttp(
                    servers,
                    server.port(),
                    files.stream().map(file -> "/" + file.getFileName()).toList());
        }
        return List.of(sharp, vipsthumbnail(servers, files), thumbnailator(servers, files));
    }

    private static Run overHttp(Servers servers, int port, List<String> paths) throws Exception {
        try (var http = new LeanHttp(port)) {
            ask(http, paths.subList(0, WARM_UP));
            Stopwatch stopwatch = servers.startStopwatch();
            List<byte[]> answers = ask(http, paths.subList(WARM_UP, paths.size()));
            Run run = stopwatch.stop(answers.size());
            check(answers);
            return run;
        }
    }

    private static List<byte[]> ask(LeanHttp http, List<String> paths) throws Exception {
        var answers = new ArrayList<byte[]>();
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<byte[]>> running = paths.stream()
                    .map(path -> threads.submit(() -> http.get(path)))
                    .toList();
            for (Future<byte[]> one : running) {
                answers.add(one.get());
            }
        }
        return answers;
    }

    private static Run vipsthumbnail(Servers servers, List<Path> files) throws Exception {
        Path results = servers.emptyDirectory("vipsthumbnail");
        Stopwatch stopwatch = servers.startStopwatch();
        var processes = new ArrayList<Process>();
        for (int number = 0; number < THREADS; number++) {
            var command = new ArrayList<>(List.of(
                    Program.get("vipsthumbnail").toString(),
                    "--size",
                    SMALL_WIDTH + "x",
                    "-o",
                    results.toAbsolutePath() + "/%s.jpg[Q=82,strip]"));
            for (int i = number; i < files.size(); i += THREADS) {
                command.add(files.get(i).toAbsolutePath().toString());
            }
            var builder = new ProcessBuilder(command).inheritIO();
            builder.environment().put("VIPS_CONCURRENCY", "1");
            processes.add(builder.start());
        }
        for (Process process : processes) {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("vipsthumbnail ended with " + process.exitValue());
            }
        }
        Run run = stopwatch.stop(files.size());
        var answers = new ArrayList<byte[]>();
        for (Path file : files) {
            answers.add(Files.readAllBytes(results.resolve(String.valueOf(file.getFileName()))));
        }
        check(answers);
        return run;
    }

    private static Run thumbnailator(Servers servers, List<Path> files) throws Exception {
        Path results = servers.emptyDirectory("thumbnailator");
        thumbnails(files.subList(0, THUMBNAILATOR_WARM_UP), results);
        Stopwatch stopwatch = servers.startStopwatch();
        List<Path> made =
                thumbnails(files.subList(THUMBNAILATOR_WARM_UP, THUMBNAILATOR_WARM_UP + THUMBNAILATOR_COUNT), results);
        Run run = stopwatch.stop(made.size());
        var answers = new ArrayList<byte[]>();
        for (Path file : made) {
            answers.add(Files.readAllBytes(file));
        }
        check(answers);
        return run;
    }

    private static List<Path> thumbnails(List<Path> files, Path results) throws Exception {
        var made = new ArrayList<Path>();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Path>> running = files.stream()
                    .map(file -> threads.submit(() -> {
                        Path result = results.resolve(String.valueOf(file.getFileName()));
                        Thumbnails.of(file.toFile())
                                .width(SMALL_WIDTH)
                                .outputQuality(QUALITY)
                                .toFile(result.toFile());
                        return result;
                    }))
                    .toList();
            for (Future<Path> one : running) {
                made.add(one.get());
            }
        }
        return made;
    }

    /** All of the right size, and none much smaller in bytes than others, as an empty one would be. */
    private static void check(List<byte[]> answers) throws IOException {
        int largest = answers.stream().mapToInt(answer -> answer.length).max().orElseThrow();
        for (int i : IntStream.range(0, answers.size()).toArray()) {
            Picture.check(answers.get(i), SMALL_WIDTH, SMALL_HEIGHT);
            if (answers.get(i).length < largest * TOLERANCE) {
                throw new IllegalStateException(
                        "Of the same picture, %d and %d bytes".formatted(answers.get(i).length, largest));
            }
        }
    }
}
