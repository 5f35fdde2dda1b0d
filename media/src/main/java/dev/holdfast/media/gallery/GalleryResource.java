package dev.holdfast.media.gallery;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.blob.References;
import dev.holdfast.media.gallery.GalleryStore.Kept;
import dev.holdfast.media.image.ReferenceRequest;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.media.variant.VariantSizes;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.security.Caller;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The page of images. */
@Path("/gallery")
@Authenticated
@Produces(MediaType.TEXT_HTML)
@Tag(name = "Gallery")
class GalleryResource {
    static final URI PAGE = URI.create("/gallery");
    private static final UUID NEWEST = new UUID(-1, -1);

    private final Pool pool;
    private final References references;
    private final VariantSizes variants;
    private final SecurityIdentity identity;
    private final String sizeMax;

    GalleryResource(
            Pool pool, References references, VariantSizes variants, SecurityIdentity identity, MediaConfig config) {
        this.pool = pool;
        this.references = references;
        this.variants = variants;
        this.identity = identity;
        this.sizeMax = Texts.bytes(config.picture().bytes());
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        private Templates() {}

        static native TemplateInstance gallery(GalleryPage page);
    }

    @GET
    @Operation(summary = "Images for people, the newest first", description = "Users see their own, operators all.")
    public Uni<String> page(
            @RestQuery @Nullable @Parameter(description = "Those before the image of this id; the newest, if left out")
                    UUID before) {
        Visitor visitor = Visitor.of(identity);
        String user = visitor.operator() ? null : visitor.name();
        return GalleryStore.newest(pool, before == null ? NEWEST : before, GalleryPage.PICTURES + 1, user)
                .chain(found -> GalleryStore.references(
                                pool, found.stream().map(Kept::id).toList(), user, GalleryPage.USES_SHOWN + 1)
                        .map(uses -> GalleryPage.of(visitor, found, uses, variants, before == null, sizeMax)))
                .chain(page -> Templates.gallery(page).createUni());
    }

    /** As DELETE of the reference, which a form cannot send. */
    @POST
    @Path("detach")
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @Operation(hidden = true)
    public Uni<Response> detach(
            @RestForm @Nullable String sha256,
            @RestForm @Nullable String ownerType,
            @RestForm @Nullable String ownerId,
            @RestForm @Nullable String role) {
        Reference reference = new ReferenceRequest(ownerType, ownerId, role).by(Caller.of(identity));
        Sha256 hash = Sha256.parse(sha256)
                .orElseThrow(() -> ProblemException.invalidParameter("sha256", "sha256 must be of an image."));
        return references
                .detach(hash, reference)
                .map(detached -> Response.seeOther(PAGE).build());
    }
}
