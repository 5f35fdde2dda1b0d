package dev.holdfast.media.sweep;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** While it lasts, no bytes are deleted. */
@Schema(name = "BackupHold")
public record HoldRepresentation(UUID id, Instant expiresAt) {}
