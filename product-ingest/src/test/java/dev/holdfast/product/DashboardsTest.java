package dev.holdfast.product;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testkit.ServersForQuarkus;
import dev.holdfast.testkit.TestKafka;
import dev.holdfast.testkit.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A panel whose metric was renamed shows nothing, and nobody notices until it is needed. */
@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class DashboardsTest {
    private static final Path DASHBOARDS = Path.of("..", "deploy", "grafana");
    /** In a query: a name of several words before its labels, its range or the end of a function. */
    private static final Pattern ASKED = Pattern.compile("\\b[a-z]+(?:_[a-z0-9]+)+(?=[{\\[)])");

    private static final Pattern TOLD = Pattern.compile("^[a-z_0-9]+", Pattern.MULTILINE);

    @Test
    void everyPanelAsksForMetricsThatTheServiceHas() throws IOException {
        // Given: some meters exist only after what they measure has happened
        given().get("/products").then().statusCode(401);
        new TestKafka(TestServers.kafka())
                .publish("vendor.products", "any", "not JSON".getBytes(StandardCharsets.UTF_8));
        ManagementFactory.getMemoryMXBean().gc();

        // When
        Set<String> asked = asked();

        // Then
        assertThat(asked).contains("holdfast_feed_messages_total", "jvm_memory_used_bytes");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(told()).containsAll(asked));
    }

    private static Set<String> asked() throws IOException {
        var names = new TreeSet<String>();
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            for (Path file : files.toList()) {
                JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
                dashboard.findValuesAsText("expr").forEach(query -> names.addAll(names(ASKED, query)));
            }
        }
        return names;
    }

    /** A partition's lag appears within a minute of its assignment; the client's, `..._lag_max`, is there at once. */
    private static Set<String> told() {
        String metrics = given().get("/q/metrics").then().extract().asString();
        return names(TOLD, metrics.replace("_records_lag_max", "_records_lag"));
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }
}
