package dev.holdfast.product.catalogue;

import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import io.quarkus.security.Authenticated;
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

/** The catalogue for everyone who is known. */
@Path("/products")
@Authenticated
@Tag(name = "Catalogue")
class ProductResource {
    private static final int LIMIT_MAX = 200;
    private static final Pattern VENDOR = Pattern.compile("[a-z0-9-]{1,32}");

    private final Pool pool;

    ProductResource(Pool pool) {
        this.pool = pool;
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One live product")
    public Uni<ProductRepresentation> get(
            @RestPath @Parameter(description = "<vendor>:<sku>", example = "acme:DRILL-18V") String id) {
        return ProductId.parse(id)
                .filter(parsed -> id.indexOf('\0') < 0)
                .map(parsed -> ProductStore.find(pool, parsed))
                .orElseThrow(() -> ProblemException.invalidParameter(
                        "id", "A product's id is <vendor>:<sku>, such as acme:DRILL-18V."))
                .map(found -> found.map(ProductRepresentation::of)
                        .orElseThrow(() -> ProblemException.of(
                                ProblemType.NOT_FOUND, "There is no live product '%s'.".formatted(id))));
    }

    @GET
    @Operation(summary = "Live products in the order of vendor and sku, page by page")
    public Uni<ProductPage> list(
            @RestQuery @Nullable @Parameter(description = "Only this vendor's", example = "acme") String vendor,
            @RestQuery @Nullable @Parameter(description = "nextCursor of the page before") String cursor,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 200") int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw ProblemException.invalidParameter("limit", "limit must be 1 to %d.".formatted(LIMIT_MAX));
        }
        if (vendor != null && !VENDOR.matcher(vendor).matches()) {
            throw ProblemException.invalidParameter(
                    "vendor", "A vendor's id is 1 to 32 characters of a-z, 0-9 and '-'.");
        }
        ProductId after = cursor == null ? new ProductId("", "") : Cursor.parse(cursor);
        Uni<List<Product>> found = vendor == null
                ? ProductStore.ofAll(pool, after, limit + 1)
                : ProductStore.ofVendor(pool, vendor, after.sku(), limit + 1);
        return found.map(products -> ProductPage.of(products, limit));
    }
}
