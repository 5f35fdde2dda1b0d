package dev.holdfast.product.order;

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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
import org.jspecify.annotations.Nullable;

/**
 * Orders over HTTP. A customer deals with their own, an operator with all. An order of someone else is answered like
 * one that is not there, so that nobody learns whose it is.
 */
@Path("/orders")
@Authenticated
@Tag(name = "Orders")
class OrderResource {
    private static final String OPERATOR = "operator";
    private static final Pattern REASON = Pattern.compile("(?=.*\\S)\\P{Cntrl}{1,200}");
    private static final int CUSTOMER_LENGTH_MAX = 255;
    private static final int LIMIT_MAX = 200;

    private final OrderService service;
    private final SecurityIdentity identity;

    OrderResource(OrderService service, SecurityIdentity identity) {
        this.service = service;
        this.identity = identity;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Place an order at the prices that were shown",
            description = "Answered with 201 once per key. The same request again is answered with 200, the header"
                    + " Idempotency-Hit and the same body, whatever became of the order since; another request with the"
                    + " same key is refused. The order waits for its payment until dueAt.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = OrderRequest.class),
                            examples = @ExampleObject(name = "two drills", value = """
                                    {"lines": [{"productId": "acme:DRILL-18V", "quantity": 2,
                                                "price": {"amountMinor": 12900, "currency": "EUR"}}]}""")))
    @APIResponse(
            responseCode = "201",
            description = "Placed",
            content = @Content(schema = @Schema(implementation = OrderRepresentation.class)))
    @APIResponse(
            responseCode = "200",
            description = "Placed before, by the same request",
            content = @Content(schema = @Schema(implementation = OrderRepresentation.class)))
    @APIResponse(
            responseCode = "409",
            description = "A price or product has changed, or the key belongs to another order; nothing was ordered",
            content =
                    @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = OutdatedProblem.class)))
    @APIResponse(
            responseCode = "422",
            description = "Refused; the problem says what to change",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<Response> place(
            @RestHeader(IdempotencyKey.HEADER)
                    @Nullable @Parameter(
                            required = true,
                            description =
                                    "1 to 64 visible ASCII characters that you choose anew for each order, such as a UUID",
                            example = "0197b0c8-6d0f-7c55-9a3e-5f6a4c1d2e3f")
                    String idempotencyKey,
            byte[] body,
            UriInfo uri) {
        String named = IdempotencyKey.require(idempotencyKey, "order");
        OrderRequest request = JsonBody.read(OrderRequest.class, body);
        List<InvalidPart> violations = OrderRules.violations(request);
        if (!violations.isEmpty()) {
            throw JsonBody.unprocessable(violations);
        }
        return service.place(caller().subject(), named, request).map(result -> answer(result, uri));
    }

    private static Response answer(OrderResult result, UriInfo uri) {
        return switch (result) {
            case OrderResult.Placed placed ->
                Response.created(URI.create("/orders/" + placed.order().id()))
                        .entity(placed.order())
                        .build();
            case OrderResult.Exists exists ->
                Response.ok(exists.order()).header(IdempotencyKey.HIT, true).build();
            case OrderResult.KeyTaken taken ->
                throw ProblemException.of(
                        ProblemType.CONFLICT,
                        "This %s belongs to order %s, which has other content: choose a new key for a new order."
                                .formatted(IdempotencyKey.HEADER, taken.orderId()));
            case OrderResult.Outdated outdated ->
                Response.status(OutdatedProblem.TYPE.status())
                        .type(Problem.MEDIA_TYPE)
                        .entity(OutdatedProblem.of(
                                outdated.differences(),
                                URI.create(uri.getRequestUri().getRawPath())))
                        .build();
        };
    }

    @GET
    @Operation(summary = "Orders, newest first, page by page: a customer's own; to an operator, everyone's")
    public Uni<OrderPage> list(
            @RestQuery
                    @Nullable @Parameter(description = "Only this customer's; others than yourself need role operator")
                    String customer,
            @RestQuery @Nullable @Parameter(description = "placed, confirmed or cancelled", example = "placed")
                    String status,
            @RestQuery @Nullable @Parameter(description = "nextCursor of the page before") String cursor,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 200") int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw ProblemException.invalidParameter("limit", "limit must be 1 to %d.".formatted(LIMIT_MAX));
        }
        Optional<OrderStatus> asked = Optional.ofNullable(status).flatMap(OrderStatus::of);
        if (status != null && asked.isEmpty()) {
            throw ProblemException.invalidParameter("status", "status must be placed, confirmed or cancelled.");
        }
        return service.page(
                        customer(customer),
                        asked.orElse(null),
                        cursor == null ? null : OrderPage.parseCursor(cursor),
                        limit + 1)
                .map(found -> OrderPage.of(found, limit));
    }

    /** Null for everyone's. */
    private @Nullable String customer(@Nullable String asked) {
        Caller caller = caller();
        if (asked == null) {
            return caller.roles().contains(OPERATOR) ? null : caller.subject();
        }
        if (asked.isEmpty() || asked.length() > CUSTOMER_LENGTH_MAX || asked.indexOf('\0') >= 0) {
            throw ProblemException.invalidParameter(
                    "customer",
                    "customer must be 1 to %d characters, none of them NUL.".formatted(CUSTOMER_LENGTH_MAX));
        }
        caller.requireOwnership(asked, OPERATOR, "orders of '%s'".formatted(asked));
        return asked;
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One order with its lines as they were, and its history")
    public Uni<OrderRepresentation> get(@RestPath @Parameter(description = "The order's id, a UUID") UUID id) {
        return service.find(id, this::mayActFor).map(found -> found.orElseThrow(() -> notFound(id)));
    }

    @POST
    @Path("/{id}/cancel")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Cancel an order that is still placed",
            description = "Money that comes for it later goes back. A confirmed order cannot be cancelled.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = CancelRequest.class),
                            examples = @ExampleObject(name = "a mistake", value = """
                                    {"reason": "Ordered twice by mistake"}""")))
    @APIResponse(
            responseCode = "200",
            description = "Cancelled",
            content = @Content(schema = @Schema(implementation = OrderRepresentation.class)))
    @APIResponse(
            responseCode = "409",
            description = "It is confirmed or cancelled already",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    public Uni<OrderRepresentation> cancel(
            @RestPath @Parameter(description = "The order's id, a UUID") UUID id, byte[] body) {
        CancelRequest request = JsonBody.read(CancelRequest.class, body);
        String reason = request.reason();
        if (reason == null || !REASON.matcher(reason).matches()) {
            throw JsonBody.unprocessable(List.of(new InvalidPart(
                    "/reason", "invalid_value", "must be 1 to 200 characters without control characters.")));
        }
        return service.cancel(id, this::mayActFor, reason)
                .map(found -> found.orElseThrow(() -> notFound(id)))
                .map(OrderResource::answer);
    }

    private static OrderRepresentation answer(OrderResult.Cancellation cancellation) {
        cancellation.settledBefore().ifPresent(status -> {
            throw ProblemException.of(
                    ProblemType.CONFLICT,
                    "The order is %s already: only a placed order can be cancelled.".formatted(status.word()));
        });
        return cancellation.order();
    }

    private Caller caller() {
        return Caller.of(identity);
    }

    private boolean mayActFor(String customer) {
        return caller().mayActFor(customer, OPERATOR);
    }

    private static ProblemException notFound(UUID id) {
        return ProblemException.of(ProblemType.NOT_FOUND, "You have no order '%s'.".formatted(id));
    }
}
