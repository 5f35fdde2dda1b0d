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

/** The retention, for whoever does not want to wait for its schedule. */
@Path("/retention/runs")
@RolesAllowed(LifecycleResource.OPERATOR)
@Tag(name = "Lifecycle")
class RetentionResource {
    private final Retention retention;

    RetentionResource(Retention retention) {
        this.retention = retention;
    }

    @POST
    @Operation(
            summary = "Make the coming months' partitions and drop those that are too old, now",
            description =
                    "What is dropped is gone for good: history, receipts and archived content, each by its own rule.")
    public Uni<RetentionRun> run(
            @RestQuery @DefaultValue("false") @Parameter(description = "Only tell what would be made and dropped")
                    boolean dryRun) {
        return retention.run(dryRun);
    }
}
