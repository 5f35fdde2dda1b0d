package dev.holdfast.audit.erasure;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How far somebody is forgotten. */
@Schema(name = "Erasure")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ErasureRepresentation(
        UUID userId,
        @Schema(enumeration = {"requested", "erased"}) String state,
        String requestedBy,
        Instant requestedAt,
        @Nullable String confirmedBy,
        @Nullable Instant erasedAt,

        @Nullable @Schema(description = "A signed note: log, 'erasure', user, last version, when")
        String certificate) {

    static ErasureRepresentation of(UUID user, ErasureResult.State state) {
        return new ErasureRepresentation(
                user,
                state.erasedAt() == null ? "requested" : "erased",
                state.requestedBy(),
                state.requestedAt(),
                state.confirmedBy(),
                state.erasedAt(),
                state.certificate());
    }
}
