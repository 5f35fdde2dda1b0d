package dev.holdfast.product.vendor;

import dev.holdfast.platform.postgres.FailureClass;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** What a reading that failed means, and who can put it right. */
final class VendorMasterHealth {
    private static final String PAGE = "docs/mapping/vendor-master.md";

    private VendorMasterHealth() {}

    static HealthCheckResponse of(VendorDirectory.State state, Instant now) {
        HealthCheckResponseBuilder answer =
                HealthCheckResponse.named("vendor master").status(state.snapshot() != null);
        if (state.snapshot() != null) {
            answer.withData("vendors", state.snapshot().vendors().size())
                    .withData(
                            "ageSeconds",
                            Duration.between(state.snapshot().readAt(), now).toSeconds());
        }
        if (state.failure() != null) {
            answer.withData("reason", reason(state.failure()));
        } else if (state.snapshot() == null) {
            answer.withData("reason", "not read yet");
        }
        return answer.build();
    }

    static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PgException refused) {
                return switch (String.valueOf(refused.getSqlState())) {
                    case "42P01", "42703", "3F000" ->
                        "it lacks something that the models read (%s): compare it with %s, and have it added or the models generated anew"
                                .formatted(refused.getErrorMessage(), PAGE);
                    case "42501" ->
                        "the service's role may not read it (%s): its owner must grant SELECT"
                                .formatted(refused.getErrorMessage());
                    default -> "refused with SQLSTATE " + refused.getSqlState();
                };
            }
        }
        return FailureClass.of(failure) == FailureClass.PAUSE
                ? "no answer"
                : "refused: " + failure.getClass().getSimpleName();
    }
}
