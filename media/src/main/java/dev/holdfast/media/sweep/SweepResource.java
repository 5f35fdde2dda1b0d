package dev.holdfast.media.sweep;

import dev.holdfast.media.Batches;
import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.Paging;
import dev.holdfast.media.Roles;
import dev.holdfast.media.sweep.OrphanRepresentation.Why;
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
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Sweeps and backups over HTTP, for operators. */
@Path("/")
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "Orphans")
class SweepResource {
    private static final List<String> BEGIN = List.of(Why.UNUSED.name(), Batches.FIRST.toString());

    private final Sweeper sweeper;
    private final Orphans orphans;
    private final SweepMetrics metrics;
    private final BackupHolds holds;
    private final Duration holdMax;
    private final int pageMax;

    SweepResource(Sweeper sweeper, SweepMetrics metrics, Orphans orphans, BackupHolds holds, MediaConfig config) {
        this.sweeper = sweeper;
        this.metrics = metrics;
        this.orphans = orphans;
        this.holds = holds;
        this.holdMax = config.sweep().holdMax();
        this.pageMax = config.pageMax();
    }

    @GET
    @Path("orphans")
    @Operation(
            summary = "What nobody owns, and the next sweep would delete",
            description = "The first page counts all of it, which takes as long as a sweep.")
    public Uni<OrphanPage> orphans(
            @RestQuery @Nullable @Parameter(description = "nextCursor of the page before") String cursor,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 500") int limit) {
        Paging.requireLimit(limit, pageMax);
        List<String> after = Paging.position(cursor, BEGIN);
        Why why = Paging.oneOf(Why.class, after.get(0));
        UUID id = Paging.uuid(after.get(1));
        return (cursor == null ? sweep(true) : Uni.createFrom().<SweepRepresentation>nullItem())
                .chain(found ->
                        orphans.page(why, id, limit + 1, last(found)).map(page -> OrphanPage.of(found, page, limit)));
    }

    /** Stores are not listed a second time when nothing was found there. */
    private static Why last(@Nullable SweepRepresentation found) {
        return found != null && found.stored() == 0 ? Why.UNANNOUNCED : Why.WITHOUT_IMAGE;
    }

    @POST
    @Path("sweeps")
    @Operation(
            summary = "Delete what nobody owns",
            description = "A store that cannot be reached does not keep it from sweeping the others.")
    public Uni<SweepRepresentation> sweep(
            @RestQuery @DefaultValue("false") @Parameter(description = "Only look") boolean dryRun) {
        Uni<SweepReport> sweep = sweeper.sweep(dryRun);
        return (dryRun ? sweep : metrics.measured(sweep)).map(report -> SweepRepresentation.of(report, dryRun));
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
