package dev.holdfast.product.feed;

import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import dev.holdfast.product.feed.QuarantineItemStore.Filter;
import dev.holdfast.product.feed.QuarantineItemStore.Item;
import dev.holdfast.product.feed.QuarantineService.Result;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Messages that cannot be applied as they are: to be looked at, corrected, tried again or given up. */
@Path("/quarantine")
@Tag(name = "Quarantine")
class QuarantineResource {
    private static final String OPERATOR = "operator";
    private static final String VENDOR = "vendor";
    private static final Set<String> STATES = Set.of("open", "replayed", "discarded");
    private static final Pattern ETAG = Pattern.compile("(?:W/)?\"(\\d{1,9})\"");
    private static final ProblemType EDIT_UNSEEN =
            new ProblemType("precondition-required", 428, "Say which version you have seen");
    private static final ProblemType CHANGED =
            new ProblemType("precondition-failed", 412, "It has been changed meanwhile");

    private final Pool pool;
    private final QuarantineService service;
    private final SecurityIdentity identity;

    QuarantineResource(Pool pool, QuarantineService service, SecurityIdentity identity) {
        this.pool = pool;
        this.service = service;
        this.identity = identity;
    }

    @GET
    @RolesAllowed({OPERATOR, VENDOR})
    @Operation(
            summary = "Messages in quarantine, the oldest first, page by page",
            description = "A vendor sees those that name it as their vendor.")
    public Uni<QuarantinePage> list(
            @RestQuery @Nullable @Parameter(example = "acme") String vendor,
            @RestQuery @Nullable @Parameter(example = "unknown_vendor") String reason,
            @RestQuery @Nullable @Parameter(description = "open, replayed or discarded") String state,
            @RestQuery @Nullable @Parameter(example = "vendor.products") String topic,
            @RestQuery @Nullable Integer partition,
            @RestQuery @Nullable @Parameter(description = "nextCursor of the page before") String cursor,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 200") int limit) {
        Paging.requireLimit(limit);
        var filter = filter(visibleVendor(vendor), reason, state, topic, partition);
        return QuarantineItemStore.page(pool, filter, Paging.position(cursor, 0), limit + 1)
                .map(found -> QuarantinePage.of(found, limit));
    }

    @GET
    @Path("/summary")
    @RolesAllowed({OPERATOR, VENDOR})
    @Operation(summary = "How many messages were refused for which reason")
    public Uni<List<QuarantineSummary>> summary(@RestQuery @Nullable @Parameter(example = "acme") String vendor) {
        Paging.requireText("vendor", vendor);
        return QuarantineItemStore.summary(pool, visibleVendor(vendor));
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({OPERATOR, VENDOR})
    @Operation(summary = "One message in quarantine with its bytes and what was done about it")
    @APIResponse(
            responseCode = "200",
            description = "The ETag is for the If-Match of an edit",
            content = @Content(schema = @Schema(implementation = QuarantineRepresentation.class)))
    public Uni<RestResponse<QuarantineRepresentation>> get(@RestPath long id) {
        return QuarantineItemStore.find(pool, id)
                .map(found -> found.filter(this::isVisible).orElseThrow(() -> unknown(id)))
                .chain(item ->
                        QuarantineItemStore.trail(pool, id).map(trail -> QuarantineRepresentation.of(item, trail)))
                .map(QuarantineResource::withTag);
    }

    @PUT
    @Path("/{id}")
    @RolesAllowed(OPERATOR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Correct a message",
            description =
                    "The corrected message is kept beside the original and takes its place in a replay. It must be one"
                            + " that can be applied; otherwise the problem says what to change. If-Match names the ETag of what was"
                            + " corrected, so that nobody's correction is lost.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = ProductMessage.class),
                            examples = @ExampleObject(name = "the corrected message", value = """
                                    {"vendor": "acme", "sku": "DRILL-18V", "version": 7, "op": "upsert",
                                     "name": "Cordless drill 18 V", "price": {"amountMinor": 12900, "currency": "EUR"}}""")))
    public Uni<RestResponse<QuarantineRepresentation>> edit(
            @RestPath long id,
            @RestHeader("If-Match") @Nullable @Parameter(description = "The ETag", example = "\"0\"") String ifMatch,
            @RestQuery @Nullable @Parameter(description = "Why, 1 to 500 characters") String note,
            byte[] body) {
        int expectedEdits = parseTag(ifMatch);
        return service.edit(id, Buffer.buffer(body), expectedEdits, subject(), BodyReader.optionalText("note", note))
                .invoke(result -> requireSuccess(id, result))
                .chain(done -> get(id));
    }

