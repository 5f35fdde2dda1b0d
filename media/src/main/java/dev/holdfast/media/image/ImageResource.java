package dev.holdfast.media.image;

import dev.holdfast.media.blob.Blob;
import dev.holdfast.media.blob.QuotaUse;
import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.owner.OwnerAccess;
import dev.holdfast.media.picture.Refusal;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MultiHelper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.media.SchemaProperty;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
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
                    "The body is the image: JPEG, PNG, WebP, GIF or AVIF, whatever its Content-Type says; or it is a form"
                            + " (multipart/form-data) with the parameters as fields and, behind them, one file. The same"
                            + " bytes are kept once.")
    @RequestBody(
            content = {
                @Content(mediaType = "image/*", schema = @Schema(type = SchemaType.STRING, format = "binary")),
                @Content(
                        mediaType = "multipart/form-data",
                        schema =
                                @Schema(
                                        type = SchemaType.OBJECT,
                                        properties = {
                                            @SchemaProperty(name = "ownerType", type = SchemaType.STRING),
                                            @SchemaProperty(name = "ownerId", type = SchemaType.STRING),
                                            @SchemaProperty(name = "role", type = SchemaType.STRING),
                                            @SchemaProperty(name = "file", type = SchemaType.STRING, format = "binary")
                                        }))
            })
    @APIResponse(
            responseCode = "201",
            description = "Kept, and safe from a power cut",
            content = @Content(schema = @Schema(implementation = ImageRepresentation.class)))
    @APIResponse(responseCode = "200", description = "The same bytes were there; they have one user more")
    @APIResponse(responseCode = "422", description = "No picture that is taken here; the text says why")
    @APIResponse(responseCode = "507", description = "The owner's quota has no room for it")
    public Uni<Response> upload(
            @Context HttpServerRequest request,
            @RestQuery @Nullable @Parameter(description = "Such as product or user; a field of the form, if it is one")
                    String ownerType,
            @RestQuery @Nullable @Parameter(description = "Whose image it is; likewise") String ownerId,
            @RestQuery @Nullable @Parameter(description = "Such as cover; image when it is missing; likewise")
                    String role) {
        Caller caller = Caller.of(identity);
        String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (contentType != null && MultipartForm.is(contentType)) {
            return uploadForm(caller, request, contentType);
        }
        Reference reference = new ReferenceRequest(ownerType, ownerId, role).by(caller);
        return uploads.take(caller.subject(), MultiHelper.toMulti(request), length(request), reference)
                .map(result -> answer(result, reference));
    }

    private Uni<Response> uploadForm(Caller caller, HttpServerRequest request, String contentType) {
        var form = new MultipartForm(
                contentType,
                ReferenceRequest.NAMES,
                fields -> ReferenceRequest.of(fields).by(caller));
        Supplier<Reference> reference = () -> ReferenceRequest.of(form.fields()).by(caller);
        return uploads.take(caller.subject(), form.file(MultiHelper.toMulti(request)), reference)
                .map(result -> answer(result, reference.get()));
    }

    /** 1 when it is not said. */
    private static long length(HttpServerRequest request) {
        String announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return announced == null ? 1 : Long.parseLong(announced);
    }

    private static Response answer(UploadResult result, Reference reference) {
        return switch (result) {
            case UploadResult.Kept(Blob blob, boolean isNew) ->
                Response.status(isNew ? Response.Status.CREATED : Response.Status.OK)
                        .location(URI.create("/images/" + blob.ref().hash()))
                        .entity(ImageRepresentation.of(blob))
                        .build();
            case UploadResult.OverQuota(QuotaUse use) -> throw UploadProblems.overQuota(reference, use);
            case UploadResult.OwnerErased _ -> throw OwnerAccess.erased(reference);
            case UploadResult.Expired _ -> throw UploadProblems.expired();
            case UploadResult.Refused(Refusal refusal) -> throw UploadProblems.refused(refusal);
        };
    }
}
