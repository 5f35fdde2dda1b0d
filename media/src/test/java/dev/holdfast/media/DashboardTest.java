package dev.holdfast.media;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.local.tool.Token;
import dev.holdfast.testkit.Dashboard;
import dev.holdfast.testkit.ServersForQuarkus;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ServersForQuarkus.class)
class DashboardTest {
    @Test
    void everyPanelAsksForMetricsThatTheServiceHas() {
        // Given: what was swept is counted by kind from the first sweep on
        given().auth()
                .oauth2(new Token("olga", List.of("operator")).signed(Instant.now()))
                .post("/sweeps")
                .then()
                .statusCode(200);

        // When
        Set<String> asked = Dashboard.asked("images.json");
        Set<String> promises = Dashboard.asked("promises.json", "holdfast_media_");

        // Then
        assertThat(asked).contains("holdfast_media_sweep_last_success_seconds", "holdfast_media_damages");
        assertThat(promises).contains("holdfast_media_damages");
        assertThat(Dashboard.told(given().get("/q/metrics").then().extract().asString()))
                .containsAll(asked)
                .containsAll(promises);
    }
}
