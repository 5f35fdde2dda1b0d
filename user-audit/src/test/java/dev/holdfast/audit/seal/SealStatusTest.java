package dev.holdfast.audit.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.junit.jupiter.api.Test;

class SealStatusTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SealStatus status = new SealStatus(meters);

    private HealthCheckResponse health() {
        return new SealWellness(status).call().await().atMost(Duration.ofSeconds(5));
    }

    private double forked() {
        return meters.get("holdfast.audit.forked").gauge().value();
    }

    @Test
    void aForkIsToldOfUntilSomethingIsSealedAgain() {
        status.failed(new ForkedTreeException(7));

        assertThat(forked()).isOne();
        assertThat(health().getStatus()).isEqualTo(HealthCheckResponse.Status.DOWN);
        assertThat(health().getData().orElseThrow().get("why"))
                .asString()
                .contains("The first 7 leaves do not have the root that was signed");

        // When nothing waits, or another instance is at it
        status.sealed(0);
        assertThat(forked()).isOne();

        // When it has been mended
        status.sealed(3);
        assertThat(forked()).isZero();
        assertThat(health().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
        assertThat(meters.get("holdfast.audit.sealed").counter().count()).isEqualTo(3);
    }

    @Test
    void whatElseFailsIsCountedAndSaysNothingOfTheTree() {
        status.failed(new TimeoutException());

        assertThat(meters.get("holdfast.audit.seal.failures").counter().count()).isOne();
        assertThat(health().getStatus()).isEqualTo(HealthCheckResponse.Status.UP);
    }
}
