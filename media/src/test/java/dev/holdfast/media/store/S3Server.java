package dev.holdfast.media.store;

import dev.holdfast.testkit.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** An S3 server in a process of its own, started once; it ends with this JVM. */
final class S3Server {
    static final String BUCKET = "media";

    private static final Path CLASS_PATH = Path.of("s3mock", "target", "class-path");
    private static int port;

    private S3Server() {}

    static synchronized int port() {
        if (port == 0) {
            port = start();
        }
        return port;
    }

    private static int start() {
        try {
            int free = freePort();
            Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target", "s3")), "s3");
            JavaProcess server = JavaProcess.start(
                    List.of(
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            Files.readString(CLASS_PATH).strip(),
                            "com.adobe.testing.s3mock.S3MockApplication",
                            "--http.port=" + free,
                            "--server.port=0",
                            "--com.adobe.testing.s3mock.store.root=" + directory.toAbsolutePath()),
                    Map.of(),
                    directory.resolveSibling(directory.getFileName() + ".log"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .failFast("The S3 server has ended, see its log", () -> !server.isAlive())
                    .until(() -> hasMadeBucket(free));
            return free;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean hasMadeBucket(int at) {
        try {
            var connection = (HttpURLConnection) URI.create("http://127.0.0.1:%d/%s".formatted(at, BUCKET))
                    .toURL()
                    .openConnection();
            connection.setRequestMethod("PUT");
            connection.setRequestProperty("Accept", "*/*");
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }
}
