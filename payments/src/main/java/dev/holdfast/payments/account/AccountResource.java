package dev.holdfast.payments.account;

import dev.holdfast.platform.problem.IdempotencyKey;
import dev.holdfast.platform.problem.JsonBody;
import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.problem.SeenVersion;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

/**
 * Accounts over HTTP. An owner deals with their own, an operator with all. An account of someone else is answered like one
 * that is not there, so that nobody learns whose it is.
 */
@Path("/accounts")
@Authenticated
@Tag(name = "Accounts")
class AccountResource {
    private static final int LIMIT_MAX = 200;

    private final AccountService service;
    private final SecurityIdentity identity;

    AccountResource(AccountService service, SecurityIdentity identity) {
        this.service = service;
        this.identity = identity;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Open an account, once per key",
            description = "The same key again is answered with 200, the header Idempotency-Hit and the account as it is"
                    + " now. Limits, and accounts for others, are for operators.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = AccountRequest.class),
                            examples = @ExampleObject(name = "one's own", value = """
                                    {"currency": "EUR", "name": "main"}""")))
    @APIResponse(
            responseCode = "201",
            description = "Opened",
            content = @Content(schema = @Schema(implementation = AccountRepresentation.class)))
    public Uni<Response> open(
            @RestHeader(IdempotencyKey.HEADER)
                    @Nullable @Parameter(
                            required = true,
                            description = "1 to 64 visible ASCII characters, chosen anew for each account",
                            example = "0197b0c8-6d0f-7c55-9a3e-5f6a4c1d2e3f")
                    String key,
            byte[] body) {
        String named = IdempotencyKey.require(key, "account");
        AccountRequest request = JsonBody.read(AccountRequest.class, body);
        List<InvalidPart> violations = request.violations();
        if (!violations.isEmpty()) {
            throw JsonBody.unprocessable(violations);
        }
        Caller caller = caller();
        String owner = Optional.ofNullable(request.owner()).orElse(caller.subject());
        caller.requireOwnership(owner, AccountService.OPERATOR, "accounts of '%s'".formatted(owner));
        boolean withoutLimit = Boolean.TRUE.equals(request.withoutLimit());
        long limit = Optional.ofNullable(request.overdraftLimitMinor()).orElse(0L);
        if (withoutLimit || limit > 0) {
            requireOperator(caller, "open an account that may go below zero");
        }
        return service.open(
                        caller,
                        owner,
                        Optional.ofNullable(request.name()).orElse("main"),
                        Objects.requireNonNull(request.currency()),
                        withoutLimit ? null : Long.valueOf(limit),
                        caller.subject() + " " + named)
                .map(opened -> opened.isNew()
                        ? Response.created(URI.create(
                                        "/accounts/" + opened.account().id()))
                                .entity(AccountRepresentation.of(opened.account()))
                                .tag(tag(opened.account()))
                                .build()
                        : Response.ok(AccountRepresentation.of(opened.account()))
                                .tag(tag(opened.account()))
                                .header(IdempotencyKey.HIT, true)
                                .build());
    }

    @GET
    @Operation(summary = "Accounts, page by page: one's own; to an operator, everyone's")
    public Uni<AccountPage> list(
            @RestQuery @Nullable @Parameter(description = "Only this owner's; others than yourself need role operator")
                    String owner,
            @RestQuery @DefaultValue("0") @Parameter(description = "nextAfter of the page before") long after,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 200") int limit) {
        requireLimit(limit);
        Caller caller = caller();
        if (owner != null) {
            caller.requireOwnership(owner, AccountService.OPERATOR, "accounts of '%s'".formatted(owner));
        }
        boolean all = owner == null && caller.roles().contains(AccountService.OPERATOR);
        return service.page(all ? null : Optional.ofNullable(owner).orElse(caller.subject()), after, limit + 1)
                .map(found -> AccountPage.of(found, limit));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "An account: its balance now, what is on hold, and its settings")
    @APIResponse(
            responseCode = "200",
            description = "The ETag is for the If-Match of an edit",
            content = @Content(schema = @Schema(implementation = AccountRepresentation.class)))
    public Uni<Response> get(@RestPath @Parameter(description = "The account's number") long id) {
        Caller caller = caller();
        return service.find(id, owner -> caller.mayActFor(owner, AccountService.OPERATOR))
                .map(found -> answer(found.orElseThrow(() -> notFound(id))));
    }

    @PATCH
    @Path("/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Change settings of an account",
            description =
                    "If-Match names the version that was seen: of two edits at once the second is answered with 412."
                            + " Owners name their accounts; limits, freezing and closing are for operators, and leave a trail.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = AccountSettingsRequest.class),
                            examples = @ExampleObject(name = "freeze", value = """
                                    {"frozen": true}""")))
    @APIResponse(
            responseCode = "200",
            description = "Changed",
            content = @Content(schema = @Schema(implementation = AccountRepresentation.class)))
    @APIResponse(
            responseCode = "412",
            description = "Somebody else was first",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<Response> edit(
            @RestPath @Parameter(description = "The account's number") long id,
            @RestHeader("If-Match") @Nullable @Parameter(description = "The ETag", example = "\"1\"") String ifMatch,
            byte[] body) {
        AccountSettingsRequest request = JsonBody.read(AccountSettingsRequest.class, body);
        List<InvalidPart> violations = request.violations();
        if (!violations.isEmpty()) {
            throw JsonBody.unprocessable(violations);
        }
        long version = SeenVersion.of(ifMatch);
        AccountSettings settings = request.toSettings();
        Caller caller = caller();
        if (settings.needsOperator()) {
            requireOperator(caller, "change limits, freeze or close");
        }
        return service.find(id, owner -> caller.mayActFor(owner, AccountService.OPERATOR))
                .map(found -> found.orElseThrow(() -> notFound(id)))
                .chain(account -> service.edit(caller, id, version, settings))
                .map(result -> answer(id, result));
    }

    @GET
    @Path("/{id}/actions")
    @RolesAllowed({AccountService.OPERATOR, "auditor"})
    @Operation(summary = "Who did what to an account with the rights of an operator, newest first")
    public Uni<OperatorActionPage> actions(
            @RestPath @Parameter(description = "The account's number") long id,
            @RestQuery @DefaultValue("9223372036854775807") @Parameter(description = "nextBefore of the page before")
                    long before,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 200") int limit) {
        requireLimit(limit);
        return service.actions(id, before, limit + 1).map(found -> OperatorActionPage.of(found, limit));
    }

    private static void requireLimit(int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw ProblemException.invalidParameter("limit", "limit must be 1 to %d.".formatted(LIMIT_MAX));
        }
    }

    private static Response answer(long id, EditResult result) {
        return switch (result) {
            case EditResult.Edited edited -> answer(edited.account());
            case EditResult.Stale stale ->
                throw SeenVersion.stale("Account " + id, stale.current().version());
            case EditResult.OverNewLimit over ->
                throw ProblemException.of(
                        ProblemType.CONFLICT,
                        "Account %d owes more than this limit allows: have it pay first.".formatted(id));
            case EditResult.NotEmpty full ->
                throw ProblemException.of(
                        ProblemType.CONFLICT,
                        "Account %d has money in it or on hold: bring both to zero, then close it.".formatted(id));
            case EditResult.Closed closed ->
                throw ProblemException.of(
                        ProblemType.CONFLICT, "Account %d is closed, and stays as it is.".formatted(id));
            case EditResult.Unknown unknown -> throw notFound(id);
        };
    }

    private static Response answer(Account account) {
        return Response.ok(AccountRepresentation.of(account)).tag(tag(account)).build();
    }

    private static String tag(Account account) {
        return Long.toString(account.version());
    }

    private static void requireOperator(Caller caller, String what) {
        if (!caller.roles().contains(AccountService.OPERATOR)) {
            throw ProblemException.of(
                    ProblemType.FORBIDDEN, "Only a token with role 'operator' may %s.".formatted(what));
        }
    }

    private Caller caller() {
        return Caller.of(identity);
    }

    private static ProblemException notFound(long id) {
        return ProblemException.of(ProblemType.NOT_FOUND, "You have no account %d.".formatted(id));
    }
}
