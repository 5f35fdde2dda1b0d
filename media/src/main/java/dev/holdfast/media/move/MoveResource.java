package dev.holdfast.media.move;

import dev.holdfast.media.Batches;
import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.Paging;
import dev.holdfast.media.Roles;
import dev.holdfast.media.store.BlobStores;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Moves of many images over HTTP, for operators. */
@Path("/moves")
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "Stores")
class MoveResource {
    private final Moves moves;
    private final BlobStores stores;
    private final int limitMax;

    MoveResource(Moves moves, BlobStores stores, MediaConfig config) {
        this.moves = moves;
        this.stores = stores;
        this.limitMax = config.move().limitMax();
    }

    @POST
    @Operation(
            summary = "Move images to where the policy would put them now, or all to one store",
            description = "While they are read and used. May be repeated, and given up at any moment.")
    public Uni<MovesRepresentation> move(
            @RestQuery @Nullable @Parameter(description = "files, postgres or s3; without it, by the policy") String to,
            @RestQuery @Nullable @Parameter(description = "last of the call before") UUID after,
            @RestQuery @DefaultValue("100") @Parameter(description = "Images to move") int limit,
            @RestQuery @DefaultValue("false") @Parameter(description = "Only look") boolean dryRun) {
        Paging.requireLimit(limit, limitMax);
        return moves.run(
                        Optional.ofNullable(to).map(name -> MoveTarget.of(name, stores)),
                        after == null ? Batches.FIRST : after,
                        limit,
                        dryRun)
                .map(report -> MovesRepresentation.of(report, dryRun));
    }
}
