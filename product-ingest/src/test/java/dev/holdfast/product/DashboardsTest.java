package dev.holdfast.product;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Dashboard;
import dev.holdfast.testkit.ServersForQuarkus;
import dev.holdfast.testkit.TestKafka;
import dev.holdfast.testkit.TestServers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class DashboardsTest {
    @Test
    void everyPanelAsksForMetricsThatTheServiceHas() {
        // Given: some meters exist only after what they measure has happened
        given().get("/products").then().statusCode(401);
        new TestKafka(TestServers.kafka())
                .publish("vendor.products", "any", "not JSON".getBytes(StandardCharsets.UTF_8));
        ManagementFactory.getMemoryMXBean().gc();

        // When
        Set<String> feed = Dashboard.asked("feed.json");
        Set<String> service = Dashboard.asked("service.json");
        Set<String> promises = Dashboard.asked("promises.json", "holdfast_feed_");

        // Then
        assertThat(feed).contains("holdfast_feed_messages_total");
        assertThat(service).contains("jvm_memory_used_bytes");
        assertThat(promises).contains("holdfast_feed_unaccounted");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(told())
                        .containsAll(feed)
                        .containsAll(service)
                        .containsAll(promises));
    }

    /** A partition's lag appears within a minute of its assignment; the client's, `..._lag_max`, is there at once. */
    private static Set<String> told() {
        String metrics = given().get("/q/metrics").then().extract().asString();
        return Dashboard.told(metrics.replace("_records_lag_max", "_records_lag"));
    }
}
