package dev.holdfast.product.feed;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Clock;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The latest survey, for health and for metrics. Both answer from it and do not ask the database themselves, so that one
 * that is slow or away makes the books old but not wrong.
 */
final class FeedBooks {
    private final Pool pool;
    private final Clock clock;
    private volatile @Nullable FeedSurvey latest;

    FeedBooks(Pool pool, MeterRegistry meters, Clock clock) {
        this.pool = pool;
        this.clock = clock;
        register(
                meters,
                "holdfast.feed.unaccounted",
                "Messages and offsets missing in the books; must be 0",
                survey -> survey.unaccounted());
        register(meters, "holdfast.feed.paused", "Partitions of which nothing is taken", survey -> survey.paused());
        register(
                meters,
                "holdfast.feed.quarantine.open",
                "Messages in quarantine that nobody has settled",
                survey -> survey.openQuarantine());
        register(
                meters,
                "holdfast.feed.snapshot.held",
                "Full snapshots that an operator has to decide about",
                survey -> survey.heldSnapshots());
        for (SetAside.Reason reason : SetAside.Reason.values()) {
            Gauge.builder(
                            "holdfast.feed.waiting",
                            this,
                            books -> books.read(survey -> survey.waiting().getOrDefault(reason.label(), 0L)))
                    .description("Messages that wait, by what they wait for")
                    .tag("reason", reason.label())
                    .register(meters);
        }
    }

    private void register(MeterRegistry meters, String name, String what, ToDoubleFunction<FeedSurvey> value) {
        Gauge.builder(name, this, books -> books.read(value)).description(what).register(meters);
    }

    /** Not a number before the first survey. */
    private double read(ToDoubleFunction<FeedSurvey> value) {
        return latest().map(value::applyAsDouble).orElse(Double.NaN);
    }

    Optional<FeedSurvey> latest() {
        return Optional.ofNullable(latest);
    }

    /** Fails, and keeps the one before, when the database does not answer. */
    Uni<FeedSurvey> survey() {
        return FeedSurveyStore.survey(pool, clock.instant()).invoke(survey -> latest = survey);
    }
}
