package dev.holdfast.bench.media;

import dev.holdfast.bench.LeanHttp;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** nginx with the files of a directory, on a port of its own, until it is closed. */
final class Nginx implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** What it keeps beside its configuration. */
    private static final String TEMPORARY = "tmp";

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    }

    /**
     * @param home an empty directory for what it writes
     * @param probe a file of the directory
     */
    static Nginx start(Path home, Path files, String probe) throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Files.createDirectory(home.resolve(TEMPORARY));
        Path configuration = Files.writeString(home.resolve("nginx.conf"), configuration(home, files, port));
        Process process = new ProcessBuilder(
                        Program.get("nginx").toString(),
                        "-e",
                        home.resolve("error.log").toAbsolutePath().toString(),
                        "-c",
                        configuration.toAbsolutePath().toString())
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("nginx.log").toFile())
                .start();
        var nginx = new Nginx(process, port);
        try (var http = new LeanHttp(port)) {
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .failFast("nginx has ended, see its log in " + home, () -> !process.isAlive())
                    .ignoreExceptions()
                    .until(() -> http.get("/" + probe).length > 0);
        }
        return nginx;
    }

    private static String configuration(Path home, Path files, int port) {
        String user = "root".equals(System.getProperty("user.name")) ? "user root;" : "";
        Path temporary = home.resolve(TEMPORARY).toAbsolutePath();
        return """
                %1$s
                daemon off;
                worker_processes 2;
                pid %2$s/nginx.pid;
                events { worker_connections 512; }
                http {
                  access_log off;
                  sendfile on;
                  tcp_nopush on;
                  keepalive_requests 100000000;
                  client_body_temp_path %2$s;
                  proxy_temp_path %2$s;
                  fastcgi_temp_path %2$s;
                  uwsgi_temp_path %2$s;
                  scgi_temp_path %2$s;
                  types { image/jpeg jpg; }
                  server {
                    listen 127.0.0.1:%3$d;
                    root %4$s;
                    add_header Cache-Control "public, max-age=31536000, immutable";
                  }
                }
                """.formatted(user, temporary, port, files.toAbsolutePath());
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
