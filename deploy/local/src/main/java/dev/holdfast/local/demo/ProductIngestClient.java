package dev.holdfast.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.local.tool.Token;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The service as anyone meets it: by HTTP, with a token. */
final class ProductIngestClient {
    /** What can become of a message, in the service's words. */
    enum Outcome {
        APPLIED,
        UNCHANGED,
        STALE,
        DUPLICATE,
        QUARANTINED,
        WAITING;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAGE = 200;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String url;
    private final String token = new Token("demo", List.of("operator")).signed(Instant.now());

    ProductIngestClient(String url) {
        this.url = url;
    }

    /** How many messages had each outcome since the service first ran. */
    Map<Outcome, Long> outcomes() throws IOException, InterruptedException {
        var counted = new EnumMap<Outcome, Long>(Outcome.class);
        for (JsonNode partition : get("/feed/partitions")) {
            for (Outcome outcome : Outcome.values()) {
                counted.merge(outcome, partition.get(outcome.word()).asLong(), Long::sum);
            }
        }
        return counted;
    }

    /** The versions of all products of a vendor whose article number begins like this. */
    Map<String, Long> versions(String vendor, String skuPrefix) throws IOException, InterruptedException {
        var versions = new HashMap<String, Long>();
        String cursor = "";
        do {
            JsonNode page = get("/products?vendor=%s&limit=%d%s".formatted(vendor, PAGE, cursor));
            for (JsonNode product : page.get("items")) {
                if (product.get("sku").asText().startsWith(skuPrefix)) {
                    versions.put(
                            product.get("id").asText(), product.get("version").asLong());
                }
            }
            cursor =
                    page.has("nextCursor") ? "&cursor=" + page.get("nextCursor").asText() : "";
        } while (!cursor.isEmpty());
        return versions;
    }

    String product(String id) throws IOException, InterruptedException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(get("/products/" + id));
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(url + path))
                        .header("Authorization", "Bearer " + token)
                        .timeout(Duration.ofSeconds(30))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(
                    "GET %s was answered with %d: %s".formatted(path, answer.statusCode(), answer.body()));
        }
        return JSON.readTree(answer.body());
    }
}
