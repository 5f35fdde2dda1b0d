package dev.holdfast.payments.transfer;

import dev.holdfast.platform.problem.IdempotencyKey;
import dev.holdfast.platform.problem.JsonBody;
import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

/** Transfers over HTTP. */
@Path("/transfers")
@Authenticated
@Tag(name = "Transfers")
class TransferResource {
    private static final List<String> RESERVED = List.of("order:", "refund:");

    private final TransferBatcher batcher;
    private final TransferService service;
    private final SecurityIdentity identity;
    private final Clock clock;

    TransferResource(TransferBatcher batcher, TransferService service, SecurityIdentity identity, Clock clock) {
        this.batcher = batcher;
        this.service = service;
        this.identity = identity;
        this.clock = clock;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Move money, or set it aside, under an id that names this request for ever",
            description = "The same id with the same content is answered as the first time, with the header"
                    + " Idempotency-Hit; with other content it is refused. A refused id stays refused. Owners move money of"
                    + " their own accounts, operators any.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = TransferRequest.class),
                            examples = {
                                @ExampleObject(name = "post", value = """
                                        {"id": "0197b0c8-6d0f-7c55-9a3e-5f6a4c1d2e3f", "debitAccount": 1,
                                         "creditAccount": 2, "amountMinor": 1999, "currency": "EUR"}"""),
                                @ExampleObject(name = "capture a part", value = """
                                        {"id": "0197b0c8-6d0f-7c55-9a3e-5f6a4c1d2e40", "kind": "capture",
                                         "of": "0197b0c8-6d0f-7c55-9a3e-5f6a4c1d2e3f", "amountMinor": 500}""")
                            }))
    @APIResponse(
            responseCode = "201",
            description = "It happened now",
            content = @Content(schema = @Schema(implementation = TransferRepresentation.class)))
    @APIResponse(
            responseCode = "200",
            description = "It happened before, or would happen (dryRun)",
            content = @Content(schema = @Schema(implementation = TransferRepresentation.class)))
    @APIResponse(
            responseCode = "409",
            description = "It does not happen, for this reason",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = RefusalProblem.class)))
    @APIResponse(
            responseCode = "503",
            description = "Too much to do, or the database is away: send the same again after Retry-After",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<Response> transfer(
            @RestHeader(IdempotencyKey.HEADER)
                    @Nullable @Parameter(description = "Instead of an id: 1 to 64 visible ASCII characters")
                    String key,
            @RestQuery @DefaultValue("false") @Parameter(description = "Say what would happen, and leave no trace")
                    boolean dryRun,
            byte[] body,
            UriInfo uri) {
        Caller caller = Caller.of(identity);
        UUID keyed = key == null ? null : TransferIds.ofKey(caller.subject(), IdempotencyKey.require(key, "transfer"));
        TransferRequest.Read read = JsonBody.read(TransferRequest.class, body).read(keyed, "", clock.instant());
        Transfer transfer = read.transfer().orElseThrow(() -> JsonBody.unprocessable(read.violations()));
        if (claimsToPayAnOrder(transfer)) {
            throw JsonBody.unprocessable(List.of(reserved("")));
        }
        Submission submission = Submission.of(caller, transfer);
        if (dryRun) {
            return batcher.dryRun(submission).map(results -> answer(results.getFirst(), Response.Status.OK, uri));
        }
        return submit(submission).map(results -> answer(results.getFirst(), Response.Status.CREATED, uri));
    }

    @POST
    @Path("/batch")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Up to 8,000 transfers, an outcome for each",
            description =
                    "Decided in their order. Only chains, made with 'linked', happen as a whole or not at all. The"
                            + " same batch again is safe. A batch with an item that cannot be read is refused as a whole.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = BatchRequest.class)))
    @APIResponse(
            responseCode = "200",
            description = "What became of each",
            content = @Content(schema = @Schema(implementation = BatchOutcomes.class)))
    public Uni<BatchOutcomes> batch(
            @RestQuery @DefaultValue("false") @Parameter(description = "Say what would happen, and leave no trace")
                    boolean dryRun,
            byte[] body) {
        List<Transfer> transfers = read(JsonBody.read(BatchRequest.class, body));
        var submission = new Submission(Caller.of(identity), transfers);
        return (dryRun ? batcher.dryRun(submission) : submit(submission))
                .map(results -> BatchOutcomes.of(transfers, results));
    }

    private List<Transfer> read(BatchRequest request) {
        List<@Nullable TransferRequest> items =
                Optional.ofNullable(request.transfers()).orElse(List.of());
        if (items.isEmpty() || items.size() > BatchRequest.SIZE_MAX) {
            throw JsonBody.unprocessable(List.of(new InvalidPart(
                    "/transfers", "invalid_size", "must have 1 to %d items.".formatted(BatchRequest.SIZE_MAX))));
        }
        Instant now = clock.instant();
        var transfers = new ArrayList<Transfer>(items.size());
        var violations = new ArrayList<InvalidPart>();
        for (int i = 0; i < items.size() && violations.size() < 20; i++) {
            TransferRequest item = items.get(i);
            String pointer = "/transfers/%d".formatted(i);
            if (item == null) {
                violations.add(new InvalidPart(pointer, "invalid_value", "must be a JSON object."));
            } else {
                TransferRequest.Read read = item.read(null, pointer, now);
                read.transfer().ifPresent(transfers::add);
                violations.addAll(read.violations());
                if (read.transfer().filter(TransferResource::claimsToPayAnOrder).isPresent()) {
                    violations.add(reserved(pointer));
                }
            }
        }
        if (!violations.isEmpty()) {
            throw JsonBody.unprocessable(violations);
        }
        return transfers;
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "What an id stands for, accepted or refused; to the owners of its accounts, and operators")
    public Uni<TransferRepresentation> get(@RestPath @Parameter(description = "The transfer's id") UUID id) {
        Caller caller = Caller.of(identity);
        return service.find(id, caller)
                .map(found -> found.orElseThrow(() ->
                        ProblemException.of(ProblemType.NOT_FOUND, "You know of no transfer '%s'.".formatted(id))))
                .map(found -> TransferRepresentation.of(found.transfer(), found.sides()));
    }

    /** Orders believe such a reference. */
    private static boolean claimsToPayAnOrder(Transfer transfer) {
        String reference = transfer.reference();
        return reference != null && RESERVED.stream().anyMatch(reference::startsWith);
    }

    private static InvalidPart reserved(String pointer) {
        return new InvalidPart(
                pointer + "/reference",
                "invalid_value",
                "must not begin with 'order:' or 'refund:': only orders themselves are paid under such a reference.");
    }

    private static Response answer(TransferResult result, Response.Status status, UriInfo uri) {
        return switch (result) {
            case TransferResult.Posted posted ->
                Response.status(status)
                        .entity(TransferRepresentation.of(posted.transfer(), posted.sides()))
                        .build();
            case TransferResult.Exists exists ->
                Response.ok(TransferRepresentation.of(exists.transfer(), exists.sides()))
                        .header(IdempotencyKey.HIT, true)
                        .build();
            case TransferResult.Refused refused -> {
                Response.ResponseBuilder answer = Response.status(RefusalProblem.TYPE.status())
                        .type(Problem.MEDIA_TYPE)
                        .entity(RefusalProblem.of(refused.refusal(), path(uri)));
                yield (refused.repeated() ? answer.header(IdempotencyKey.HIT, true) : answer).build();
            }
            case TransferResult.Forbidden forbidden ->
                throw ProblemException.of(
                        ProblemType.FORBIDDEN,
                        "Account %d is not yours to act on: use a token of its owner, or one with role '%s'."
                                .formatted(forbidden.account(), TransferRules.OPERATOR));
        };
    }

    private Uni<List<TransferResult>> submit(Submission submission) {
        return batcher.submit(submission)
                .onFailure(OutcomeUnknownException.class)
                .transform(
                        lost -> ProblemException.of(
                                ProblemType.UNAVAILABLE,
                                "It is not known yet what has happened. Send the same again, with the same ids: each happens once."));
    }

    private static URI path(UriInfo uri) {
        return URI.create(uri.getRequestUri().getRawPath());
    }
}