    /** @param note why, 1 to 500 characters */
    @Schema(name = "QuarantineNote")
    public record NoteRequest(
            @Nullable @Schema(examples = "the vendor is registered now", maxLength = 500)
            String note) {}

    @POST
    @Path("/{id}/replay")
    @RolesAllowed(OPERATOR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Try a message again",
            description =
                    "As corrected, or as it came. A newer version that has come meanwhile stays. What is refused again"
                            + " stays open, and the answer says why. Only one of several replays has an effect.")
    @RequestBody(
            content =
                    @Content(
                            schema = @Schema(implementation = NoteRequest.class),
                            examples = @ExampleObject(name = "a note", value = """
                                    {"note": "the vendor is registered now"}""")))
    @APIResponse(
            responseCode = "200",
            description = "What became of it",
            content = @Content(schema = @Schema(implementation = ReplayOutcome.class)))
    @APIResponse(
            responseCode = "409",
            description = "It has been settled already",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<ReplayOutcome> replay(@RestPath long id, byte[] body) {
        String note = BodyReader.optionalText(
                "note", BodyReader.read(body, NoteRequest.class).note());
        return service.replay(id, subject(), note).map(result -> {
            requireSuccess(id, result);
            return ReplayOutcome.of(id, (Result.Replayed) result);
        });
    }

    /** Each part left out for all. */
    @Schema(name = "BulkReplay")
    public record BulkReplayRequest(
            @Nullable @Schema(examples = "unknown_vendor") String reason,
            @Nullable @Schema(examples = "acme") String vendor,
            @Nullable @Schema(examples = "vendor.products") String topic,
            @Nullable Integer partition,

            @Nullable @Schema(description = "At most so many, 1 to 200", defaultValue = "200")
            Integer limit,

            @Nullable @Schema(description = "nextCursor of the call before")
            String cursor,

            @Nullable @Schema(examples = "version 2.3 is deployed", maxLength = 500)
            String note) {}

    @POST
    @Path("/replay")
    @RolesAllowed(OPERATOR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Try many messages again, such as those that a broken deployment refused",
            description =
                    "The oldest open ones first, each in a transaction of its own. What is refused again stays open; go"
                            + " on with nextCursor to get past it.")
    @RequestBody(
            content =
                    @Content(
                            schema = @Schema(implementation = BulkReplayRequest.class),
                            examples = @ExampleObject(name = "by reason", value = """
                                    {"reason": "unknown_vendor", "vendor": "acme", "limit": 200}""")))
    public Uni<ReplaySummary> replayMany(byte[] body) {
        var request = BodyReader.read(body, BulkReplayRequest.class);
        String note = BodyReader.optionalText("note", request.note());
        int limit = request.limit() == null ? Paging.LIMIT_MAX : request.limit();
        Paging.requireLimit(limit);
        var filter = filter(request.vendor(), request.reason(), "open", request.topic(), request.partition());
        String subject = subject();
        return QuarantineItemStore.ids(pool, filter, Paging.position(request.cursor(), 0), limit + 1)
                .chain(found -> Multi.createFrom()
                        .iterable(Paging.shown(found, limit))
                        .onItem()
                        .transformToUniAndConcatenate(id -> service.replay(id, subject, note))
                        .collect()
                        .asList()
                        .map(results -> new ReplaySummary(
                                results.size(), count(results), Paging.next(found, limit, String::valueOf))));
    }

    private static Map<String, Integer> count(List<Result> results) {
        var outcomes = new TreeMap<String, Integer>();
        results.forEach(result -> outcomes.merge(
                switch (result) {
                    case Result.Replayed replayed -> replayed.outcome().label();
                    case Result.Busy busy -> "busy";
                    default -> "settled_meanwhile";
                },
                1,
                Integer::sum));
        return outcomes;
    }

    @POST
    @Path("/{id}/discard")
    @RolesAllowed(OPERATOR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Give a message up; its bytes and the note stay")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = NoteRequest.class),
                            examples = @ExampleObject(name = "a note", value = """
                                    {"note": "a test message of the vendor"}""")))
    public Uni<RestResponse<QuarantineRepresentation>> discard(@RestPath long id, byte[] body) {
        String note = BodyReader.requireText(
                "note", BodyReader.read(body, NoteRequest.class).note());
        return service.discard(id, subject(), note)
                .invoke(result -> requireSuccess(id, result))
                .chain(done -> get(id));
    }

