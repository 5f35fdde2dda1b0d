package dev.holdfast.audit.registration;

import dev.holdfast.audit.email.AppendResult;
import dev.holdfast.platform.id.DerivedIds;
import dev.holdfast.platform.problem.IdempotencyKey;
import dev.holdfast.platform.problem.JsonBody;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestHeader;
import org.jspecify.annotations.Nullable;

/** Registration over HTTP. */
@Path("/users")
@Authenticated
@Tag(name = "Users")
class RegistrationResource {

    private final RegistrationService service;
    private final SecurityIdentity identity;

    RegistrationResource(RegistrationService service, SecurityIdentity identity) {
        this.service = service;
        this.identity = identity;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Register a user, once per key",
            description = "The same key with the same address is answered as the first time, with the header"
                    + " Idempotency-Hit; with another address it is refused.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = RegistrationRequest.class)))
    @APIResponse(
            responseCode = "201",
            description = "Registered",
            content = @Content(schema = @Schema(implementation = RegistrationRepresentation.class)))
    public Uni<Response> register(
            @RestHeader(IdempotencyKey.HEADER)
                    @Nullable @Parameter(
                            required = true,
                            description = "1 to 64 visible ASCII characters, chosen anew for each user",
                            example = "0197b0c8-6d0f-7c55-9a3e-5f6a4c1d2e3f")
                    String key,
            byte[] body) {
        String named = IdempotencyKey.require(key, "user");
        RegistrationRequest request = JsonBody.read(RegistrationRequest.class, body);
        List<InvalidPart> violations = request.violations();
        if (!violations.isEmpty()) {
            throw JsonBody.unprocessable(violations);
        }
        Caller caller = Caller.of(identity);
        UUID id = DerivedIds.of("user", caller.subject(), named);
        return service.register(id, request.toProfile(), request.parseEmail().orElseThrow(), caller.subject())
                .map(result -> answer(id, result));
    }

    private static Response answer(UUID id, AppendResult result) {
        return switch (result) {
            case AppendResult.Appended appended ->
                Response.created(URI.create("/users/" + id))
                        .entity(new RegistrationRepresentation(id, appended.version()))
                        .build();
            case AppendResult.Exists exists ->
                Response.ok(new RegistrationRepresentation(id, exists.version()))
                        .header(IdempotencyKey.HIT, true)
                        .build();
            default ->
                throw ProblemException.of(
                        ProblemType.CONFLICT,
                        "This %s has registered somebody with another address: choose a new one."
                                .formatted(IdempotencyKey.HEADER));
        };
    }
}
