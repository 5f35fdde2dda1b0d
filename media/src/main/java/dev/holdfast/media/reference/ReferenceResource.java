package dev.holdfast.media.reference;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.Paging;
import dev.holdfast.media.Roles;
import dev.holdfast.media.blob.AttachResult;
import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.Blobs;
import dev.holdfast.media.blob.QuotaUse;
import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.blob.References;
import dev.holdfast.media.image.UploadProblems;
import dev.holdfast.media.owner.OwnerAccess;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Who uses an image, over HTTP. */
@Path("/images/{sha256}/references")
@Authenticated
@Tag(name = "References")
class ReferenceResource {
    private final Pool pool;
    private final Blobs blobs;
    private final References references;
    private final MediaConfig config;
    private final SecurityIdentity identity;

    ReferenceResource(Pool pool, Blobs blobs, References references, MediaConfig config, SecurityIdentity identity) {
        this.pool = pool;
        this.blobs = blobs;
        this.references = references;
        this.config = config;
        this.identity = identity;
    }

    @PUT
    @Path("/{ownerType}/{ownerId}/{role}")
    @Operation(
            summary = "Use an image that is there",
            description = "Users do so for themselves, operators for all. May be repeated.")
    @APIResponse(responseCode = "201", description = "It is used, and kept as long as it is")
    @APIResponse(responseCode = "204", description = "It was used so already")
    @APIResponse(responseCode = "404", description = "There is no such image any more; upload it again")
    @APIResponse(responseCode = "410", description = "The owner has been erased")
    @APIResponse(responseCode = "507", description = "The owner's quota has no room for it")
    public Uni<Response> attach(
            @RestPath @Parameter(description = "Of the image's bytes") String sha256,
            @RestPath @Parameter(example = "product") String ownerType,
            @RestPath @Parameter(example = "acme:DRILL-18V") String ownerId,
            @RestPath @Parameter(example = "cover") String role) {
        Reference reference = OwnerAccess.reference(Caller.of(identity), ownerType, ownerId, role);
        return references.attach(hash(sha256), reference).map(result -> switch (result) {
            case AttachResult.Attached _ ->
                Response.status(Response.Status.CREATED).build();
            case AttachResult.Already _ -> Response.noContent().build();
            case AttachResult.OverQuota(QuotaUse use) -> throw UploadProblems.overQuota(reference, use);
            case AttachResult.Gone _ ->
                throw ProblemException.of(
                        ProblemType.NOT_FOUND,
                        "There is no image %s, or nobody used it any more and it is gone: upload it again."
                                .formatted(sha256));
            case AttachResult.OwnerErased _ -> throw OwnerAccess.erased(reference);
        });
    }

    @DELETE
    @Path("/{ownerType}/{ownerId}/{role}")
    @Operation(
            summary = "Use an image no more",
            description = "As this, and by this owner; other uses stay. What nobody uses goes with the next sweep.")
    public Uni<Void> detach(
            @RestPath @Parameter(description = "Of the image's bytes") String sha256,
            @RestPath @Parameter(example = "product") String ownerType,
            @RestPath @Parameter(example = "acme:DRILL-18V") String ownerId,
            @RestPath @Parameter(example = "cover") String role) {
        Reference reference = OwnerAccess.reference(Caller.of(identity), ownerType, ownerId, role);
        return references
                .detach(hash(sha256), reference)
                .invoke(wasThere -> {
                    if (!wasThere) {
                        throw ProblemException.of(
                                ProblemType.NOT_FOUND,
                                "%s %s does not use image %s as %s.".formatted(ownerType, ownerId, sha256, role));
                    }
                })
                .replaceWithVoid();
    }

    @GET
    @Operation(summary = "Who uses an image", description = "Users see their own uses, operators all.")
    public Uni<ReferencePage> list(
            @RestPath @Parameter(description = "Of the image's bytes") String sha256,
            @RestQuery @Nullable @Parameter(description = "nextCursor of the page before") String cursor,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 500") int limit) {
        Paging.requireLimit(limit, config.pageMax());
        List<String> after = Paging.position(cursor, List.of("", "", ""));
        Caller caller = Caller.of(identity);
        return blobs.live(hash(sha256))
                .map(found ->
                        found.map(Blob::ref).orElseThrow(() -> noImage(sha256)).id())
                .chain(blob -> page(caller, blob, after, limit + 1))
                .map(found -> ReferencePage.of(found, limit));
    }

    private Uni<List<ReferenceRepresentation>> page(Caller caller, UUID blob, List<String> after, int limit) {
        return caller.roles().contains(Roles.OPERATOR)
                ? ReferenceStore.ofImage(pool, blob, after, limit)
                : ReferenceStore.ofImageAndOwner(pool, blob, Reference.USER, caller.subject(), after, limit);
    }

    private static Sha256 hash(String sha256) {
        return Sha256.parse(sha256).orElseThrow(() -> noImage(sha256));
    }

    private static ProblemException noImage(String sha256) {
        return ProblemException.of(
                ProblemType.NOT_FOUND,
                "There is no image %s; they are named by 64 hexadecimal digits in lower case.".formatted(sha256));
    }
}
