package dev.holdfast.platform.health;

import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Asks a part of the surroundings whether it is there. The checks that come with Quarkus can wait for a minute. */
final class Part {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private Part() {}

    /** @param question fails when the part is out of order */
    static Uni<HealthCheckResponse> check(String name, Uni<?> question) {
        return question.ifNoItem()
                .after(PATIENCE)
                .fail()
                .map(answer -> HealthCheckResponse.named(name).up().build())
                .onFailure()
                .recoverWithItem(failure -> HealthCheckResponse.named(name)
                        .down()
                        .withData("reason", reason(failure))
                        .build());
    }

    private static String reason(Throwable failure) {
        return failure instanceof TimeoutException
                ? "no answer within %d s".formatted(PATIENCE.toSeconds())
                : "refused: " + failure.getClass().getSimpleName();
    }
}
