package dev.holdfast.chaos;

import dev.holdfast.testkit.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A running service. */
record Instance(JavaProcess process, int port) implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /**
     * @param status 0 while nobody answers
     * @param body which part is missing
     */
    record Readiness(int status, String body) {}

    /** @param status 200 or 503 */
    void awaitReadiness(int status) {
        Awaitility.await()
                .atMost(START_TIMEOUT)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> readiness().status() == status);
    }

    Readiness readiness() throws InterruptedException {
        try {
            HttpResponse<String> answer = get("/q/health/ready");
            return new Readiness(answer.statusCode(), answer.body());
        } catch (IOException notYet) {
            if (!process.isAlive()) {
                throw new IllegalStateException("The service ended: see its log", notYet);
            }
            return new Readiness(0, "");
        }
    }

    /** The sum over all labels of a counter of {@code /q/metrics}; 0 when there is none. */
    double metric(String name) throws IOException, InterruptedException {
        return get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(port, path)))
                .timeout(Duration.ofSeconds(5))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
