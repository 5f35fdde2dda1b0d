package dev.holdfast.audit.seal;

import dev.holdfast.audit.email.EmailHistory;
import dev.holdfast.audit.email.Moments;
import dev.holdfast.audit.email.PlainEvent;
import dev.holdfast.audit.email.ReadNote;
import dev.holdfast.audit.email.Readers;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** The proof of one user's event. */
@Path("/users/{id}/email/proof")
@Authenticated
@Tag(name = "Proof")
class UserProofResource {
    private final EmailHistory history;
    private final Proofs proofs;
    private final SecurityIdentity identity;
    private final Clock clock;

    UserProofResource(EmailHistory history, Proofs proofs, SecurityIdentity identity, Clock clock) {
        this.history = history;
        this.proofs = proofs;
        this.identity = identity;
        this.clock = clock;
    }

    @GET
    @Operation(
            summary = "That the address of a moment is in the log, with its successor, so that nothing was in between")
    public Uni<ProofRepresentation> prove(
            @RestPath @Parameter(description = "The user's id") UUID id,
            @RestQuery @Nullable @Parameter(description = "Now, if left out", example = "2026-01-31T12:00:00Z")
                    String asOf,
            @RestQuery @Nullable @Parameter(description = "Of this version, whatever counts at a moment") Long version,
            @RestQuery @Nullable @Parameter(description = "Why, when it is not about oneself") String purpose) {
        ReadNote note = Readers.note(Caller.of(identity), id, purpose);
        Moments moments = Moments.of(asOf, null, clock.instant());
        return history.asOf(id, moments.asOf(), moments.validAt(), note)
                .chain(state -> state.flatMap(found ->
                                version == null ? found.event().map(PlainEvent::version) : Optional.of(version))
                        .map(proven -> proofs.prove(id, proven))
                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())))
                .map(found -> found.orElseThrow(() -> notProven(id)))
                .map(ProofRepresentation::of);
    }

    private static ProblemException notProven(UUID id) {
        return ProblemException.of(
                ProblemType.NOT_FOUND,
                "There is no sealed event of user %s at that time; what was recorded just now takes a moment."
                        .formatted(id));
    }
}
