package dev.holdfast.audit.email;

import dev.holdfast.platform.event.CloudEvents;
import dev.holdfast.platform.problem.JsonBody;
import dev.holdfast.platform.problem.Problem.InvalidPart;
import dev.holdfast.platform.problem.ProblemException;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Everybody's addresses over HTTP, for auditors and operators who say why. */
@Path("/emails")
@Authenticated
@Tag(name = "E-mail")
class EmailsResource {
    private static final int LIMIT_MAX = 500;
    private static final Duration WINDOW_MAX = Duration.ofDays(31);
    private static final UUID FIRST = new UUID(0, 0);

    private final EmailHistory history;
    private final SecurityIdentity identity;
    private final Clock clock;

    EmailsResource(EmailHistory history, SecurityIdentity identity, Clock clock) {
        this.history = history;
        this.identity = identity;
        this.clock = clock;
    }

    @GET
    @Operation(summary = "Everybody's address at a moment, page by page")
    public Uni<PopulationPage> population(
            @RestQuery @Nullable @Parameter(example = "2026-01-31T12:00:00Z") String asOf,
            @RestQuery @Nullable @Parameter(example = "2026-01-31T12:00:00Z") String validAt,
            @RestQuery @Nullable @Parameter(description = "nextAfter of the page before") UUID after,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 500") int limit,
            @RestQuery @Nullable @Parameter(description = "Why") String purpose) {
        ReadNote note = Readers.noteOfOthers(Caller.of(identity), purpose);
        Moments.requireLimit(limit, LIMIT_MAX);
        Moments moments = Moments.of(asOf, validAt, clock.instant());
        return history.population(
                        Optional.ofNullable(after).orElse(FIRST), moments.asOf(), moments.validAt(), limit, note)
                .map(found -> PopulationPage.of(found, limit));
    }

    @GET
    @Path("/diff")
    @Operation(
            summary = "Who changed between two moments, and from what to what; at most 31 days, page by page",
            description = "A page may have fewer users than its limit, or none, and others behind it.")
    public Uni<DifferencePage> differences(
            @RestQuery @Nullable @Parameter(description = "Not included", example = "2026-01-31T12:00:00Z") String from,
            @RestQuery @Nullable @Parameter(description = "Included; now, if left out") String to,
            @RestQuery @Nullable @Parameter(description = "nextAfter of the page before") UUID after,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 500") int limit,
            @RestQuery @Nullable @Parameter(description = "Why") String purpose) {
        ReadNote note = Readers.noteOfOthers(Caller.of(identity), purpose);
        Moments.requireLimit(limit, LIMIT_MAX);
        if (from == null) {
            throw ProblemException.invalidParameter("from", "from is needed: an instant such as 2026-01-31T12:00:00Z.");
        }
        Instant begin = Moments.parse("from", from);
        Instant end = to == null ? Moments.latest(clock.instant()) : Moments.parse("to", to);
        if (end.isBefore(begin) || Duration.between(begin, end).compareTo(WINDOW_MAX) > 0) {
            throw ProblemException.invalidParameter(
                    "to", "to must lie after from, by %d days at most.".formatted(WINDOW_MAX.toDays()));
        }
        return history.differences(begin, end, Optional.ofNullable(after).orElse(FIRST), limit, note)
                .map(DifferencePage::of);
    }

    @POST
    @Path("/holders")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Who had an address at a moment",
            description = "A page may have fewer users than its limit, or none, and others behind it.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = HoldersRequest.class)))
    public Uni<PopulationPage> holders(byte[] body) {
        HoldersRequest request = JsonBody.read(HoldersRequest.class, body);
        ReadNote note = Readers.noteOfOthers(Caller.of(identity), request.purpose());
        int limit = Optional.ofNullable(request.limit()).orElse(50);
        Moments.requireLimit(limit, LIMIT_MAX);
        Moments moments = Moments.of(request.asOf(), request.validAt(), clock.instant());
        EmailAddress address = Optional.ofNullable(request.address())
                .flatMap(EmailAddress::parse)
                .orElseThrow(() -> JsonBody.unprocessable(List.of(new InvalidPart(
                        "/address", "invalid_value", "is needed: an address such as ada@example.org."))));
        UUID after = request.after() == null
                ? FIRST
                : CloudEvents.uuid(request.after())
                        .orElseThrow(() -> ProblemException.invalidParameter("after", "after must be a UUID."));
        return history.holders(address, moments.asOf(), moments.validAt(), after, limit, note)
                .map(PopulationPage::of);
    }
}
