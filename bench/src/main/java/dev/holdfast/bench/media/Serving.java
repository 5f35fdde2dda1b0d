package dev.holdfast.bench.media;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Goal;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A variant of about 20 KB and an original of 1 MB, given again and again, beside nginx with the same bytes as files. */
public final class Serving implements Comparison {
    private static final int SECONDS = Scale.of(5);
    private static final int WARM_UP_SECONDS = Scale.of(20);
    private static final int ORIGINAL_SIZE = 1_000_000;
    private static final double MEGABYTE = 1e6;
    private static final int VARIANT_SIZE = 20_000;
    private static final int WIDTH_STEP = 20;
    private static final String VARIANT_FILE = "variant.jpg";
    private static final String ORIGINAL_FILE = "original.jpg";
    private static final String PEER =
            "nginx, 2 workers, sendfile; both asked by wrk over %d connections".formatted(Wrk.CONNECTIONS);

    private byte @Nullable [] variant;
    private byte @Nullable [] original;

    @Override
    public List<Subject> subjects() {
        return List.of(
                new Subject("media-serve-variant", "requests/s", PEER, new Goal.RatioAtLeast(0.5)),
                new Subject("media-serve-original", "MB/s", PEER, new Goal.RatioAtLeast(0.9)));
    }

    @Override
    public Optional<String> missing() {
        return Program.find("nginx").isPresent() && Program.find("wrk").isPresent()
                ? Optional.empty()
                : Optional.of("It needs nginx and wrk: apt-get install nginx-light wrk");
    }

    @Override
    public boolean warmsUpInEachRun() {
        return true;
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        Picture picture = Picture.of(1600, 1066, ORIGINAL_SIZE);
        byte[] image = picture.copy(1);
        String hash = Picture.sha256(image);
        try (var service = MediaService.start(servers)) {
            service.upload(image);
            String path = pathOfVariant(service, hash);
            variant = service.http().get(path);
            original = image;
            return measure(servers, service.port(), path, "/images/" + hash);
        }
    }

    /** Of the width whose picture is just large enough. */
    private static String pathOfVariant(MediaService service, String hash) throws IOException {
        for (int width = WIDTH_STEP; ; width += WIDTH_STEP) {
            String path = service.signed(hash, width);
            if (service.http().get(path).length >= VARIANT_SIZE) {
                return path;
            }
        }
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        if (variant == null || original == null) {
            throw new IllegalStateException("The product runs first");
        }
        Path files = servers.emptyDirectory("nginx-files");
        Files.write(files.resolve(VARIANT_FILE), variant);
        Files.write(files.resolve(ORIGINAL_FILE), original);
        try (var nginx = Nginx.start(servers.emptyDirectory("nginx"), files, VARIANT_FILE)) {
            return measure(servers, nginx.port(), "/" + VARIANT_FILE, "/" + ORIGINAL_FILE);
        }
    }

    private List<Run> measure(Servers servers, int port, String small, String large) throws Exception {
        byte[] smallBytes = variant;
        byte[] largeBytes = original;
        if (smallBytes == null || largeBytes == null) {
            throw new IllegalStateException("There is nothing to be asked for");
        }
        Wrk.ask(servers, port, large, largeBytes, WARM_UP_SECONDS);
        Run megabytes = Wrk.ask(servers, port, large, largeBytes, SECONDS);
        Wrk.ask(servers, port, small, smallBytes, WARM_UP_SECONDS);
        Run requests = Wrk.ask(servers, port, small, smallBytes, SECONDS);
        return List.of(requests, megabytes.withValue(megabytes.value() * largeBytes.length / MEGABYTE));
    }
}
