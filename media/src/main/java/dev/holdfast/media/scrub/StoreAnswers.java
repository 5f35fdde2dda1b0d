package dev.holdfast.media.scrub;

import dev.holdfast.media.store.Backend;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which stores answer, so that a run does not wait for each blob of one that does not. */
final class StoreAnswers {
    /** A single blob may be what cannot be read. */
    private static final int FAILURES_MAX = 3;

    private final Map<Backend, Integer> failuresInARow = new ConcurrentHashMap<>();

    void answered(Backend backend) {
        failuresInARow.remove(backend);
    }

    void failed(Backend backend) {
        failuresInARow.merge(backend, 1, Integer::sum);
    }

    boolean isSilent(Backend backend) {
        return failuresInARow.getOrDefault(backend, 0) >= FAILURES_MAX;
    }
}
