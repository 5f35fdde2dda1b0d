package dev.holdfast.audit.profile;

import dev.holdfast.audit.Roles;
import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.problem.SeenVersion;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Profiles over HTTP, for their users and for operators. */
@Path("/users/{id}")
@Authenticated
@Tag(name = "Users")
class ProfileResource {
    private final ProfileService service;
    private final SecurityIdentity identity;

    ProfileResource(ProfileService service, SecurityIdentity identity) {
        this.service = service;
        this.identity = identity;
    }

    @GET
    @Operation(summary = "A user's profile")
    @APIResponse(
            responseCode = "200",
            description = "The ETag is for the If-Match of an edit",
            content = @Content(schema = @Schema(implementation = UserRepresentation.class)))
    public Uni<Response> get(@RestPath @Parameter(description = "The user's id") UUID id) {
        requireOwner(id);
        return service.find(id)
                .map(found -> found.orElseThrow(() -> unknown(id)))
                .map(shown -> answer(shown.user(), shown.version()));
    }

    @PATCH
    @Consumes(ProfilePatch.MEDIA_TYPE)
    @Operation(
            summary = "Change fields of a profile",
            description =
                    "JSON Merge Patch (RFC 7396): what is named is replaced, null takes away, what is not named stays."
                            + " All of it is checked before any of it is written. If-Match names the version that was seen.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = ProfilePatch.MEDIA_TYPE,
                            schema = @Schema(implementation = Profile.class),
                            examples = @ExampleObject(name = "move", value = """
                                    {"address": {"street": "12 St James's Square", "postalCode": "SW1Y 4JH", "city": "London",
                                                 "country": "GB"}, "phoneNumber": null}""")))
    @APIResponse(
            responseCode = "200",
            description = "Changed",
            content = @Content(schema = @Schema(implementation = UserRepresentation.class)))
    @APIResponse(
            responseCode = "412",
            description = "Somebody else was first",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<Response> edit(
            @RestPath @Parameter(description = "The user's id") UUID id,
            @RestHeader("If-Match") @Nullable @Parameter(description = "The ETag", example = "\"1\"") String ifMatch,
            byte[] body) {
        requireOwner(id);
        ProfilePatch patch = ProfilePatch.read(body);
        long seen = SeenVersion.of(ifMatch);
        return service.edit(id, seen, patch).map(result -> switch (result) {
            case EditResult.Edited edited -> answer(edited.user(), edited.version());
            case EditResult.Stale stale -> throw SeenVersion.stale("User " + id, stale.currentVersion());
            case EditResult.Unknown unknown -> throw unknown(id);
        });
    }

    private static Response answer(UserRepresentation user, long version) {
        return Response.ok(user).tag(Long.toString(version)).build();
    }

    private void requireOwner(UUID id) {
        Caller.of(identity).requireOwnership(id.toString(), Roles.OPERATOR, "user %s".formatted(id));
    }

    private static ProblemException unknown(UUID id) {
        return ProblemException.of(ProblemType.NOT_FOUND, "There is no user %s.".formatted(id));
    }
}
