package dev.holdfast.media.resumable;

import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.image.ReferenceRequest;
import dev.holdfast.media.image.UploadProblems;
import dev.holdfast.media.image.UploadResult;
import dev.holdfast.media.owner.OwnerAccess;
import dev.holdfast.media.picture.PictureLimits;
import dev.holdfast.media.resumable.ResumableResult.Kept;
import dev.holdfast.media.resumable.ResumableResult.Locked;
import dev.holdfast.media.resumable.ResumableResult.NoSuch;
import dev.holdfast.media.resumable.ResumableResult.NotKept;
import dev.holdfast.media.resumable.ResumableResult.Open;
import dev.holdfast.media.resumable.ResumableResult.Terminated;
import dev.holdfast.media.resumable.ResumableResult.TooLong;
import dev.holdfast.media.resumable.ResumableResult.TooMany;
import dev.holdfast.media.resumable.ResumableResult.WrongChecksum;
import dev.holdfast.media.resumable.ResumableResult.WrongOffset;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MultiHelper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** tus 1.0.0 over HTTP, with creation, creation-with-upload, expiration, checksum and termination. */
@Path("/uploads")
@Authenticated
@Tag(name = "Resumable uploads", description = "tus 1.0.0: any of its clients will do")
class UploadResource {
    private static final String EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination";
    private static final String BYTES = "application/offset+octet-stream";
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private static final ProblemType OTHER_VERSION = new ProblemType("tus-version", 412, "Another version of tus");
    private static final ProblemType OTHER_TYPE =
            new ProblemType("not-offset-bytes", 415, "Not the bytes of an upload");
    private static final ProblemType LOCKED = new ProblemType("locked", 423, "Somebody is at it");
    private static final ProblemType TOO_MANY = new ProblemType("too-many-uploads", 429, "Too many are unfinished");
    private static final ProblemType CHECKSUM = new ProblemType("checksum-mismatch", 460, "Not what was sent");

    private final ResumableUploads uploads;
    private final SecurityIdentity identity;
    private final long lengthMax;

    UploadResource(ResumableUploads uploads, SecurityIdentity identity, PictureLimits limits) {
        this.uploads = uploads;
        this.identity = identity;
        this.lengthMax = limits.bytes();
    }

    @OPTIONS
    @PermitAll
    @Operation(summary = "What of tus there is here")
    public Uni<Response> options() {
        return Uni.createFrom()
                .item(Response.noContent()
                        .header("Tus-Extension", EXTENSIONS)
                        .header("Tus-Max-Size", lengthMax)
                        .header("Tus-Checksum-Algorithm", UploadChecksum.NAMES)
                        .build());
    }

    @POST
    @Operation(
            summary = "Begin an upload",
            description =
                    "Upload-Metadata has ownerType, ownerId and, if it is not image, role; what else it has comes back"
                            + " with HEAD. The body may have the first bytes.")
    @APIResponse(responseCode = "201", description = "It is to be sent to the Location, until Upload-Expires")
    @APIResponse(responseCode = "413", description = "Upload-Length is more than Tus-Max-Size")
    @APIResponse(responseCode = "429", description = "The caller has too many unfinished ones")
    @APIResponse(responseCode = "507", description = "The owner's quota has no room for it")
    public Uni<Response> begin(
            @Context HttpServerRequest request,
            @RestHeader("Tus-Resumable") @Nullable String version,
            @RestHeader("Upload-Length") @Nullable String length,
            @RestHeader("Upload-Defer-Length") @Nullable String defer,
            @RestHeader("Upload-Metadata") @Nullable String metadata,
            @RestHeader("Upload-Checksum") @Nullable String checksum) {
        Caller caller = Caller.of(identity);
        return reading(request, () -> {
            require(version);
            if (defer != null) {
                throw ProblemException.invalidParameter(
                        "Upload-Defer-Length", "The length must be known from the beginning: send Upload-Length.");
            }
            long bytes = length(length);
            Reference reference =
                    ReferenceRequest.of(UploadMetadata.parse(metadata)).by(caller);
            Chunk first = hasBody(request) ? chunk(request, checksum) : null;
            return uploads.begin(caller.subject(), reference, bytes, metadata == null ? "" : metadata)
                    .chain(begun -> begun instanceof Open(ResumableUpload upload, long offset)
                            ? (first == null
                                            ? Uni.createFrom().item(begun)
                                            : uploads.append(upload.id(), caller.subject(), offset, first))
                                    .map(result -> Response.fromResponse(answer(result, Response.Status.CREATED))
                                            .location(URI.create("/uploads/" + upload.id()))
                                            .build())
                            : Uni.createFrom().item(answer(begun, Response.Status.CREATED)));
        });
    }

