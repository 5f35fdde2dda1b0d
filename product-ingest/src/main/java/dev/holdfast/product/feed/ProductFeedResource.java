package dev.holdfast.product.feed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.platform.event.Traces;
import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The feed's twin for those who have no topic: the same messages through the same code. */
@Path("/products")
@Tag(name = "Feed")
class ProductFeedResource {
    private static final int ITEMS_MAX = 1_000;
    private static final String OPERATOR = "operator";

    private final FeedService service;
    private final MessageParser parser;
    private final SecurityIdentity identity;

    ProductFeedResource(FeedService service, MessageParser parser, SecurityIdentity identity) {
        this.service = service;
        this.parser = parser;
        this.identity = identity;
    }

    @POST
    @Blocking // up to 8 MiB are parsed, and a vendor may have to be looked up
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({OPERATOR, "vendor"})
    @Operation(
            summary = "Send one change, or a list of up to 1,000",
            description = "A list is answered with an outcome per item, in their order; one that is refused stops no"
                    + " other. One change alone is answered with its outcome, or with a problem when it is refused. A"
                    + " token with role vendor may send changes of the vendor that is its subject.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(oneOf = {ProductMessage.class, ProductMessage[].class}),
                            examples = {
                                @ExampleObject(name = "one change", value = """
                                        {"vendor": "acme", "sku": "DRILL-18V", "version": 7, "op": "upsert",
                                         "gtin": "4006381333931", "name": "Cordless drill 18 V",
                                         "price": {"amountMinor": 12900, "currency": "EUR"},
                                         "attributes": {"colour": "green"}}"""),
                                @ExampleObject(name = "a deletion", value = """
                                        {"vendor": "acme", "sku": "DRILL-18V", "version": 8, "op": "delete"}"""),
                                @ExampleObject(name = "the end of a full snapshot", value = """
                                        {"vendor": "acme", "version": 17, "op": "snapshot-end", "items": 4200}""")
                            }))
    @APIResponse(
            responseCode = "200",
            description = "What became of it",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(oneOf = {ProductOutcome.class, ProductOutcome[].class})))
    @APIResponse(
            responseCode = "422",
            description = "Refused; the problem says what to change",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(type = SchemaType.OBJECT, implementation = Problem.class)))
    public Uni<Response> post(byte[] body) {
        JsonNode tree = read(body);
        if (!tree.isArray()) {
            return service.apply(FeedBatch.byHttp(List.of(message(0, Buffer.buffer(body), parser.parse(body)))))
                    .map(settled -> answerOne(settled.getFirst()));
        }
        if (tree.isEmpty() || tree.size() > ITEMS_MAX) {
            throw ProblemException.of(
                    ProblemType.INVALID_INPUT,
                    "The list has %d items: send 1 to %d.".formatted(tree.size(), ITEMS_MAX));
        }
        var messages = new ArrayList<FeedMessage>(tree.size());
        for (JsonNode item : tree) {
            messages.add(message(messages.size(), Buffer.buffer(item.toString()), parser.parse(item)));
        }
        return service.apply(FeedBatch.byHttp(messages))
                .map(settled -> Response.ok(
                                settled.stream().map(ProductOutcome::of).toList())
                        .build());
    }

    private static JsonNode read(byte[] body) {
        try {
            return MessageParser.readTree(body);
        } catch (IOException notJson) {
            throw new ProblemException(MessageParser.notJson(notJson));
        }
    }

    private FeedMessage message(int position, Buffer raw, Parsed parsed) {
        switch (parsed) {
            case ProductChange change -> requireOwnership(change.vendor());
            case SnapshotMark mark -> requireOwnership(mark.vendor());
            case Rejection changesNothing -> {}
        }
        return new FeedMessage(position, null, raw, Traces.current(), parsed);
    }

    private void requireOwnership(String vendor) {
        Caller.of(identity).requireOwnership(vendor, OPERATOR, "products of vendor '%s'".formatted(vendor));
    }

    private static Response answerOne(FeedService.Settled settled) {
        if (settled.message().parsed() instanceof Rejection rejection) {
            throw new ProblemException(rejection.toProblem());
        }
        return Response.ok(ProductOutcome.of(settled)).build();
    }
}
