package dev.holdfast.media.comparison;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.Roles;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** Comparisons over HTTP, for operators. */
@Path("/comparisons")
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "Comparison")
class ComparisonResource {
    private final Comparer comparer;
    private final int imagesMax;

    ComparisonResource(Comparer comparer, MediaConfig config) {
        this.comparer = comparer;
        this.imagesMax = config.comparison().imagesMax();
    }

    @POST
    @Operation(
            summary = "Compare all stores on images that are kept",
            description =
                    "Copies of images chosen at random are written to each store, read and deleted; nothing of it stays."
                            + " It takes seconds, and one goes on at a time.")
    public Uni<ComparisonRepresentation> compare(
            @RestQuery @DefaultValue("20") @Parameter(description = "How many at most") int images) {
        if (images < 1 || images > imagesMax) {
            throw ProblemException.invalidParameter("images", "images must be 1 to %d.".formatted(imagesMax));
        }
        return comparer.compare(images).map(result -> ComparisonRepresentation.of(ComparisonProblems.done(result)));
    }

    @GET
    @Path("latest")
    @Operation(summary = "What the latest comparison has measured")
    public Uni<ComparisonRepresentation> latest() {
        return comparer.latest()
                .map(found -> found.map(ComparisonRepresentation::of)
                        .orElseThrow(() -> ProblemException.of(
                                ProblemType.NOT_FOUND, "Nothing was compared yet: POST /comparisons does so.")));
    }
}
