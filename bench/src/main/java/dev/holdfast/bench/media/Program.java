package dev.holdfast.bench.media;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What others have installed. */
final class Program {
    /** Debian has servers where only root looks. */
    private static final String FOR_ROOT = "/usr/sbin";

    private Program() {}

    static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + FOR_ROOT;
        return Stream.of(path.split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Path get(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException(name + " is not installed"));
    }
}
