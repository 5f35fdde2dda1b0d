package dev.holdfast.product.feed;

import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.ProblemType;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A message that cannot be applied as it is.
 *
 * @param vendor as far as it could be read
 * @param sku as far as it could be read
 * @param version as far as it could be read
 * @param errors at least one
 * @param sqlState of the database's refusal, if it was the database that refused
 * @param constraint likewise
 */
record Rejection(
        @Nullable String vendor,
        @Nullable String sku,
        @Nullable Long version,
        List<InvalidPart> errors,
        @Nullable String sqlState,
        @Nullable String constraint)
        implements Parsed {

    static final String SAME_VERSION_OTHER_CONTENT = "conflict_same_version";

    static Rejection of(InvalidPart error) {
        return new Rejection(null, null, null, List.of(error), null, null);
    }

    static Rejection of(
            @Nullable String vendor, @Nullable String sku, @Nullable Long version, List<InvalidPart> errors) {
        return new Rejection(vendor, sku, version, errors, null, null);
    }

    static Rejection byDatabase(ProductChange change, Throwable failure) {
        String constraint = FailureClass.constraint(failure);
        var error = new InvalidPart(
                "",
                "refused_by_database",
                constraint == null
                        ? "The database cannot hold one of the values, such as a number out of its range."
                        : "The database refuses it by the rule '%s'.".formatted(constraint));
        return new Rejection(
                change.vendor(), change.sku(), change.version(), List.of(error), sqlState(failure), constraint);
    }

    static Rejection conflict(ProductChange change) {
        var error = new InvalidPart(
                "/version",
                SAME_VERSION_OTHER_CONTENT,
                "Version %d of %s is known with other content, and the first one stays: send the change with a higher version."
                        .formatted(change.version(), change.id()));
        return of(change.vendor(), change.sku(), change.version(), List.of(error));
    }

    static Rejection conflict(SnapshotMark mark) {
        var error = new InvalidPart(
                "/version",
                SAME_VERSION_OTHER_CONTENT,
                "The %s of snapshot %d of %s is known with other content, and the first one stays: send the whole snapshot under a higher number."
                        .formatted(mark.begins() ? "begin" : "end", mark.number(), mark.vendor()));
        return of(mark.vendor(), null, mark.number(), List.of(error));
    }

    /** A stable word for programs. */
    String reason() {
        return errors.getFirst().reason();
    }

    /** Not even its key could be read. */
    boolean isUnreadable() {
        return vendor == null && sku == null && version == null;
    }

    /** For people: where, and what to change. */
    String detail() {
        return errors.stream()
                .map(error -> error.pointer().isEmpty() ? error.detail() : error.pointer() + ": " + error.detail())
                .collect(Collectors.joining(" "));
    }

    Problem toProblem() {
        return Problem.of(
                reason().equals(SAME_VERSION_OTHER_CONTENT) ? ProblemType.CONFLICT : ProblemType.UNPROCESSABLE,
                detail(),
                errors);
    }

    private static @Nullable String sqlState(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String state = FailureClass.sqlState(cause);
            if (state != null) {
                return state;
            }
        }
        return null;
    }
}
