package dev.holdfast.bench.media;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.testkit.JavaProcess;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/** Something that speaks like S3, in a process of its own. Real ones are across a network, and keep what they acknowledge. */
final class S3MockServer implements AutoCloseable {
    static final String BUCKET = "media";

    private static final Path CLASS_PATH = Path.of("media", "s3mock", "target", "class-path");

    private final JavaProcess process;
    private final int port;

    private S3MockServer(JavaProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param directory empty, for what it keeps */
    static S3MockServer start(Path directory) throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        JavaProcess process = JavaProcess.start(
                List.of(
                        "-Xms384m",
                        "-Xmx384m",
                        "-cp",
                        Files.readString(CLASS_PATH).strip(),
                        "com.adobe.testing.s3mock.S3MockApplication",
                        "--http.port=" + port,
                        "--server.port=0",
                        "--com.adobe.testing.s3mock.store.root=" + directory.toAbsolutePath()),
                Map.of(),
                directory.resolveSibling("s3mock.log"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .failFast("S3Mock has ended, see its log", () -> !process.isAlive())
                .until(() -> hasMadeBucket(port));
        return new S3MockServer(process, port);
    }

    private static boolean hasMadeBucket(int port) {
        try {
            var connection = (HttpURLConnection) URI.create("http://127.0.0.1:%d/%s".formatted(port, BUCKET))
                    .toURL()
                    .openConnection();
            connection.setRequestMethod("PUT");
            connection.setRequestProperty("Accept", "*/*");
            return connection.getResponseCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** With the service's defaults. */
    MediaConfig.Store.S3 config() {
        return new Config(
                Optional.of(BUCKET),
                Optional.of(URI.create("http://127.0.0.1:" + port)),
                "us-east-1",
                true,
                Optional.of("bench"),
                Optional.of("bench"),
                50,
                16 * 1024 * 1024,
                3,
                Duration.ofSeconds(30));
    }

    private record Config(
            Optional<String> bucket,
            Optional<URI> endpoint,
            String region,
            boolean pathStyle,
            Optional<String> accessKey,
            Optional<String> secretKey,
            int connections,
            long partLength,
            int attemptsMax,
            Duration timeout)
            implements MediaConfig.Store.S3 {}

    @Override
    public void close() {
        process.close();
    }
}
