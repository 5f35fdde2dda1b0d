package dev.holdfast.product.lifecycle;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** The archiver, for whoever does not want to wait for its schedule. */
@Path("/archive/runs")
@RolesAllowed(LifecycleResource.OPERATOR)
@Tag(name = "Lifecycle")
class ArchiveResource {
    private final Archiver archiver;

    ArchiveResource(Archiver archiver) {
        this.archiver = archiver;
    }

    @POST
    @Operation(
            summary = "Archive products that were deleted long ago, now",
            description = "Answers when the run is over. It is limited as scheduled runs are; what it left is told.")
    public Uni<ArchiveRun> run(
            @RestQuery @DefaultValue("false") @Parameter(description = "Only tell what would be archived")
                    boolean dryRun) {
        return dryRun ? archiver.look() : archiver.run();
    }
}
