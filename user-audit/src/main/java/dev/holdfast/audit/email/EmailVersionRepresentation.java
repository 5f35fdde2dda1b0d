package dev.holdfast.audit.email;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Where a change is recorded. */
@Schema(name = "EmailVersion")
public record EmailVersionRepresentation(UUID userId, long version, Instant recordedAt) {}
