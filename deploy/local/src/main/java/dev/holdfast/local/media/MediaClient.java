package dev.holdfast.local.media;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.local.tool.Token;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The service as an operator has it: by HTTP, with a token. */
final class MediaClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NO_CONTENT = 204;
    private static final int NOT_FOUND = 404;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final Token token = new Token("backup", List.of("operator"));
    private final String url;

    MediaClient(String url) {
        this.url = url;
    }

    /** @param minutes after which a hold ends by itself */
    Holds holds(int minutes) {
        return new Holds() {
            @Override
            public UUID hold() throws IOException {
                HttpResponse<String> answer =
                        text(request("/backup-holds?minutes=" + minutes).POST(BodyPublishers.noBody()), OK);
                return UUID.fromString(
                        new ObjectMapper().readTree(answer.body()).path("id").asText());
            }

            @Override
            public boolean release(UUID hold) throws IOException {
                return text(request("/backup-holds/" + hold).DELETE(), OK, NO_CONTENT, NOT_FOUND)
                                .statusCode()
                        != NOT_FOUND;
            }
        };
    }

    /** Returns when it is kept, safe from a power cut. */
    void upload(String ownerType, String ownerId, byte[] image) throws IOException {
        text(
                request("/images?ownerType=%s&ownerId=%s".formatted(ownerType, ownerId))
                        .POST(BodyPublishers.ofByteArray(image)),
                CREATED);
    }

    /** Whether a client gets it, with the bytes that were sent. */
    boolean has(String sha256) throws IOException {
        HttpResponse<byte[]> answer = send(request("/images/" + sha256).GET().build(), BodyHandlers.ofByteArray());
        return answer.statusCode() == OK && Durable.hash(answer.body()).equals(sha256);
    }

    /** What nobody uses is deleted. */
    void sweep() throws IOException {
        text(request("/sweeps").POST(BodyPublishers.noBody()), OK);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token.signed(Instant.now()));
    }

    private HttpResponse<String> text(HttpRequest.Builder request, Integer... expected) throws IOException {
        HttpResponse<String> answer = send(request.build(), BodyHandlers.ofString());
        if (!List.of(expected).contains(answer.statusCode())) {
            throw new BackupException("%s was answered with %d: %s"
                    .formatted(answer.request().uri(), answer.statusCode(), answer.body()));
        }
        return answer;
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) throws IOException {
        try {
            return http.send(request, body);
        } catch (ConnectException absent) {
            throw new BackupException(
                    "media does not answer at %s: `make start` starts it, MEDIA_PORT names another port."
                            .formatted(url),
                    absent);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }
}
