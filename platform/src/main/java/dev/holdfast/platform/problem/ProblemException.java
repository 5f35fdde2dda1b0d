package dev.holdfast.platform.problem;

import java.util.List;

/** Carries a {@link Problem} from a resource to the edge. For expected outcomes deeper inside, return a value instead. */
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public static ProblemException of(ProblemType type, String detail) {
        return new ProblemException(Problem.of(type, detail));
    }

    /** A single wrong parameter. */
    public static ProblemException invalidParameter(String name, String detail) {
        return new ProblemException(Problem.of(
                ProblemType.INVALID_INPUT,
                detail,
                List.of(new Problem.InvalidPart(name, "invalid_parameter", detail))));
    }

    public Problem problem() {
        return problem;
    }
}
