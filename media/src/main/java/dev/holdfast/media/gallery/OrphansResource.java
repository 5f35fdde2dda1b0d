package dev.holdfast.media.gallery;

import dev.holdfast.media.Roles;
import dev.holdfast.media.sweep.Sweeper;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The page of what nobody owns: a page of its own, because to look for it means to list all stores. */
@Path("/gallery/orphans")
@RolesAllowed(Roles.OPERATOR)
@Produces(MediaType.TEXT_HTML)
@Tag(name = "Gallery")
class OrphansResource {
    private final Sweeper sweeper;
    private final SecurityIdentity identity;

    OrphansResource(Sweeper sweeper, SecurityIdentity identity) {
        this.sweeper = sweeper;
        this.identity = identity;
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        private Templates() {}

        static native TemplateInstance orphans(OrphansPage page);
    }

    @GET
    @Operation(summary = "What nobody owns, for people")
    public Uni<String> page() {
        return sweeper.sweep(true)
                .map(now -> OrphansPage.of(Visitor.of(identity), null, now))
                .chain(page -> Templates.orphans(page).createUni());
    }

    /** Answers with a page, since one may sweep again at any time. */
    @POST
    @Operation(hidden = true)
    public Uni<String> sweep() {
        return sweeper.sweep(true)
                .chain(before -> sweeper.sweep(false)
                        .chain(swept -> sweeper.sweep(true)
                                .map(now -> OrphansPage.of(
                                        Visitor.of(identity), new OrphansPage.Swept(before, swept), now))))
                .chain(page -> Templates.orphans(page).createUni());
    }
}
