package dev.holdfast.product.feed;

import dev.holdfast.platform.problem.Problem;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import dev.holdfast.product.feed.PartitionService.Result;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** For whoever doubts that nothing disappears, and for whoever has to stop it or to begin again. */
@Path("/feed/partitions")
@RolesAllowed("operator")
@Tag(name = "Feed")
class FeedResource {
    private final Pool pool;
    private final PartitionService service;
    private final SecurityIdentity identity;

    FeedResource(Pool pool, PartitionService service, SecurityIdentity identity) {
        this.pool = pool;
        this.service = service;
        this.identity = identity;
    }

    @GET
    @Operation(summary = "Where the feed stands in each partition, and what became of every message before")
    public Uni<List<FeedPartition>> partitions() {
        return PartitionStore.all(pool);
    }

    @GET
    @Path("/{topic}/{partition}/actions")
    @Operation(summary = "Who paused, resumed and rewound a partition, the newest first")
    public Uni<FeedActionPage> actions(
            @RestPath @Parameter(example = "vendor.products") String topic,
            @RestPath @Parameter(example = "0") int partition,
            @RestQuery @Nullable @Parameter(description = "nextCursor of the page before") String cursor,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 200") int limit) {
        Paging.requireText("topic", topic);
        Paging.requireLimit(limit);
        return PartitionAuditStore.page(
                        pool, new TopicPartition(topic, partition), Paging.position(cursor, Long.MAX_VALUE), limit + 1)
                .map(found -> FeedActionPage.of(found, limit));
    }

    /** @param reason 1 to 500 characters */
    @Schema(name = "FeedActionReason")
    public record ReasonRequest(
            @Nullable @Schema(examples = "the vendor sends nonsense", maxLength = 500)
            String reason) {}

    @POST
    @Path("/{topic}/{partition}/pause")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Take nothing more of a partition until it is resumed",
            description = "When it has answered, no further message is applied; the other partitions go on.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = ReasonRequest.class),
                            examples = @ExampleObject(name = "a reason", value = """
                                    {"reason": "the vendor sends nonsense"}""")))
    public Uni<FeedPartition> pause(@RestPath String topic, @RestPath int partition, byte[] body) {
        String reason = BodyReader.requireText(
                "reason", BodyReader.read(body, ReasonRequest.class).reason());
        return service.pause(partition(topic, partition), subject(), reason)
                .map(result -> requireDone(topic, partition, result));
    }

    @POST
    @Path("/{topic}/{partition}/resume")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Let a paused partition go on where it stands, whoever paused it")
    @RequestBody(
            content =
                    @Content(
                            schema = @Schema(implementation = ReasonRequest.class),
                            examples = @ExampleObject(name = "a reason", value = """
                                    {"reason": "the vendor has corrected it"}""")))
    public Uni<FeedPartition> resume(@RestPath String topic, @RestPath int partition, byte[] body) {
        String reason = BodyReader.optionalText(
                "reason", BodyReader.read(body, ReasonRequest.class).reason());
        return service.resume(partition(topic, partition), subject(), reason)
                .map(result -> requireDone(topic, partition, result));
    }

    /**
     * @param offset from here on, 0 or more
     * @param reason 1 to 500 characters
     */
    @Schema(name = "Rewind")
    public record RewindRequest(
            @Nullable @Schema(examples = "0", minimum = "0") Long offset,

            @Nullable @Schema(examples = "after a restore", maxLength = 500)
            String reason) {}

    @POST
    @Path("/{topic}/{partition}/rewind")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Read a partition again from an offset on; a paused one goes on",
            description = "Messages that were taken are found to be duplicate or stale, and change nothing: neither the"
                    + " catalogue, nor its history, nor events, nor receipts.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            schema = @Schema(implementation = RewindRequest.class),
                            examples = @ExampleObject(name = "from the start", value = """
                                    {"offset": 0, "reason": "after a restore"}""")))
    public Uni<FeedPartition> rewind(@RestPath String topic, @RestPath int partition, byte[] body) {
        var request = BodyReader.read(body, RewindRequest.class);
        Long offset = request.offset();
        if (offset == null || offset < 0) {
            String detail = "offset must be a whole number from 0 to where the feed stands.";
            throw new ProblemException(Problem.of(
                    ProblemType.UNPROCESSABLE,
                    detail,
                    List.of(new Problem.InvalidPart("/offset", "invalid_value", detail))));
        }
        return service.rewind(
                        partition(topic, partition),
                        offset,
                        subject(),
                        BodyReader.optionalText("reason", request.reason()))
                .map(result -> requireDone(topic, partition, result));
    }

    private static TopicPartition partition(String topic, int partition) {
        Paging.requireText("topic", topic);
        return new TopicPartition(topic, partition);
    }

    private String subject() {
        return Caller.of(identity).subject();
    }

    private static FeedPartition requireDone(String topic, int partition, Result result) {
        return switch (result) {
            case Result.Done(FeedPartition after) -> after;
            case Result.Unknown unknown ->
                throw ProblemException.of(
                        ProblemType.NOT_FOUND,
                        "Nothing was ever taken from %s-%d: see GET /feed/partitions for those there are."
                                .formatted(topic, partition));
            case Result.NotPaused notPaused ->
                throw ProblemException.of(
                        ProblemType.CONFLICT, "%s-%d is not paused: nothing was changed.".formatted(topic, partition));
            case Result.Ahead(long nextOffset) ->
                throw ProblemException.of(
                        ProblemType.UNPROCESSABLE,
                        "%s-%d stands at %d and can only go back: send an offset from 0 to %d."
                                .formatted(topic, partition, nextOffset, nextOffset));
        };
    }
}
