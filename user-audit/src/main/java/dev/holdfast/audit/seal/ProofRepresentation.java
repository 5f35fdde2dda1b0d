package dev.holdfast.audit.seal;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.audit.email.EmailEvent;
import dev.holdfast.audit.proof.Hash;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What shows that an event is in the log, unaltered: with the public key alone, whoever has it can check all of it. */
@Schema(name = "EmailProof")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProofRepresentation(
        Item event,

        @Nullable @Schema(description = "The user's next event: its previous hash is this one's, so nothing was in between")
        Item successor,

        @Schema(description = "A signed note: the size of the log, and its root")
        String checkpoint) {

    /** An event with its place in the tree. */
    @Schema(name = "ProvenEmailEvent")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Item(
            UUID userId,
            long version,

            @Nullable @Schema(description = "Absent, as all up to source, when the user is forgotten and this was packed")
            UUID eventId,

            @Nullable @Schema(description = "The letter that is hashed")
            String op,

            @Nullable Instant recordedAt,
            @Nullable Instant validFrom,

            @Nullable @Schema(description = "Encrypted; base64")
            String address,

            @Nullable String actor,
            @Nullable String reason,
            @Nullable String source,

            @Schema(description = "Of the event before; hexadecimal, as all hashes")
            String previousHash,

            String hash,
            long leaf,

            @Schema(description = "From the leaf's sibling up to the root's child (RFC 6962)")
            List<String> path) {

        static Item of(Proofs.Inclusion inclusion) {
            Optional<EmailEvent> event = inclusion.event();
            return new Item(
                    inclusion.leaf().userId(),
                    inclusion.leaf().version(),
                    event.map(EmailEvent::eventId).orElse(null),
                    event.map(one -> String.valueOf(one.op().letter())).orElse(null),
                    event.map(EmailEvent::recordedAt).orElse(null),
                    event.map(EmailEvent::validFrom).orElse(null),
                    event.map(EmailEvent::address)
                            .map(address -> Base64.getEncoder().encodeToString(address.bytes()))
                            .orElse(null),
                    event.map(EmailEvent::actor).orElse(null),
                    event.map(EmailEvent::reason).orElse(null),
                    event.map(EmailEvent::source).orElse(null),
                    inclusion.leaf().previousHash().hex(),
                    inclusion.leaf().hash().hex(),
                    inclusion.leaf().number(),
                    inclusion.path().stream().map(Hash::hex).toList());
        }
    }

    static ProofRepresentation of(Proofs.Proof proof) {
        return new ProofRepresentation(
                Item.of(proof.version()),
                proof.successor().map(Item::of).orElse(null),
                proof.version().checkpoint().note());
    }
}
