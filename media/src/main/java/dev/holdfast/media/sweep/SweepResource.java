package dev.holdfast.media.sweep;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.Roles;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;

/** Sweeps and backups over HTTP, for operators. */
@Path("/")
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "Orphans")
class SweepResource {
    private final Sweeper sweeper;
    private final BackupHolds holds;
    private final Duration holdMax;

    SweepResource(Sweeper sweeper, BackupHolds holds, MediaConfig config) {
        this.sweeper = sweeper;
        this.holds = holds;
        this.holdMax = config.sweep().holdMax();
    }

    @GET
    @Path("orphans")
    @Operation(summary = "What nobody owns, and the next sweep would delete")
    public Uni<SweepRepresentation> orphans() {
        return sweep(true);
    }

    @POST
    @Path("sweeps")
    @Operation(summary = "Delete what nobody owns")
    public Uni<SweepRepresentation> sweep(
            @RestQuery @DefaultValue("false") @Parameter(description = "Only look") boolean dryRun) {
        return sweeper.sweep(dryRun).map(report -> SweepRepresentation.of(report, dryRun));
    }

    @POST
    @Path("backup-holds")
    @Operation(
            summary = "Keep all bytes while a backup is made",
            description = "Hold, copy the database, copy the stores, release. Without a release it ends by itself.")
    public Uni<HoldRepresentation> hold(
            @RestQuery @DefaultValue("60") @Parameter(description = "How long at most") int minutes) {
        if (minutes < 1 || minutes > holdMax.toMinutes()) {
            throw ProblemException.invalidParameter(
                    "minutes", "minutes must be 1 to %d.".formatted(holdMax.toMinutes()));
        }
        return holds.hold(Duration.ofMinutes(minutes)).map(hold -> new HoldRepresentation(hold.id(), hold.expiresAt()));
    }

    @DELETE
    @Path("backup-holds/{id}")
    @Operation(summary = "The backup is made")
    public Uni<Void> release(@RestPath @Parameter(description = "Of the hold") UUID id) {
        return holds.release(id)
                .invoke(held -> {
                    if (!held) {
                        throw ProblemException.of(
                                ProblemType.NOT_FOUND,
                                "There is no hold %s, or it has expired: what was copied since then may lack bytes. Make the backup again."
                                        .formatted(id));
                    }
                })
                .replaceWithVoid();
    }
}
