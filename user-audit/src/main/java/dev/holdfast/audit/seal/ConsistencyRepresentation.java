package dev.holdfast.audit.seal;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What shows that the log has only grown. */
@Schema(name = "ConsistencyProof")
public record ConsistencyRepresentation(
        long from,
        long to,

        @Schema(description = "RFC 6962, 2.1.2; hexadecimal")
        List<String> path) {}
