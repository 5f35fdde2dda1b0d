package dev.holdfast.audit.erasure;

import dev.holdfast.audit.Roles;
import dev.holdfast.platform.problem.JsonBody;
import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** Forgetting over HTTP. */
@Path("/users/{id}")
@Authenticated
@Tag(name = "Forgetting")
class ErasureResource {
    private static final Pattern REASON = Pattern.compile("[^\\p{Cntrl}\\p{Cs}]{1,200}");

    private final ErasureService service;
    private final SecurityIdentity identity;

    ErasureResource(ErasureService service, SecurityIdentity identity) {
        this.service = service;
        this.identity = identity;
    }

    @DELETE
    @Operation(
            summary = "Ask for a user to be forgotten",
            description = "By the user or a privacy officer. It happens when another privacy officer confirms it.")
    @APIResponse(
            responseCode = "202",
            description = "Asked for",
            content = @Content(schema = @Schema(implementation = ErasureRepresentation.class)))
    @APIResponse(
            responseCode = "409",
            description = "A legal hold is in the way",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<Response> request(@RestPath @Parameter(description = "The user's id") UUID id) {
        Caller caller = caller();
        caller.requireOwnership(id.toString(), Roles.PRIVACY_OFFICER, "user %s".formatted(id));
        return service.request(id, caller.subject()).map(result -> answer(id, result));
    }

    @GET
    @Path("/erasure")
    @Operation(summary = "How far a user is forgotten, and the certificate")
    public Uni<Response> show(@RestPath @Parameter(description = "The user's id") UUID id) {
        caller().requireOwnership(id.toString(), Roles.PRIVACY_OFFICER, "user %s".formatted(id));
        return service.find(id).map(result -> answer(id, result));
    }

    @DELETE
    @Path("/erasure")
    @Operation(summary = "Take the request back, as long as it is not done")
    public Uni<Response> withdraw(@RestPath @Parameter(description = "The user's id") UUID id) {
        caller().requireOwnership(id.toString(), Roles.PRIVACY_OFFICER, "user %s".formatted(id));
        return service.withdraw(id).map(result -> switch (result) {
            case ErasureResult.NotRequested gone -> Response.noContent().build();
            default -> answer(id, result);
        });
    }

    @POST
    @Path("/erasure/confirmation")
    @RolesAllowed(Roles.PRIVACY_OFFICER)
    @Operation(
            summary = "Confirm it: the user is forgotten, for ever",
            description = "By somebody else than who asked for it.")
    @APIResponse(
            responseCode = "200",
            description = "Forgotten; the same again is answered as the first time",
            content = @Content(schema = @Schema(implementation = ErasureRepresentation.class)))
    public Uni<Response> confirm(@RestPath @Parameter(description = "The user's id") UUID id) {
        return service.confirm(id, caller().subject()).map(result -> answer(id, result));
    }

    @PUT
    @Path("/legal-hold")
    @RolesAllowed(Roles.PRIVACY_OFFICER)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Keep a user from being forgotten, or let them go again; with a reason that is kept")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = HoldRequest.class)))
    public Uni<Response> hold(@RestPath @Parameter(description = "The user's id") UUID id, byte[] body) {
        HoldRequest request = JsonBody.read(HoldRequest.class, body);
        var violations = new ArrayList<InvalidPart>();
        if (request.held() == null) {
            violations.add(new InvalidPart("/held", "invalid_value", "is needed: true or false."));
        }
        if (request.reason() == null || !REASON.matcher(request.reason()).matches()) {
            violations.add(new InvalidPart(
                    "/reason", "invalid_value", "is needed: 1 to 200 characters without control characters."));
        }
        if (request.held() == null || request.reason() == null || !violations.isEmpty()) {
            throw JsonBody.unprocessable(violations);
        }
        return service.hold(id, request.held(), caller().subject(), request.reason())
                .map(result -> switch (result) {
                    case ErasureResult.Unknown unknown -> throw unknown(id);
                    default -> Response.noContent().build();
                });
    }

    private static Response answer(UUID id, ErasureResult result) {
        return switch (result) {
            case ErasureResult.State state ->
                Response.status(state.erasedAt() == null ? Response.Status.ACCEPTED : Response.Status.OK)
                        .entity(ErasureRepresentation.of(id, state))
                        .build();
            case ErasureResult.NotRequested none ->
                throw ProblemException.of(
                        ProblemType.NOT_FOUND, "Nobody has asked for user %s to be forgotten.".formatted(id));
            case ErasureResult.SamePerson same ->
                throw ProblemException.of(
                        ProblemType.FORBIDDEN, "Whoever asked for it cannot confirm it: another privacy officer must.");
            case ErasureResult.OnHold hold ->
                throw ProblemException.of(
                        ProblemType.CONFLICT, "User %s must be kept: %s.".formatted(id, hold.reason()));
            case ErasureResult.Unknown unknown -> throw unknown(id);
        };
    }

    private Caller caller() {
        return Caller.of(identity);
    }

    private static ProblemException unknown(UUID id) {
        return ProblemException.of(ProblemType.NOT_FOUND, "There is no user %s.".formatted(id));
    }
}
