package dev.holdfast.audit.seal;

import dev.holdfast.audit.Roles;
import dev.holdfast.audit.proof.Hash;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;

/** What shows that the log is what it was. */
@Path("/proof")
@Authenticated
@Tag(name = "Proof")
class ProofResource {
    private final Proofs proofs;
    private final Verification verification;

    ProofResource(Proofs proofs, Verification verification) {
        this.proofs = proofs;
        this.verification = verification;
    }

    @GET
    @Path("/checkpoint")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(
            summary = "The latest checkpoint, a signed note: how long the log is, and its root",
            description = "Keep it. Whoever shows another history later cannot make it follow from this one.")
    public Uni<String> checkpoint() {
        return proofs.latest()
                .map(found -> found.orElseThrow(
                                () -> ProblemException.of(ProblemType.NOT_FOUND, "Nothing has been sealed yet."))
                        .note());
    }

    @GET
    @Path("/key")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(
            summary =
                    "Name and public key of those who sign, as verifiers take it; compare it with what you were given")
    public Uni<String> key() {
        return Uni.createFrom().item(verification::key);
    }

    @GET
    @Path("/consistency")
    @Operation(summary = "That the log at one size begins with all that it was at another")
    public Uni<ConsistencyRepresentation> consistency(
            @RestQuery @Parameter(description = "The smaller size") long from,
            @RestQuery @Parameter(description = "The larger size") long to) {
        return proofs.latest().chain(latest -> {
            long size = latest.map(SealStore.Signed::size).orElse(0L);
            if (from < 0 || from > to || to > size) {
                throw ProblemException.invalidParameter(
                        "to", "0 <= from <= to <= %d is needed: so many events are sealed.".formatted(size));
            }
            return proofs.consistency(from, to)
                    .map(path -> new ConsistencyRepresentation(
                            from, to, path.stream().map(Hash::hex).toList()));
        });
    }

    @POST
    @Path("/verifications")
    @RolesAllowed({Roles.AUDITOR, Roles.OPERATOR})
    @Operation(
            summary = "Look at everything: each event's hash, the tree, its signatures",
            description = "Names the first that is not as it was. Reads the whole history, one after the other.")
    public Uni<VerificationRepresentation> verify() {
        return verification.run();
    }

    @GET
    @Path("/bundle")
    @Produces(MediaType.TEXT_PLAIN)
    @RolesAllowed(Roles.AUDITOR)
    @Operation(
            summary = "The whole log for who trusts nobody: the command 'make verify' needs this and a key",
            description = "Addresses are encrypted, here as everywhere.")
    public Multi<String> bundle() {
        return verification.bundle().map(line -> line + "\n");
    }
}
