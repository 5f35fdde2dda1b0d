package dev.holdfast.media.gallery;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.Roles;
import dev.holdfast.media.comparison.Comparer;
import dev.holdfast.media.comparison.ComparisonProblems;
import dev.holdfast.media.comparison.ComparisonRepresentation;
import dev.holdfast.platform.problem.ProblemException;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestForm;

/** The page of the stores, compared. */
@Path("/gallery/stores")
@RolesAllowed(Roles.OPERATOR)
@Produces(MediaType.TEXT_HTML)
@Tag(name = "Gallery")
class StoresResource {
    private static final URI PAGE = URI.create("/gallery/stores");

    private final Comparer comparer;
    private final SecurityIdentity identity;
    private final int imagesMax;

    StoresResource(Comparer comparer, SecurityIdentity identity, MediaConfig config) {
        this.comparer = comparer;
        this.identity = identity;
        this.imagesMax = config.comparison().imagesMax();
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        private Templates() {}

        static native TemplateInstance stores(ComparisonPage page);
    }

    @GET
    @Operation(summary = "The stores compared, for people")
    public Uni<String> page() {
        return comparer.latest()
                .map(found ->
                        ComparisonPage.of(Visitor.of(identity), imagesMax, found.map(ComparisonRepresentation::of)))
                .chain(page -> Templates.stores(page).createUni());
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<Response> compare(@RestForm @DefaultValue("20") int images) {
        if (images < 1 || images > imagesMax) {
            throw ProblemException.invalidParameter("images", "images must be 1 to %d.".formatted(imagesMax));
        }
        return comparer.compare(images)
                .invoke(ComparisonProblems::done)
                .map(done -> Response.seeOther(PAGE).build());
    }
}
