package dev.holdfast.media.move;

import dev.holdfast.media.Roles;
import dev.holdfast.media.blob.Blobs;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Sha256;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Moves of one image over HTTP, for operators. */
@Path("/images/{sha256}/moves")
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "Stores")
class ImageMoveResource {
    private final Blobs blobs;
    private final Mover mover;
    private final BlobStores stores;

    ImageMoveResource(Blobs blobs, Mover mover, BlobStores stores) {
        this.blobs = blobs;
        this.mover = mover;
        this.stores = stores;
    }

    @POST
    @Operation(summary = "Move an image to another store, while it is read and used")
    public Uni<MoveRepresentation> move(
            @RestPath @Parameter(description = "Of its bytes") String sha256,
            @RestQuery @Nullable @Parameter(description = "files, postgres or s3", required = true) String to) {
        Backend target = MoveTarget.of(to, stores);
        Sha256 hash = Sha256.parse(sha256).orElseThrow(() -> unknown(sha256));
        return blobs.live(hash)
                .map(found -> found.orElseThrow(() -> unknown(sha256)))
                .chain(blob -> mover.move(blob, target))
                .map(result -> switch (result) {
                    case MoveResult.Moved(var blob) -> MoveRepresentation.of(blob, true);
                    case MoveResult.Already(var blob) -> MoveRepresentation.of(blob, false);
                    case MoveResult.Changed _ ->
                        throw ProblemException.of(
                                ProblemType.CONFLICT,
                                "Image %s was moved by somebody else meanwhile, or is gone. Look where it is, and try again."
                                        .formatted(sha256));
                    case MoveResult.Damaged(var found) ->
                        throw ProblemException.of(
                                ProblemType.CONFLICT,
                                "The bytes of image %s are %s, so it stays where it is. POST /scrubs repairs it where it can be repaired."
                                        .formatted(sha256, found.name().toLowerCase(Locale.ROOT)));
                });
    }

    private static ProblemException unknown(String sha256) {
        return ProblemException.of(ProblemType.NOT_FOUND, "There is no image %s.".formatted(sha256));
    }
}
