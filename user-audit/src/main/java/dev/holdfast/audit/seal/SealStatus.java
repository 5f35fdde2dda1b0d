package dev.holdfast.audit.seal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How sealing goes at this instance, for those who watch. */
final class SealStatus {
    private final Counter sealed;
    private final Counter failures;
    private volatile @Nullable ForkedTreeException fork;

    SealStatus(MeterRegistry meters) {
        sealed = Counter.builder("holdfast.audit.sealed")
                .description("Events that this instance has sealed")
                .register(meters);
        failures = Counter.builder("holdfast.audit.seal.failures")
                .description("Attempts to seal that failed, for whatever reason; the next one comes a second later")
                .register(meters);
        Gauge.builder("holdfast.audit.forked", this, status -> status.fork().isPresent() ? 1 : 0)
                .description("1 while what is stored of the tree is not what was signed, so that nothing is sealed")
                .register(meters);
    }

    /** @param count of events; none says nothing of the tree */
    void sealed(int count) {
        if (count > 0) {
            sealed.increment(count);
            fork = null;
        }
    }

    void failed(Throwable failure) {
        failures.increment();
        if (failure instanceof ForkedTreeException forked) {
            fork = forked;
        }
    }

    /** Of the tree, when it was last looked at. */
    Optional<ForkedTreeException> fork() {
        return Optional.ofNullable(fork);
    }
}