    private long length(@Nullable String length) {
        long bytes = number("Upload-Length", length);
        if (bytes == 0) {
            throw ProblemException.invalidParameter("Upload-Length", "An image has one byte at least.");
        }
        if (bytes > lengthMax) {
            throw ProblemException.of(
                    ProblemType.TOO_LARGE,
                    "The file has more than %,d bytes, which is what is allowed: save it smaller, or with more compression."
                            .formatted(lengthMax));
        }
        return bytes;
    }

    @HEAD
    @Path("{id}")
    @Operation(summary = "How much of it has come")
    @APIResponse(
            responseCode = "200",
            description = "Upload-Offset bytes are safe; when these are all, Content-Location is the image")
    public Uni<Response> status(
            @RestHeader("Tus-Resumable") @Nullable String version,
            @RestPath @Parameter(description = "Of the upload") UUID id) {
        require(version);
        return uploads.status(id, Caller.of(identity).subject()).map(result -> answer(result, Response.Status.OK));
    }

    @PATCH
    @Path("{id}")
    @Operation(
            summary = "Send more of it, from Upload-Offset on",
            description =
                    "With the last byte the image is kept, or refused with what is wrong with it; then there is no such"
                            + " upload any more.")
    @APIResponse(
            responseCode = "204",
            description = "Upload-Offset bytes are safe; when these are all, Content-Location is the image")
    @APIResponse(responseCode = "409", description = "It goes on elsewhere: ask with HEAD")
    @APIResponse(responseCode = "422", description = "No picture that is taken here; the text says why")
    @APIResponse(responseCode = "423", description = "Another request is at it: come again in a second")
    @APIResponse(responseCode = "460", description = "The bytes do not have the Upload-Checksum: send them again")
    @APIResponse(responseCode = "507", description = "The owner's quota has no room for it")
    public Uni<Response> append(
            @Context HttpServerRequest request,
            @RestHeader("Tus-Resumable") @Nullable String version,
            @RestHeader("Upload-Offset") @Nullable String offset,
            @RestHeader("Upload-Checksum") @Nullable String checksum,
            @RestPath @Parameter(description = "Of the upload") UUID id) {
        String subject = Caller.of(identity).subject();
        return reading(request, () -> {
            require(version);
            return uploads.append(id, subject, number("Upload-Offset", offset), chunk(request, checksum))
                    .map(result -> answer(result, Response.Status.NO_CONTENT));
        });
    }

    @DELETE
    @Path("{id}")
    @Operation(summary = "Give it up", description = "An image that it has become stays.")
    public Uni<Response> terminate(
            @RestHeader("Tus-Resumable") @Nullable String version,
            @RestPath @Parameter(description = "Of the upload") UUID id) {
        require(version);
        return uploads.terminate(id, Caller.of(identity).subject())
                .map(result -> answer(result, Response.Status.NO_CONTENT));
    }

    /** What is not wanted of the body is let pass, so that the client comes to read the answer. */
    private static Uni<Response> reading(HttpServerRequest request, Supplier<Uni<? extends Response>> work) {
        return Uni.createFrom().<Response>deferred(work).onTermination().invoke(() -> request.resume());
    }

