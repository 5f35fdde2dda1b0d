package dev.holdfast.media.scrub;

import dev.holdfast.media.Batches;
import dev.holdfast.media.MediaConfig;
import dev.holdfast.media.Paging;
import dev.holdfast.media.Roles;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Scrubs and what they have found over HTTP, for operators. */
@Path("/")
@RolesAllowed(Roles.OPERATOR)
@Tag(name = "Stores")
class ScrubResource {
    private static final List<String> BEGIN = List.of(Batches.FIRST.toString());

    private final Scrubber scrubber;
    private final Pool pool;
    private final SecurityIdentity identity;
    private final int limitMax;
    private final int pageMax;

    ScrubResource(Scrubber scrubber, Pool pool, SecurityIdentity identity, MediaConfig config) {
        this.scrubber = scrubber;
        this.pool = pool;
        this.identity = identity;
        this.limitMax = config.scrub().limitMax();
        this.pageMax = config.pageMax();
    }

    @POST
    @Path("scrubs")
    @Operation(
            summary = "Read some images, and find out whether they are still what they were",
            description =
                    "It goes on where the last scrub stopped, repairs what is still whole somewhere else, and takes its time:"
                            + " media.scrub.bytes-per-second.")
    public Uni<ScrubRepresentation> scrub(
            @RestQuery @DefaultValue("100") @Parameter(description = "Images to read") int limit) {
        Paging.requireLimit(limit, limitMax);
        return scrubber.run(Caller.of(identity).subject(), limit)
                .map(done -> done.map(ScrubRepresentation::of)
                        .orElseThrow(() -> ProblemException.of(
                                ProblemType.CONFLICT,
                                "Another scrub is under way. Wait for it, or look at GET /damages.")));
    }

    @GET
    @Path("damages")
    @Operation(summary = "Images whose bytes were missing or corrupt when they were last looked at, page by page")
    public Uni<DamagePage> damages(
            @RestQuery @Nullable @Parameter(description = "nextCursor of the page before") String cursor,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 500") int limit) {
        Paging.requireLimit(limit, pageMax);
        UUID after = Paging.uuid(Paging.position(cursor, BEGIN).getFirst());
        return ScrubStore.page(pool, after, limit + 1).map(found -> DamagePage.of(found, limit));
    }
}
