package dev.holdfast.product.vendor;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** An old snapshot is good enough to be ready; that it is old, and why, is told. */
@Readiness
@ApplicationScoped
class VendorMasterReadiness implements AsyncHealthCheck {
    private final VendorDirectory directory;
    private final Clock clock;

    VendorMasterReadiness(VendorDirectory directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom().item(() -> VendorMasterHealth.of(directory.state(), clock.instant()));
    }
}
