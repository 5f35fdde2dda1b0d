package dev.holdfast.media.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A store, uploads for it, and a way to spoil it. */
abstract class StoreUnderTest {
    final Disk disk = new Disk();
    final FileWork work = new FileWork(4, 1000);
    final Path base = temporary();
    private final Staging staging = new Staging(disk, base, work);
    private final Map<String, BlobRef> made = new ConcurrentHashMap<>();

    abstract BlobStore store();

    /** Changes a byte of what is stored. */
    abstract void corrupt(BlobRef ref) throws Exception;

    /** Readers who may stop in the middle at the same time. */
    abstract int readersMax();

    Staging staging() {
        return staging;
    }

    BlobRef once(String name, Supplier<BlobRef> make) {
        return made.computeIfAbsent(name, ignored -> make.get());
    }

    /** Below the base, by this process. */
    long filesOpen() throws IOException {
        try (Stream<Path> handles = Files.list(Path.of("/proc/self/fd"))) {
            return handles.filter(this::isOfBase).count();
        }
    }

    private boolean isOfBase(Path handle) {
        try {
            return Files.readSymbolicLink(handle).startsWith(base);
        } catch (IOException closed) {
            return false;
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "stores")), "store")
                    .toAbsolutePath();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
