package dev.holdfast.payments.proof;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.health.api.Wellness;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Whether the books added up when they were last proven. */
@Wellness
@ApplicationScoped
class ProofWellness implements AsyncHealthCheck {
    private final ConservationProof proof;

    ProofWellness(ConservationProof proof) {
        this.proof = proof;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        var response = HealthCheckResponse.named("The books add up");
        proof.latest().ifPresent(report -> {
            response.withData("provenAt", report.provenAt().toString());
            report.violations().forEach(violation -> response.withData(name(violation), violation.detail()));
        });
        boolean holds =
                proof.latest().map(report -> report.violations().isEmpty()).orElse(true);
        return Uni.createFrom().item(response.status(holds).build());
    }

    private static String name(Violation violation) {
        return violation.account() == null ? "all accounts together" : "account " + violation.account();
    }
}
