package dev.holdfast.product.feed;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** For whoever doubts that nothing disappears. */
@Path("/feed")
@Tag(name = "Feed")
class FeedResource {
    private final Pool pool;

    FeedResource(Pool pool) {
        this.pool = pool;
    }

    @GET
    @Path("/partitions")
    @RolesAllowed("operator")
    @Operation(summary = "Where the feed stands in each partition, and what became of every message before")
    public Uni<List<FeedPartition>> partitions() {
        return PartitionStore.all(pool);
    }
}
