package dev.holdfast.product.lifecycle;

import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import dev.holdfast.product.catalogue.ProductId;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** A product's life by hand, for operators and for the vendor whose it is. */
@Path("/products/{id}")
@RolesAllowed({LifecycleResource.OPERATOR, "vendor"})
@Tag(name = "Lifecycle")
class LifecycleResource {
    static final String OPERATOR = "operator";
    private static final int LIMIT_MAX = 200;
    private static final String ID = "<vendor>:<sku>";

    private final LifecycleService service;
    private final Pool pool;
    private final SecurityIdentity identity;

    LifecycleResource(LifecycleService service, Pool pool, SecurityIdentity identity) {
        this.service = service;
        this.pool = pool;
        this.identity = identity;
    }

    @DELETE
    @Operation(
            summary = "Delete a product, so that nobody sees it",
            description = "Its history stays, and it can be restored. Deleting it again changes nothing. The vendor's"
                    + " next message brings it back.")
    @APIResponse(responseCode = "200", description = "What the product is now")
    public Uni<ProductVersionRepresentation> delete(
            @RestPath @Parameter(description = ID, example = "acme:DRILL-18V") String id) {
        return service.delete(owned(id), subject()).map(result -> answer(id, result));
    }

    @POST
    @Path("/restore")
    @Operation(
            summary = "Make a product what it was",
            description =
                    "Without a version: what it was before it was deleted or archived. With one: what that version"
                            + " of its history was, also when the product is live. Doing so again changes nothing.")
    @APIResponse(responseCode = "200", description = "What the product is now")
    @APIResponse(
            responseCode = "409",
            description = "Another live product has its GTIN, or its content is no longer kept",
            content =
                    @Content(
                            mediaType = Problem.MEDIA_TYPE,
                            schema = @Schema(type = SchemaType.OBJECT, implementation = Problem.class)))
    public Uni<ProductVersionRepresentation> restore(
            @RestPath @Parameter(description = ID, example = "acme:DRILL-18V") String id,
            @RestQuery @Nullable @Parameter(description = "rowVersion from the history", example = "4") Long version) {
        return service.restore(owned(id), version, subject()).map(result -> answer(id, result));
    }

    @GET
    @Path("/history")
    @Operation(
            summary = "What a product is and was, newest first",
            description = "Each version with its content, from when to when, and what brought it about. What is older"
                    + " than the retention is gone.")
    public Uni<HistoryPage> history(
            @RestPath @Parameter(description = ID, example = "acme:DRILL-18V") String id,
            @RestQuery @Nullable @Parameter(description = "nextCursor of the page before") String cursor,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 200") int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw ProblemException.invalidParameter("limit", "limit must be 1 to %d.".formatted(LIMIT_MAX));
        }
        return LifecycleStore.history(pool, owned(id), HistoryPage.before(cursor), limit + 1)
                .map(versions -> {
                    if (versions.isEmpty() && cursor == null) {
                        throw unknown(id);
                    }
                    return HistoryPage.of(versions, limit);
                });
    }

    private ProductId owned(String id) {
        ProductId product = ProductId.require(id);
        Caller.of(identity)
                .requireOwnership(product.vendor(), OPERATOR, "products of vendor '%s'".formatted(product.vendor()));
        return product;
    }

    private String subject() {
        return Caller.of(identity).subject();
    }

    private static ProductVersionRepresentation answer(String id, LifecycleResult result) {
        return switch (result) {
            case LifecycleResult.Done done -> ProductVersionRepresentation.of(done.version());
            case LifecycleResult.UnknownProduct unknown -> throw unknown(id);
            case LifecycleResult.UnknownVersion unknown ->
                throw ProblemException.of(
                        ProblemType.NOT_FOUND,
                        "There is no such version of '%s', or it is no longer kept: pass a rowVersion of GET /products/%s/history."
                                .formatted(id, id));
            case LifecycleResult.NoContent none ->
                throw ProblemException.of(
                        ProblemType.CONFLICT,
                        "There is no content to restore '%s' with: pass the rowVersion of a version that has a name, or have the vendor send it again."
                                .formatted(id));
            case LifecycleResult.GtinTaken taken ->
                throw ProblemException.of(
                        ProblemType.CONFLICT,
                        "GTIN %s belongs to the live product '%s': delete that one first, or have it take another GTIN."
                                .formatted(taken.gtin(), taken.holder()));
        };
    }

    private static ProblemException unknown(String id) {
        return ProblemException.of(
                ProblemType.NOT_FOUND, "There is no product '%s', and there never was one.".formatted(id));
    }
}
