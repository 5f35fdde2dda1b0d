package dev.holdfast.platform.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of every error answer, {@code application/problem+json}
 * (<a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>).
 *
 * @param type stable; clients may branch on it
 * @param title the same for every problem of this type
 * @param status the HTTP status, repeated
 * @param detail what is wrong this time, and what to change
 * @param instance the path that was called
 * @param errors one entry per part of the input that is wrong; empty ones are left out
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        URI type,
        String title,
        int status,
        String detail,
        @Nullable URI instance,
        List<InvalidPart> errors) {
    public static final String MEDIA_TYPE = "application/problem+json";

    /**
     * @param pointer where, as a JSON Pointer (RFC 6901) into the body, or the name of a parameter
     * @param reason a stable word for programs, such as {@code unknown_field}
     * @param detail what to change, for people
     */
    public record InvalidPart(String pointer, String reason, String detail) {}

    public static Problem of(ProblemType type, String detail) {
        return of(type, detail, List.of());
    }

    public static Problem of(ProblemType type, String detail, List<InvalidPart> errors) {
        return new Problem(type.uri(), type.title(), type.status(), detail, null, errors);
    }

    Problem at(URI path) {
        return new Problem(type, title, status, detail, path, errors);
    }
}
