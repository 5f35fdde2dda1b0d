package dev.holdfast.payments.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.platform.problem.ProblemType;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A refusal as a problem document with the evidence. */
@Schema(name = "RefusalProblem")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RefusalProblem(
        URI type,
        String title,
        int status,
        String detail,
        URI instance,
        String reason,
        @Nullable Long account,
        @Nullable Long position,
        @Nullable Long availableMinor,
        @Nullable Long neededMinor) {
    static final ProblemType TYPE = new ProblemType("transfer-refused", 409, "The transfer does not happen");

    static RefusalProblem of(Refusal refusal, URI path) {
        return new RefusalProblem(
                TYPE.uri(),
                TYPE.title(),
                TYPE.status(),
                refusal.reason().detail(),
                path,
                refusal.reason().word(),
                refusal.account(),
                refusal.position(),
                refusal.availableMinor(),
                refusal.neededMinor());
    }
}