    private static void require(@Nullable String version) {
        if (!TusRoute.VERSION.equals(version)) {
            throw ProblemException.of(
                    OTHER_VERSION, "Send 'Tus-Resumable: %s', which is the version here.".formatted(TusRoute.VERSION));
        }
    }

    /** Clients add types to bodies that they do not have. */
    private static boolean hasBody(HttpServerRequest request) {
        return announced(request) > 0
                || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null
                || isBytes(request.getHeader(HttpHeaders.CONTENT_TYPE));
    }

    /** Whatever parameters it has. */
    private static boolean isBytes(@Nullable String type) {
        return type != null && BYTES.equalsIgnoreCase(type.split(";", 2)[0].strip());
    }

    /** 0 when it is not said. */
    private static long announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length);
    }

    private static Chunk chunk(HttpServerRequest request, @Nullable String checksum) {
        if (!isBytes(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
            throw ProblemException.of(OTHER_TYPE, "Send the bytes with 'Content-Type: %s'.".formatted(BYTES));
        }
        return new Chunk(MultiHelper.toMulti(request), announced(request), UploadChecksum.of(checksum));
    }

    private static long number(String name, @Nullable String value) {
        if (value == null || !NUMBER.matcher(value).matches()) {
            throw ProblemException.invalidParameter(name, "%s is needed, a number of bytes.".formatted(name));
        }
        return Long.parseLong(value);
    }

    private static Response answer(ResumableResult result, Response.Status status) {
        return switch (result) {
            case Open(ResumableUpload upload, long offset) ->
                described(status, upload, offset).build();
            case Kept(ResumableUpload upload, var image) ->
                described(status, upload, upload.length())
                        .contentLocation(URI.create("/images/" + image))
                        .build();
            case Terminated _ -> Response.noContent().build();
            case NotKept(ResumableUpload upload, UploadResult.OverQuota(var use)) ->
                throw UploadProblems.overQuota(upload.reference(), use);
            case NotKept(ResumableUpload _, UploadResult.Refused(var refusal)) -> throw UploadProblems.refused(refusal);
            case NotKept(ResumableUpload upload, UploadResult.OwnerErased _) ->
                throw OwnerAccess.erased(upload.reference());
            case NotKept _ -> throw UploadProblems.expired();
            case NoSuch _ ->
                throw ProblemException.of(
                        ProblemType.NOT_FOUND,
                        "You have no such upload: it was given up, or has expired. Begin another one.");
            case Locked _ ->
                throw ProblemException.of(
                        LOCKED, "Another request is sending it. Ask with HEAD how far it has come, in a second.");
            case WrongOffset(long offset) ->
                throw ProblemException.of(
                        ProblemType.CONFLICT,
                        "The upload has %,d bytes: go on from 'Upload-Offset: %d'.".formatted(offset, offset));
            case TooLong(long length) ->
                throw ProblemException.of(
                        ProblemType.TOO_LARGE,
                        "The upload was announced with 'Upload-Length: %d', and these bytes go beyond that. Ask with HEAD where it goes on."
                                .formatted(length));
            case WrongChecksum _ ->
                throw ProblemException.of(
                        CHECKSUM,
                        "The bytes do not have the hash of Upload-Checksum, so none was kept. Send them again.");
            case TooMany(int max) ->
                throw ProblemException.of(
                        TOO_MANY,
                        "You have %d unfinished uploads, and no more are allowed: finish one, give one up with DELETE, or wait until they expire."
                                .formatted(max));
        };
    }

    private static Response.ResponseBuilder described(Response.Status status, ResumableUpload upload, long offset) {
        Response.ResponseBuilder answer = Response.status(status)
                .header("Upload-Offset", offset)
                .header("Upload-Expires", HTTP_DATE.format(upload.expiresAt()));
        if (status == Response.Status.OK) {
            answer.header("Upload-Length", upload.length());
            if (!upload.metadata().isEmpty()) {
                answer.header("Upload-Metadata", upload.metadata());
            }
        }
        return answer;
    }
}
