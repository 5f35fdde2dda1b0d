package dev.holdfast.media.picture;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a worker is started: with the JDK of this process, the few jars that it needs, an empty environment, and limits.
 *
 * <p>Memory is limited twice. The heap has a maximum, at which the process ends. What native code takes, and the heap with
 * it, is limited by the system: {@code ulimit -d}, which on Linux counts what is writable and private, and not what a JVM
 * only reserves. Where there is no such limit, on other systems, only the heap's holds.
 *
 * @param main with a method {@code main}
 * @param heapMegabytes maximum of the heap
 * @param memoryMegabytes maximum of what can be written to: heap, stacks, decoded pictures
 */
record WorkerCommand(Class<?> main, List<String> arguments, int heapMegabytes, int memoryMegabytes) {
    /** One class of each jar: where it was loaded from, be it by a packaged service or a test, is where the jar is. */
    private static final List<String> NEEDED = List.of(
            "dev.holdfast.media.picture.PictureWorker",
            "com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReader",
            "com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi",
            "com.twelvemonkeys.imageio.ImageReaderBase",
            "com.twelvemonkeys.imageio.metadata.CompoundDirectory",
            "com.twelvemonkeys.image.ImageUtil",
            "com.twelvemonkeys.io.FileUtil",
            "com.twelvemonkeys.lang.StringUtil");

    static WorkerCommand of(EngineChoice engine, PictureLimits limits, int heapMegabytes, int memoryMegabytes) {
        List<String> arguments = Stream.concat(Stream.of(engine.name()), limits.arguments().stream())
                .toList();
        return new WorkerCommand(PictureWorker.class, arguments, heapMegabytes, memoryMegabytes);
    }

    Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command()).redirectError(ProcessBuilder.Redirect.DISCARD);
        // whoever breaks into a decoder finds no passwords there
        builder.environment().clear();
        // of many arenas each keeps what it was given once; at libvips' warnings nobody looks
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        builder.environment().put("VIPS_WARNING", "0");
        return builder.start();
    }

    List<String> command() {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(Path.of("/bin/sh"))) {
            String limit = "ulimit -c 0; ulimit -d %d 2>/dev/null; exec \"$@\"".formatted(memoryMegabytes * 1024L);
            command.addAll(List.of("/bin/sh", "-c", limit, "sh"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms16m",
                "-Xmx%dm".formatted(heapMegabytes),
                "-Xss1m",
                "-XX:+UseSerialGC",
                "-XX:ReservedCodeCacheSize=48m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "-XX:-UsePerfData",
                "-Djava.awt.headless=true",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                main.getName()));
        command.addAll(arguments);
        return command;
    }

    private String classPath() {
        return Stream.concat(Stream.of(main), NEEDED.stream().map(WorkerCommand::load))
                .map(WorkerCommand::location)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, WorkerCommand.class.getClassLoader());
        } catch (ClassNotFoundException incomplete) {
            throw new IllegalStateException("%s is not on the class path".formatted(name), incomplete);
        }
    }

    private static String location(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null) {
            throw new IllegalStateException("Nobody knows where %s was loaded from".formatted(type));
        }
        try {
            return Path.of(source.getLocation().toURI()).toString();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
