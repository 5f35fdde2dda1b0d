package dev.holdfast.payments.proof;

import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The proof that no money was made or lost, over HTTP. */
@Path("/proof")
@RolesAllowed({"operator", "auditor"})
@Tag(name = "Proof")
class ProofResource {
    private final ConservationProof proof;

    ProofResource(ConservationProof proof) {
        this.proof = proof;
    }

    @GET
    @Operation(summary = "What the latest proof found")
    public Uni<ProofReport> latest() {
        return Uni.createFrom()
                .item(proof.latest()
                        .orElseThrow(() -> ProblemException.of(
                                ProblemType.NOT_FOUND, "Nothing has been proven since this instance started.")));
    }

    @POST
    @Path("/runs")
    @Operation(summary = "Prove now; an account that does not add up is frozen")
    public Uni<ProofReport> run() {
        return proof.run()
                .map(report -> report.orElseThrow(() -> ProblemException.of(
                        ProblemType.CONFLICT, "Another instance is proving: ask for what it found in a moment.")));
    }
}
