package dev.holdfast.bench.media;

import dev.holdfast.bench.LeanHttp;
import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.ServiceProcess;
import dev.holdfast.local.tool.Token;
import dev.holdfast.testkit.JavaProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The packaged service, on a durable PostgreSQL, with files on the disk that the peers use. */
final class MediaService implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final Pattern PATH = Pattern.compile("\"(/images/[^\"]*)\"");

    private final Schema schema;
    private final Path directory;
    private final JavaProcess process;
    private final int port;
    private final LeanHttp http;
    private final String token = new Token("bench", List.of("operator")).signed(Instant.now());
    private final AtomicInteger owners = new AtomicInteger();

    private MediaService(Schema schema, Path directory, JavaProcess process, int port) {
        this.schema = schema;
        this.directory = directory;
        this.process = process;
        this.port = port;
        this.http = new LeanHttp(port);
    }

    /** With nothing in it. */
    static MediaService start(Servers servers) throws IOException {
        return start(servers, Schema.empty(servers, "media"), servers.emptyDirectory("media"), Map.of());
    }

    /**
     * With what is there.
     *
     * @param settings environment variables
     */
    static MediaService start(Servers servers, Schema schema, Path directory, Map<String, String> settings)
            throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        var environment = new HashMap<>(settings);
        environment.put("MEDIA_STORE_DIRECTORY", directory.toAbsolutePath().toString());
        var service =
                new MediaService(schema, directory, ServiceProcess.start(servers, "media", port, environment), port);
        Awaitility.await().atMost(TIMEOUT).ignoreExceptions().until(() -> {
            service.http.get("/q/health/ready");
            return true;
        });
        return service;
    }

    Schema schema() {
        return schema;
    }

    int port() {
        return port;
    }

    LeanHttp http() {
        return http;
    }

    private String authorization() {
        return "Authorization: Bearer %s\r\n".formatted(token);
    }

    /** Of an owner of its own, so that no quota is reached. */
    void upload(byte[] image) throws IOException {
        String path = "/images?ownerType=product&ownerId=" + owners.incrementAndGet();
        LeanHttp.Answer answer = http.send("POST", path, authorization(), image);
        if (answer.status() != 201) {
            throw new IllegalStateException("%s answered %d: %s".formatted(path, answer.status(), answer.body()));
        }
    }

    /** Where a JPEG of that width is served. */
    String signed(String hash, int width) throws IOException {
        String path = "/images/%s/custom?w=%d&format=jpg".formatted(hash, width);
        LeanHttp.Answer answer = http.send("POST", path, authorization(), "");
        Matcher url = PATH.matcher(answer.body());
        if (answer.status() != 200 || !url.find()) {
            throw new IllegalStateException("%s answered %d: %s".formatted(path, answer.status(), answer.body()));
        }
        return url.group(1);
    }

    /** Returns what the service says of it, as JSON. */
    String sweep() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/sweeps".formatted(port)))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try (var client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(
                        "The sweep answered %d: %s".formatted(answer.statusCode(), answer.body()));
            }
            return answer.body();
        }
    }

    /** Throws unless so many images of that size are there, each with its row, and with the bytes that it is named after. */
    void checkFiles(int count, int size) throws IOException, SQLException {
        int found = 0;
        try (Stream<Path> paths = Files.walk(directory.resolve("objects"))) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(path);
                String name = String.valueOf(path.getFileName());
                if (!name.startsWith(Picture.sha256(bytes) + ".")) {
                    throw new IllegalStateException("%s has %d other bytes".formatted(path, bytes.length));
                }
                found += bytes.length == size ? 1 : 0;
            }
        }
        long rows = number("SELECT count(*) FROM blob JOIN media_ref ON blob_id = id WHERE size = " + size);
        if (found != count || rows != count) {
            throw new IllegalStateException(
                    "%d files and %d rows are there instead of %d".formatted(found, rows, count));
        }
    }

    private long number(String sql) throws SQLException {
        return number(schema, sql);
    }

    static long number(Schema schema, String sql) throws SQLException {
        try (Connection connection = schema.connectAsOwner();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() {
        http.close();
        ServiceProcess.stop(process);
    }
}
