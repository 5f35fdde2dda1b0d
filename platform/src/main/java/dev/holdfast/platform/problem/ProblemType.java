package dev.holdfast.platform.problem;

import java.net.URI;

/**
 * A kind of problem.
 *
 * @param name the last part of its URI, such as {@code not-json}
 */
public record ProblemType(String name, int status, String title) {
    public static final ProblemType NOT_JSON = new ProblemType("not-json", 400, "The body is not JSON");
    public static final ProblemType INVALID_INPUT =
            new ProblemType("invalid-input", 400, "Some part of the input is not acceptable");
    public static final ProblemType UNAUTHENTICATED = new ProblemType("unauthenticated", 401, "Who is calling?");
    public static final ProblemType FORBIDDEN = new ProblemType("forbidden", 403, "Not allowed for this caller");
    public static final ProblemType NOT_FOUND = new ProblemType("not-found", 404, "There is no such thing");
    public static final ProblemType CONFLICT = new ProblemType("conflict", 409, "Something else is there already");
    public static final ProblemType TOO_LARGE = new ProblemType("too-large", 413, "The body is too large");
    public static final ProblemType UNPROCESSABLE =
            new ProblemType("unprocessable", 422, "The content cannot be accepted as it is");
    public static final ProblemType UNAVAILABLE =
            new ProblemType("unavailable", 503, "A part that is needed does not answer");
    public static final ProblemType INTERNAL = new ProblemType("internal-error", 500, "This is a bug of ours");

    private static final String BASE = "https://holdfast.dev/problems/";

    public URI uri() {
        return URI.create(BASE + name);
    }
}
