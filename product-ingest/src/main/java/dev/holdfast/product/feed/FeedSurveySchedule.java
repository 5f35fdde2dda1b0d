package dev.holdfast.product.feed;

import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jboss.logging.Logger;

/** Checks the books at intervals, and says so when they do not add up. */
@Startup
@ApplicationScoped
class FeedSurveySchedule {
    private static final Logger LOG = Logger.getLogger(FeedSurveySchedule.class);

    private final FeedBooks books;

    FeedSurveySchedule(FeedBooks books) {
        this.books = books;
    }

    /** Never fails: the books stay as they were, and it is tried again next time. */
    @Scheduled(every = "{product.feed.survey-interval}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> look() {
        return books.survey()
                .invoke(survey -> report(survey.lines().stream()
                        .filter(FeedSurvey.Line::isBroken)
                        .toList()))
                .onFailure()
                .invoke(failure -> LOG.warnf("The books could not be checked: %s", failure))
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private static void report(List<FeedSurvey.Line> broken) {
        broken.forEach(line -> LOG.errorf("The books do not add up: %s", line));
    }
}
