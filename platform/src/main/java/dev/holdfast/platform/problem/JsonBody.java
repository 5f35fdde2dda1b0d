package dev.holdfast.platform.problem;

import dev.holdfast.platform.problem.Problem.InvalidPart;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of a request, read by {@link StrictJson}; what is wrong with it leaves as a {@link Problem}. */
public final class JsonBody {
    private JsonBody() {}

    /** @throws ProblemException with 400 when it is not JSON, with 422 when it is not this type */
    public static <T> T read(Class<T> type, byte[] body) {
        if (body.length == 0) {
            throw ProblemException.of(ProblemType.NOT_JSON, "The body is empty: send one JSON object in UTF-8.");
        }
        @Nullable T value;
        try {
            value = StrictJson.readerFor(type).readValue(body);
        } catch (IOException unread) {
            InvalidPart error = StrictJson.explain(unread);
            throw error.reason().equals("not_json")
                    ? ProblemException.of(ProblemType.NOT_JSON, error.detail())
                    : unprocessable(List.of(error));
        }
        if (value == null) {
            throw unprocessable(List.of(new InvalidPart("", "not_an_object", "The body is null: send a JSON object.")));
        }
        return value;
    }

    /** Says all that is wrong at once. */
    public static ProblemException unprocessable(List<InvalidPart> violations) {
        StringBuilder detail = new StringBuilder();
        violations.forEach(violation -> detail.append(detail.isEmpty() ? "" : " ")
                .append(violation.pointer())
                .append(violation.pointer().isEmpty() ? "" : ": ")
                .append(violation.detail()));
        return new ProblemException(Problem.of(ProblemType.UNPROCESSABLE, detail.toString(), violations));
    }
}
