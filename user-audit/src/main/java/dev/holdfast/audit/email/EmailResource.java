package dev.holdfast.audit.email;

import dev.holdfast.audit.Roles;
import dev.holdfast.platform.event.CloudEvents;
import dev.holdfast.platform.id.DerivedIds;
import dev.holdfast.platform.problem.IdempotencyKey;
import dev.holdfast.platform.problem.JsonBody;
import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.problem.SeenVersion;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
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
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** A user's address and its history over HTTP. */
@Path("/users/{id}/email")
@Authenticated
@Tag(name = "E-mail")
class EmailResource {
    private static final int LIMIT_MAX = 500;

    private final EmailHistory history;
    private final EmailAppender appender;
    private final SecurityIdentity identity;
    private final Clock clock;

    EmailResource(EmailHistory history, EmailAppender appender, SecurityIdentity identity, Clock clock) {
        this.history = history;
        this.appender = appender;
        this.identity = identity;
        this.clock = clock;
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Change the address",
            description =
                    "If-Match names the version of the history that was seen. The same Idempotency-Key with the same"
                            + " content is answered as the first time.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = EmailRequest.class),
                            examples = @ExampleObject(name = "change", value = """
                                    {"address": "ada@example.org"}""")))
    @APIResponse(
            responseCode = "200",
            description = "Recorded",
            content = @Content(schema = @Schema(implementation = EmailVersionRepresentation.class)))
    @APIResponse(
            responseCode = "412",
            description = "Somebody else was first",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<Response> change(
            @RestPath @Parameter(description = "The user's id") UUID id,
            @RestHeader(IdempotencyKey.HEADER) @Nullable @Parameter(required = true, description = "A UUID") String key,
            @RestHeader("If-Match") @Nullable @Parameter(description = "The ETag", example = "\"1\"") String ifMatch,
            byte[] body) {
        return append(id, key, ifMatch, EmailOp.CHANGED, JsonBody.read(EmailRequest.class, body));
    }

    @POST
    @Path("/corrections")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Record what was so, when something else was recorded",
            description =
                    "From validFrom up to the next change; what was believed before can still be asked for. With validFrom and"
                            + " reason.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = EmailRequest.class)))
    public Uni<Response> correct(
            @RestPath @Parameter(description = "The user's id") UUID id,
            @RestHeader(IdempotencyKey.HEADER) @Nullable @Parameter(required = true, description = "A UUID") String key,
            @RestHeader("If-Match") @Nullable @Parameter(description = "The ETag", example = "\"1\"") String ifMatch,
            byte[] body) {
        return append(id, key, ifMatch, EmailOp.CORRECTED, JsonBody.read(EmailRequest.class, body));
    }

    @POST
    @Path("/verifications")
    @Operation(summary = "Record that the address answers to its user; for operators")
    public Uni<Response> verify(
            @RestPath @Parameter(description = "The user's id") UUID id,
            @RestHeader(IdempotencyKey.HEADER) @Nullable @Parameter(required = true, description = "A UUID") String key,
            @RestHeader("If-Match") @Nullable @Parameter(description = "The ETag", example = "\"1\"") String ifMatch) {
        Caller caller = Caller.of(identity);
        if (!caller.roles().contains(Roles.OPERATOR)) {
            throw ProblemException.of(
                    ProblemType.FORBIDDEN, "Only a token with role '%s' says that.".formatted(Roles.OPERATOR));
        }
        return answer(
                id,
                new EmailChange(
                        id,
                        SeenVersion.of(ifMatch),
                        eventId(key),
                        EmailOp.VERIFIED,
                        null,
                        null,
                        caller.subject(),
                        null,
                        "api"));
    }

    private Uni<Response> append(
            UUID id, @Nullable String key, @Nullable String ifMatch, EmailOp op, EmailRequest request) {
        Caller caller = Caller.of(identity);
        caller.requireOwnership(id.toString(), Roles.OPERATOR, "user %s".formatted(id));
        return answer(id, request.toChange(id, SeenVersion.of(ifMatch), eventId(key), op, caller.subject()));
    }

    private Uni<Response> answer(UUID id, EmailChange change) {
        return appender.append(change).map(result -> switch (result) {
            case AppendResult.Appended appended ->
                recorded(new EmailVersionRepresentation(id, appended.version(), appended.recordedAt()))
                        .build();
            case AppendResult.Exists exists ->
                recorded(new EmailVersionRepresentation(id, exists.version(), exists.recordedAt()))
                        .header(IdempotencyKey.HIT, true)
                        .build();
            case AppendResult.Different different ->
                throw ProblemException.of(
                        ProblemType.CONFLICT,
                        "%s %s stands for version %d already: choose a new one for another change."
                                .formatted(IdempotencyKey.HEADER, change.eventId(), different.version()));
            case AppendResult.Stale stale ->
                throw SeenVersion.stale("The e-mail history of user " + id, stale.currentVersion());
            case AppendResult.ValidInTheFuture future ->
                throw ProblemException.invalidParameter(
                        "/validFrom", "validFrom is in the future: wait until it is so.");
            case AppendResult.Erased erased ->
                throw ProblemException.of(ProblemType.CONFLICT, "User %s is forgotten.".formatted(id));
            case AppendResult.Unknown unknown -> throw unknown(id);
        });
    }

    private static Response.ResponseBuilder recorded(EmailVersionRepresentation version) {
        return Response.ok(version).tag(Long.toString(version.version()));
    }

    private static UUID eventId(@Nullable String key) {
        return CloudEvents.uuid(key)
                .filter(id -> !DerivedIds.isDerived(id))
                .orElseThrow(() -> ProblemException.invalidParameter(
                        IdempotencyKey.HEADER,
                        "Send a header %s: a UUID of any version but 8, chosen anew for each change and kept for a repetition."
                                .formatted(IdempotencyKey.HEADER)));
    }

    @GET
    @Operation(
            summary = "The address at a moment",
            description =
                    "asOf: what was known then; now, if left out. validAt: the address of which moment; that of asOf, if"
                            + " left out. Whoever reads about others, an auditor or an operator, says why; it is kept.")
    @APIResponse(
            responseCode = "200",
            description = "The ETag is for the If-Match of a change",
            content = @Content(schema = @Schema(implementation = EmailRepresentation.class)))
    public Uni<Response> get(
            @RestPath @Parameter(description = "The user's id") UUID id,
            @RestQuery @Nullable @Parameter(example = "2026-01-31T12:00:00Z") String asOf,
            @RestQuery @Nullable @Parameter(example = "2026-01-31T12:00:00Z") String validAt,
            @RestQuery @Nullable @Parameter(description = "Why, when it is not about oneself") String purpose) {
        ReadNote note = Readers.note(Caller.of(identity), id, purpose);
        Moments moments = Moments.of(asOf, validAt, clock.instant());
        return history.asOf(id, moments.asOf(), moments.validAt(), note)
                .map(found -> found.orElseThrow(() -> unknown(id)))
                .map(state -> Response.ok(EmailRepresentation.of(id, state, moments))
                        .tag(Long.toString(state.headVersion()))
                        .build());
    }

    @GET
    @Path("/history")
    @Operation(summary = "What was recorded in a window of time, the oldest first, page by page")
    public Uni<EmailHistoryPage> history(
            @RestPath @Parameter(description = "The user's id") UUID id,
            @RestQuery @Nullable @Parameter(description = "Not included; from the beginning, if left out") String from,
            @RestQuery @Nullable @Parameter(description = "Included; up to now, if left out") String to,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 500") int limit,
            @RestQuery @Nullable @Parameter(description = "Why, when it is not about oneself") String purpose) {
        ReadNote note = Readers.note(Caller.of(identity), id, purpose);
        Moments.requireLimit(limit, LIMIT_MAX);
        Instant begin = from == null ? Moments.BEGINNING : Moments.parse("from", from);
        Instant end = to == null ? Moments.latest(clock.instant()) : Moments.parse("to", to);
        return history.history(id, begin, end, limit + 1, note).map(found -> EmailHistoryPage.of(found, limit));
    }

    @GET
    @Path("/reads")
    @Operation(summary = "Who read about a user, and why, the latest first; for the user, and for auditors")
    public Uni<ReadsPage> reads(
            @RestPath @Parameter(description = "The user's id") UUID id,
            @RestQuery @Nullable @Parameter(description = "nextBefore of the page before") String before,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 500") int limit) {
        Caller.of(identity).requireOwnership(id.toString(), Roles.AUDITOR, "user %s".formatted(id));
        Moments.requireLimit(limit, LIMIT_MAX);
        Instant end = before == null ? Moments.latest(clock.instant()) : Moments.parse("before", before);
        return history.reads(id, end, limit + 1).map(found -> ReadsPage.of(found, limit));
    }

    private static ProblemException unknown(UUID id) {
        return ProblemException.of(ProblemType.NOT_FOUND, "There is no user %s.".formatted(id));
    }
}
