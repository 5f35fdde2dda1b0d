package dev.holdfast.media.reference;

import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.Paging;
import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.owner.OwnerAccess;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** An owner's images over HTTP. */
@Path("/references")
@Authenticated
@Tag(name = "References")
class OwnedImageResource {
    private static final List<String> FIRST = List.of("", new UUID(0, 0).toString());

    private final Pool pool;
    private final MediaConfig config;
    private final SecurityIdentity identity;

    OwnedImageResource(Pool pool, MediaConfig config, SecurityIdentity identity) {
        this.pool = pool;
        this.config = config;
        this.identity = identity;
    }

    @GET
    @Operation(
            summary = "An owner's images, by role, page by page",
            description = "Users see their own, operators all.")
    public Uni<OwnedImagePage> list(
            @RestQuery @Nullable @Parameter(description = "Such as product or user", required = true) String ownerType,
            @RestQuery @Nullable @Parameter(description = "Whose images", required = true) String ownerId,
            @RestQuery @Nullable @Parameter(description = "nextCursor of the page before") String cursor,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 500") int limit) {
        Reference owner = OwnerAccess.reference(Caller.of(identity), ownerType, ownerId, "any");
        Paging.requireLimit(limit, config.pageMax());
        List<String> after = Paging.position(cursor, FIRST);
        return ReferenceStore.ofOwner(
                        pool, owner.ownerType(), owner.ownerId(), after.get(0), Paging.uuid(after.get(1)), limit + 1)
                .map(found -> OwnedImagePage.of(found, limit));
    }
}
