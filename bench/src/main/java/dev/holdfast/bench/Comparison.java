package dev.holdfast.bench;

import java.util.List;
import java.util.Optional;

/**
 * The product and a peer at the same work.
 *
 * <p>Both sides are run several times in turn. A run sets its data up from nothing, measures nothing but the work (see
 * {@link Servers#startStopwatch}), and throws when the work was not done right.
 */
public interface Comparison {
    /** What one run measures: several figures where setting up costs more than the work. */
    List<Subject> subjects();

    /** One for each subject, in their order. */
    List<Run> product(Servers servers) throws Exception;

    /** One for each subject, in their order. */
    List<Run> peer(Servers servers) throws Exception;

    /** What has to be installed first, and how; empty when nothing is missing. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** Whether every run begins with work that is not counted. If not, the first run of each side is not counted. */
    default boolean warmsUpInEachRun() {
        return false;
    }
}
