package dev.holdfast.audit.seal;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.health.api.Wellness;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Whether the tree was what was signed when the sealer last read it. The events are compared by a verification. */
@Wellness
@ApplicationScoped
class SealWellness implements AsyncHealthCheck {
    private final SealStatus status;

    SealWellness(SealStatus status) {
        this.status = status;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        var response = HealthCheckResponse.named("The tree is what was signed");
        status.fork().ifPresent(fork -> response.withData("why", fork.getMessage()));
        return Uni.createFrom().item(response.status(status.fork().isEmpty()).build());
    }
}
