package dev.holdfast.product.feed;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.health.api.Wellness;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Down when a message is missing in the books. It is wellness and not readiness, because an instance that is taken out of
 * traffic for it would bring nothing back; and it tells of the latest survey, so that a slow database is no false alarm.
 */
@Wellness
@ApplicationScoped
class FeedWellness implements AsyncHealthCheck {
    private static final String NAME = "Every message has one outcome";

    private final FeedBooks books;

    FeedWellness(FeedBooks books) {
        this.books = books;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom()
                .item(books.latest()
                        .map(FeedWellness::describe)
                        .orElseGet(() -> HealthCheckResponse.named(NAME)
                                .up()
                                .withData("surveyed", "not yet")
                                .build()));
    }

    private static HealthCheckResponse describe(FeedSurvey survey) {
        HealthCheckResponseBuilder answer = HealthCheckResponse.named(NAME)
                .status(survey.unaccounted() == 0)
                .withData("surveyed", survey.at().toString())
                .withData("unaccounted", survey.unaccounted());
        for (FeedSurvey.Line line : survey.lines()) {
            if (line.isBroken()) {
                answer.withData(
                        line.partition(),
                        "%d without outcome, %d offsets not met, %d counted as waiting that do not wait"
                                .formatted(line.withoutOutcome(), line.unmetOffsets(), line.notWaiting()));
            }
            if (line.pausedReason() != null) {
                answer.withData(line.partition() + " paused", line.pausedReason());
            }
        }
        return answer.build();
    }
}
