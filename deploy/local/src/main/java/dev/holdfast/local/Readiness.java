package dev.holdfast.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Waits until a service says that it is ready, and no longer than it lives. */
final class Readiness {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
    private static final int OK = 200;

    private Readiness() {}

    static void await(String name, Process process, URI health, LogFile log) throws IOException {
        long deadlineNs = System.nanoTime() + TIMEOUT.toNanos();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(REQUEST_TIMEOUT).build()) {
            while (!isReady(client, health)) {
                if (!process.isAlive()) {
                    throw new IOException("%s ended with exit code %d while it started:%n    %s"
                            .formatted(name, process.exitValue(), log.reason()));
                }
                if (System.nanoTime() > deadlineNs) {
                    throw new IOException("%s is not ready after %d s, see %s:%n    %s"
                            .formatted(name, TIMEOUT.toSeconds(), health, log.reason()));
                }
                Pause.of(POLL_INTERVAL);
            }
        }
    }

    static boolean isReady(HttpClient client, URI health) {
        HttpRequest request =
                HttpRequest.newBuilder(health).timeout(REQUEST_TIMEOUT).build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
