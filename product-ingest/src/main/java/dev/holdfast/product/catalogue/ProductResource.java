package dev.holdfast.product.catalogue;

import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The catalogue for everyone who is known; what is not live, for operators and the vendor whose it is. */
@Path("/products")
@Authenticated
@Tag(name = "Catalogue")
class ProductResource {
    private static final int LIMIT_MAX = 200;
    private static final String OPERATOR = "operator";
    private static final String STATES =
            "live, deleted, archived or all; others than live for operators, and for a vendor on its own products";
    private static final Pattern VENDOR = Pattern.compile("[a-z0-9-]{1,32}");

    private final Pool pool;
    private final SecurityIdentity identity;

    ProductResource(Pool pool, SecurityIdentity identity) {
        this.pool = pool;
        this.identity = identity;
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One product, if it is live")
    public Uni<ProductRepresentation> get(
            @RestPath @Parameter(description = "<vendor>:<sku>", example = "acme:DRILL-18V") String id,
            @RestQuery @DefaultValue("live") @Parameter(description = STATES, example = "deleted") String state) {
        ProductId product = ProductId.require(id);
        StateFilter filter = permitted(state, product.vendor());
        return ProductStore.find(pool, filter, product)
                .map(found -> found.map(ProductRepresentation::of)
                        .orElseThrow(() -> ProblemException.of(
                                ProblemType.NOT_FOUND,
                                "There is no %sproduct '%s'."
                                        .formatted(filter == StateFilter.ALL ? "" : filter.label() + " ", id))));
    }

    @GET
    @Operation(summary = "Live products in the order of vendor and sku, page by page")
    public Uni<ProductPage> list(
            @RestQuery @Nullable @Parameter(description = "Only this vendor's", example = "acme") String vendor,
            @RestQuery @DefaultValue("live") @Parameter(description = STATES, example = "deleted") String state,
            @RestQuery @Nullable @Parameter(description = "nextCursor of the page before") String cursor,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 200") int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw ProblemException.invalidParameter("limit", "limit must be 1 to %d.".formatted(LIMIT_MAX));
        }
        if (vendor != null && !VENDOR.matcher(vendor).matches()) {
            throw ProblemException.invalidParameter(
                    "vendor", "A vendor's id is 1 to 32 characters of a-z, 0-9 and '-'.");
        }
        StateFilter filter = permitted(state, vendor);
        ProductId after = cursor == null ? new ProductId("", "") : Cursor.parse(cursor);
        Uni<List<Product>> found = vendor == null
                ? ProductStore.ofAll(pool, filter, after, limit + 1)
                : ProductStore.ofVendor(pool, filter, vendor, after.sku(), limit + 1);
        return found.map(products -> ProductPage.of(products, limit));
    }

    /** @param vendor whose products are asked for; null for those of all */
    private StateFilter permitted(String state, @Nullable String vendor) {
        StateFilter filter = StateFilter.parse(state);
        Caller caller = Caller.of(identity);
        if (filter == StateFilter.LIVE) {
            return filter;
        }
        if (vendor != null) {
            caller.requireOwnership(vendor, OPERATOR, "products of vendor '%s' that are not live".formatted(vendor));
        } else if (!caller.roles().contains(OPERATOR)) {
            throw ProblemException.of(
                    ProblemType.FORBIDDEN,
                    "Products of all vendors that are not live are for role '%s': leave state out, or add vendor=<your own>."
                            .formatted(OPERATOR));
        }
        return filter;
    }
}
