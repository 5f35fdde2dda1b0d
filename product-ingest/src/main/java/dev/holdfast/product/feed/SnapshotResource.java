package dev.holdfast.product.feed;

import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import dev.holdfast.product.feed.SnapshotStore.SnapshotRef;
import io.quarkus.security.Authenticated;
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
import java.util.Set;
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

/** Full snapshots: where they stand, what they would delete, and what an operator decides. */
@Path("/snapshots/{vendor}")
@Tag(name = "Snapshots")
class SnapshotResource {
    private static final String OPERATOR = "operator";
    private static final Set<String> KINDS = Set.of("deleted", "added", "changed", "spared", "not_live");

    private final Pool pool;
    private final SecurityIdentity identity;

    SnapshotResource(Pool pool, SecurityIdentity identity) {
        this.pool = pool;
        this.identity = identity;
    }

    @GET
    @Authenticated
    @Operation(summary = "A vendor's snapshots, the newest first; for the vendor itself and for operators")
    public Uni<SnapshotPage> list(
            @RestPath @Parameter(example = "acme") String vendor,
            @RestQuery @Nullable @Parameter(description = "nextCursor of the page before") String cursor,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 200") int limit) {
        requireOwnership(vendor);
        Paging.requireLimit(limit);
        return SnapshotStore.ofVendor(pool, vendor, Paging.position(cursor, Long.MAX_VALUE), limit + 1)
                .map(found -> SnapshotPage.of(found, limit));
    }

    @GET
    @Path("/{number}")
    @Authenticated
    @Operation(summary = "Where a snapshot stands; for its vendor and for operators")
    public Uni<SnapshotRepresentation> get(@RestPath String vendor, @RestPath long number) {
        requireOwnership(vendor);
        return find(new SnapshotRef(vendor, number));
    }

    @GET
    @Path("/{number}/difference")
    @Authenticated
    @Operation(
            summary = "What a snapshot makes of the catalogue, as it stands now; deletes nothing",
            description = "For an open snapshot it is preliminary: what has not arrived yet counts as not listed. A"
                    + " finished one has forgotten its items, except a dry run, which keeps them until a newer snapshot"
                    + " begins.")
    public Uni<SnapshotDifferencePage> difference(
            @RestPath String vendor,
            @RestPath long number,
            @RestQuery @Nullable @Parameter(description = "Only this kind, such as deleted") String kind,
            @RestQuery @Nullable @Parameter(description = "nextCursor of the page before") String cursor,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 200") int limit) {
        requireOwnership(vendor);
        Paging.requireLimit(limit);
        if (kind != null && !KINDS.contains(kind)) {
            throw ProblemException.invalidParameter(
                    "kind", "kind must be deleted, added, changed, spared or not_live.");
        }
        String after = Paging.position(cursor, "");
        var snapshot = new SnapshotRef(vendor, number);
        return find(snapshot)
                .invoke(SnapshotResource::requireItems)
                .chain(found -> SnapshotStore.difference(pool, snapshot, after, limit + 1, kind))
                .map(found -> SnapshotDifferencePage.of(vendor, found, limit));
    }

    private static void requireItems(SnapshotRepresentation snapshot) {
        if (!Set.of("open", "held", "reported").contains(snapshot.status())) {
            throw ProblemException.of(
                    ProblemType.CONFLICT,
                    "Snapshot %d of %s is %s and has forgotten its items: see its counts, or send it anew under a higher number."
                            .formatted(snapshot.number(), snapshot.vendor(), snapshot.status()));
        }
    }

    /** @param note why, 1 to 500 characters */
    @Schema(name = "SnapshotDecision")
    public record DecisionRequest(
            @Nullable @Schema(examples = "confirmed by the vendor")
            String note) {}

    @POST
    @Path("/{number}/apply")
    @RolesAllowed(OPERATOR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Let a held snapshot delete what it does not list",
            description = "Answers at once; the deletions follow, and the snapshot is applied when they are done.")
    @RequestBody(
            content =
                    @Content(
                            schema = @Schema(implementation = DecisionRequest.class),
                            examples = @ExampleObject(name = "a note", value = """
                                    {"note": "confirmed by the vendor"}""")))
    public Uni<SnapshotRepresentation> apply(@RestPath String vendor, @RestPath long number, byte[] body) {
        String note = BodyReader.optionalText(
                "note", BodyReader.read(body, DecisionRequest.class).note());
        var snapshot = new SnapshotRef(vendor, number);
        return SnapshotStore.applyHeld(pool, snapshot, subject(), note)
                .chain(done -> find(snapshot)
                        .invoke(found -> requireDone(
                                done,
                                found,
                                "only a held snapshot can be applied; a dry run never deletes, so send the snapshot"
                                        + " without dryRun under a higher number")));
    }

    @POST
    @Path("/{number}/discard")
    @RolesAllowed(OPERATOR)
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Give up an open, held or reported snapshot; nothing is deleted")
    @RequestBody(
            content =
                    @Content(
                            schema = @Schema(implementation = DecisionRequest.class),
                            examples = @ExampleObject(name = "a note", value = """
                                    {"note": "the vendor exported half of it"}""")))
    public Uni<SnapshotRepresentation> discard(@RestPath String vendor, @RestPath long number, byte[] body) {
        String note = BodyReader.optionalText(
                "note", BodyReader.read(body, DecisionRequest.class).note());
        var snapshot = new SnapshotRef(vendor, number);
        return SnapshotStore.discard(pool, snapshot, subject(), note)
                .chain(done -> find(snapshot)
                        .invoke(found ->
                                requireDone(done, found, "only an open, held or reported snapshot can be discarded")));
    }

    private static void requireDone(boolean done, SnapshotRepresentation snapshot, String rule) {
        if (!done) {
            throw ProblemException.of(
                    ProblemType.CONFLICT,
                    "Snapshot %d of %s is %s: %s."
                            .formatted(snapshot.number(), snapshot.vendor(), snapshot.status(), rule));
        }
    }

    private Uni<SnapshotRepresentation> find(SnapshotRef snapshot) {
        return SnapshotStore.find(pool, snapshot)
                .map(found -> found.orElseThrow(() -> ProblemException.of(
                        ProblemType.NOT_FOUND,
                        "No message of snapshot %d of '%s' has been seen."
                                .formatted(snapshot.number(), snapshot.vendor()))));
    }

    private String subject() {
        return Caller.of(identity).subject();
    }

    private void requireOwnership(String vendor) {
        Paging.requireText("vendor", vendor);
        Caller.of(identity).requireOwnership(vendor, OPERATOR, "snapshots of vendor '%s'".formatted(vendor));
    }
}