    private static Filter filter(
            @Nullable String vendor,
            @Nullable String reason,
            @Nullable String state,
            @Nullable String topic,
            @Nullable Integer partition) {
        Paging.requireText("vendor", vendor);
        Paging.requireText("reason", reason);
        Paging.requireText("topic", topic);
        if (state != null && !STATES.contains(state)) {
            throw ProblemException.invalidParameter("state", "state must be open, replayed or discarded.");
        }
        return new Filter(vendor, reason, state, topic, partition);
    }

    /** Operators see all; a vendor sees its own, and need not say so. */
    private @Nullable String visibleVendor(@Nullable String wanted) {
        Caller caller = Caller.of(identity);
        if (caller.roles().contains(OPERATOR)) {
            return wanted;
        }
        String vendor = wanted == null ? caller.subject() : wanted;
        caller.requireOwnership(vendor, OPERATOR, "messages of vendor '%s'".formatted(vendor));
        return vendor;
    }

    /** To others it looks as if it were not there. */
    private boolean isVisible(Item item) {
        Caller caller = Caller.of(identity);
        return caller.roles().contains(OPERATOR) || caller.subject().equals(item.vendor());
    }

    private String subject() {
        return Caller.of(identity).subject();
    }

    private static RestResponse<QuarantineRepresentation> withTag(QuarantineRepresentation item) {
        return RestResponse.ResponseBuilder.ok(item)
                .header("ETag", "\"%d\"".formatted(item.edits()))
                .build();
    }

    private static int parseTag(@Nullable String ifMatch) {
        Matcher tag = ETAG.matcher(ifMatch == null ? "" : ifMatch.strip());
        if (!tag.matches()) {
            throw ProblemException.of(
                    EDIT_UNSEEN, "Send the ETag of the message that you have corrected as If-Match, such as \"0\".");
        }
        return Integer.parseInt(tag.group(1));
    }

    /** Fails with the problem that a result stands for. */
    private static void requireSuccess(long id, Result result) {
        switch (result) {
            case Result.Unknown unknown -> throw unknown(id);
            case Result.SettledAlready(Item item) ->
                throw ProblemException.of(
                        ProblemType.CONFLICT,
                        "Message %d was %s by '%s' at %s; nothing was changed."
                                .formatted(id, item.state(), item.settledBy(), item.settledAt()));
            case Result.ChangedMeanwhile(Item item) ->
                throw ProblemException.of(
                        CHANGED,
                        "Message %d has been edited since you looked: get it again, and send If-Match \"%d\"."
                                .formatted(id, item.edits()));
            case Result.Refused(Rejection rejection) -> throw new ProblemException(rejection.toProblem());
            case Result.Busy busy ->
                throw ProblemException.of(
                        ProblemType.CONFLICT,
                        "Another product has taken the GTIN of message %d at this very moment: try again."
                                .formatted(id));
            case Result.Edited edited -> {}
            case Result.Discarded discarded -> {}
            case Result.Replayed replayed -> {}
        }
    }

    private static ProblemException unknown(long id) {
        return ProblemException.of(ProblemType.NOT_FOUND, "There is no message %d in quarantine.".formatted(id));
    }
}
