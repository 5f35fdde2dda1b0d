package dev.holdfast.product.feed;

import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import dev.holdfast.product.ProductConfig;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;

/** For a vendor who asks: what became of my message? */
@Path("/receipts")
@Tag(name = "Feed")
class ReceiptResource {
    private final Pool pool;
    private final ProductConfig config;
    private final SecurityIdentity identity;

    ReceiptResource(Pool pool, ProductConfig config, SecurityIdentity identity) {
        this.pool = pool;
        this.config = config;
        this.identity = identity;
    }

    @GET
    @Path("/{vendor}/{sku}/{version}")
    @Authenticated
    @Operation(
            summary = "What became of a version of a product; for its vendor and for operators",
            description =
                    "Copies of a message share the fate of the first. A message that was refused by POST /products was"
                            + " answered there and has left no receipt.")
    public Uni<Receipt> get(
            @RestPath @Parameter(example = "acme") String vendor,
            @RestPath @Parameter(example = "DRILL-18V") String sku,
            @RestPath @Parameter(description = "The vendor's own", example = "7") long version) {
        Paging.requireText("vendor", vendor);
        Paging.requireText("sku", sku);
        Caller.of(identity).requireOwnership(vendor, "operator", "receipts of vendor '%s'".formatted(vendor));
        return ReceiptStore.fates(pool, vendor, sku, version, config.feed().topic())
                .map(fates -> {
                    if (fates.isEmpty()) {
                        throw ProblemException.of(
                                ProblemType.NOT_FOUND,
                                "Version %d of %s:%s has not been seen: it may be on its way, or its receipt may have expired."
                                        .formatted(version, vendor, sku));
                    }
                    return new Receipt(vendor, sku, version, fates);
                });
    }
}
