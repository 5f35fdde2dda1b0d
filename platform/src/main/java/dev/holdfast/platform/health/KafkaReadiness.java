package dev.holdfast.platform.health;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while no broker answers. */
@Readiness
@ApplicationScoped
class KafkaReadiness implements AsyncHealthCheck {
    private final Admin admin;

    KafkaReadiness(@Identifier("default-kafka-broker") Map<String, Object> connection) {
        this.admin = Admin.create(connection);
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Part.check(
                "Kafka",
                Uni.createFrom()
                        .completionStage(() -> admin.describeCluster().nodes().toCompletionStage()));
    }

    @PreDestroy
    void close() {
        admin.close(Duration.ZERO);
    }
}
