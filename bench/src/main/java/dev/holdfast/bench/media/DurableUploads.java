package dev.holdfast.bench.media;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Goal;
import dev.holdfast.bench.Median;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Stopwatch;
import dev.holdfast.bench.Subject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What a client waits until an image of 1 MB is safe from a power cut, over HTTP, beside doing no more than that to a file. */
public final class DurableUploads implements Comparison {
    private static final int SIZE = 1_000_000;
    private static final int MANY = 8;
    private static final int FOLDERS = 16;
    /** Most of what is to be compiled does not depend on the size. */
    private static final int SMALL_SIZE = 20_000;

    private static final int SMALL_EACH = Scale.of(1000);
    private static final int WARM_UP_EACH = Scale.of(40);
    private static final int ONE_EACH = Scale.of(200);
    private static final int MANY_EACH = Scale.of(50);
    private static final int COUNT = MANY * WARM_UP_EACH + ONE_EACH + MANY * MANY_EACH;

    private static final String PEER = "the same bytes written, fdatasync, rename and fsync of the folder, in Java, ";

    private final Picture small;
    private final Picture picture;

    private interface Keeper {
        void keep(int number, byte[] image) throws IOException;
    }

    public DurableUploads() {
        try {
            small = Picture.of(320, 200, SMALL_SIZE);
            picture = Picture.of(1200, 800, SIZE);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public List<Subject> subjects() {
        return List.of(
                new Subject("media-upload-1", "ms", PEER + "1 thread", new Goal.RatioAtMost(1.5)),
                new Subject("media-upload-8", "ms", PEER + "%d threads".formatted(MANY), new Goal.RatioAtMost(1.5)));
    }

    @Override
    public boolean warmsUpInEachRun() {
        return true;
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        try (var service = MediaService.start(servers)) {
            measure(servers, (number, image) -> service.upload(image), small, 0, MANY, SMALL_EACH);
            List<Run> runs = measure(servers, (number, image) -> service.upload(image));
            service.checkFiles(COUNT, SIZE);
            return runs;
        }
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        Path directory = servers.emptyDirectory("plain-files");
        for (int folder = 0; folder < FOLDERS; folder++) {
            Files.createDirectory(directory.resolve(String.valueOf(folder)));
        }
        List<Run> runs = measure(servers, (number, image) -> write(file(directory, number), image));
        for (int number = 0; number < COUNT; number++) {
            if (!Arrays.equals(Files.readAllBytes(file(directory, number)), picture.copy(number))) {
                throw new IllegalStateException("File %d has other bytes".formatted(number));
            }
        }
        return runs;
    }

    private static Path file(Path directory, int number) {
        return directory.resolve(String.valueOf(number % FOLDERS), String.valueOf(number));
    }

    private static void write(Path file, byte[] image) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(image);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private List<Run> measure(Servers servers, Keeper keeper) throws Exception {
        measure(servers, keeper, picture, 0, MANY, WARM_UP_EACH);
        Run one = measure(servers, keeper, picture, MANY * WARM_UP_EACH, 1, ONE_EACH);
        Run many = measure(servers, keeper, picture, MANY * WARM_UP_EACH + ONE_EACH, MANY, MANY_EACH);
        return List.of(one, many);
    }

    /** The median in milliseconds. */
    private static Run measure(Servers servers, Keeper keeper, Picture picture, int first, int clients, int each)
            throws Exception {
        Stopwatch stopwatch = servers.startStopwatch();
        List<Long> nanos = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(clients)) {
            List<Future<List<Long>>> running = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                int from = first + client * each;
                running.add(threads.submit(() -> keepAll(keeper, picture, from, each)));
            }
            for (Future<List<Long>> one : running) {
                nanos.addAll(one.get());
            }
        }
        return stopwatch.stop(nanos.size()).withValue(Median.ofNanos(nanos));
    }

    private static List<Long> keepAll(Keeper keeper, Picture picture, int from, int count) throws IOException {
        List<Long> nanos = new ArrayList<>();
        for (int number = from; number < from + count; number++) {
            byte[] image = picture.copy(number);
            long start = System.nanoTime();
            keeper.keep(number, image);
            nanos.add(System.nanoTime() - start);
        }
        return nanos;
    }
}
