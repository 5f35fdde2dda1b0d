package dev.holdfast.media.comparison;

import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;

/** Says at an edge what kept a comparison from coming to its end. */
public final class ComparisonProblems {
    private ComparisonProblems() {}

    /** @throws ProblemException when it did not */
    public static Comparison done(ComparisonResult result) {
        return switch (result) {
            case ComparisonResult.Done(Comparison comparison) -> comparison;
            case ComparisonResult.Busy _ ->
                throw ProblemException.of(
                        ProblemType.CONFLICT,
                        "A comparison is under way, and a second one would measure the first: try again when it has ended.");
            case ComparisonResult.NoImages _ ->
                throw ProblemException.of(
                        ProblemType.CONFLICT,
                        "There is no image to compare on, or none of less than media.comparison.bytes-max: upload some.");
            case ComparisonResult.Changed _ ->
                throw ProblemException.of(
                        ProblemType.CONFLICT, "An image was deleted or moved while it was measured: compare again.");
            case ComparisonResult.Failed _ ->
                throw ProblemException.of(
                        ProblemType.UNAVAILABLE,
                        "A store does not do what it should, as the log says; nothing was compared.");
        };
    }
}
