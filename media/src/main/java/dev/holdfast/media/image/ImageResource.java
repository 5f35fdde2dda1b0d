package dev.holdfast.media.image;

import dev.holdfast.media.Roles;
import dev.holdfast.media.blob.PublishResult;
import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.picture.Refusal;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MultiHelper;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Uploads over HTTP. */
@Path("/images")
@Authenticated
@Tag(name = "Images")
class ImageResource {
    private final Uploads uploads;
    private final SecurityIdentity identity;

    ImageResource(Uploads uploads, SecurityIdentity identity) {
        this.uploads = uploads;
        this.identity = identity;
    }

    @POST
    @Operation(
            summary = "Keep an image, and who uses it",
            description =
                    "The body is the image: JPEG, PNG, WebP, GIF or AVIF, whatever its Content-Type says. The same bytes"
                            + " are kept once.")
    @APIResponse(
            responseCode = "201",
            description = "Kept, and safe from a power cut",
            content = @Content(schema = @Schema(implementation = ImageRepresentation.class)))
    public Uni<Response> upload(
            @Context HttpServerRequest request,
            @RestQuery @Nullable @Parameter(description = "Such as product or user", required = true) String ownerType,
            @RestQuery @Nullable @Parameter(description = "Whose image it is", required = true) String ownerId,
            @RestQuery @DefaultValue("image") @Parameter(description = "Such as cover") String role) {
        Caller caller = Caller.of(identity);
        Reference reference = new Reference(
                named("ownerType", ownerType, 40), named("ownerId", ownerId, 255), named("role", role, 40));
        caller.requireOwnership(
                reference.ownerType().equals("user") ? reference.ownerId() : "",
                Roles.OPERATOR,
                "%s %s".formatted(reference.ownerType(), reference.ownerId()));
        return uploads.take(caller.subject(), MultiHelper.toMulti(request), reference)
                .map(result -> switch (result) {
                    case UploadResult.Published(PublishResult.Stored(var blob)) ->
                        Response.created(URI.create("/images/" + blob.ref().hash()))
                                .entity(ImageRepresentation.of(blob))
                                .build();
                    case UploadResult.Published(PublishResult.Known(var blob)) ->
                        Response.ok(ImageRepresentation.of(blob))
                                .location(URI.create("/images/" + blob.ref().hash()))
                                .build();
                    case UploadResult.Published(PublishResult.Expired _) ->
                        throw ProblemException.of(
                                ProblemType.CONFLICT,
                                "The upload took too long, and nothing is kept of it. Send it again.");
                    case UploadResult.Refused(Refusal refusal) ->
                        throw ProblemException.of(
                                refusal.reason() == Refusal.Reason.TOO_MANY_BYTES
                                        ? ProblemType.TOO_LARGE
                                        : ProblemType.UNPROCESSABLE,
                                refusal.text());
                });
    }

    private static String named(String name, @Nullable String value, int lengthMax) {
        if (value == null || value.isBlank() || value.length() > lengthMax) {
            throw ProblemException.invalidParameter(
                    name, "%s is needed, of 1 to %d characters.".formatted(name, lengthMax));
        }
        return value;
    }
}
