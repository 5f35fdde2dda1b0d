package dev.holdfast.audit.seal;

import dev.holdfast.audit.AuditConfig;
import dev.holdfast.audit.email.EmailEvent;
import dev.holdfast.audit.email.EmailHistory;
import dev.holdfast.audit.proof.BundleException;
import dev.holdfast.audit.proof.BundleLine;
import dev.holdfast.audit.proof.BundleVerifier;
import dev.holdfast.audit.proof.CheckpointSigner;
import dev.holdfast.audit.proof.CheckpointVerifier;
import dev.holdfast.audit.proof.MerkleHash;
import dev.holdfast.audit.proof.MerkleTree;
import dev.holdfast.audit.proof.Node;
import dev.holdfast.audit.seal.SealStore.Sealed;
import dev.holdfast.audit.seal.SealStore.Signed;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks at everything that is stored. The history is verified as an outsider would, by its bundle; besides, what only the
 * database has is compared: each event's own hash, the inner nodes, the checkpoints' columns.
 */
@Singleton
class Verification {
    private static final int PAGE = 1_000;

    private final Pool pool;
    private final EmailHistory history;
    private final CheckpointSigner signer;
    private final String origin;

    Verification(Pool pool, EmailHistory history, CheckpointSigner signer, AuditConfig config) {
        this.pool = pool;
        this.history = history;
        this.signer = signer;
        this.origin = config.sealer().origin();
    }

    /** As {@code --key} of the command takes it. */
    String key() {
        return signer.key().name() + "="
                + Base64.getEncoder().encodeToString(signer.key().key().getEncoded());
    }

    /** A slice of the log with the checkpoints that end in it. */
    private record Slice(List<Sealed> leaves, List<Signed> checkpoints) {}

    private Multi<Slice> pages() {
        var next = new AtomicLong();
        return Multi.createBy()
                .repeating()
                .uni(() -> slice(next.get())
                        .invoke(slice -> next.addAndGet(slice.leaves().size())))
                .whilst(slice -> slice.leaves().size() == PAGE);
    }

    private Uni<Slice> slice(long first) {
        return SealStore.sealed(pool, first, PAGE)
                .chain(this::withPacked)
                .chain(leaves -> SealStore.checkpoints(pool, first, first + leaves.size())
                        .map(checkpoints -> new Slice(leaves, checkpoints)));
    }

    /** With what lies in packs, one pack after the other: versions of one user that are beside each other in it are read together. */
    private Uni<List<Sealed>> withPacked(List<Sealed> leaves) {
        Map<UUID, List<Sealed>> missing =
                leaves.stream().filter(leaf -> leaf.event().isEmpty()).collect(Collectors.groupingBy(Sealed::userId));
        if (missing.isEmpty()) {
            return Uni.createFrom().item(leaves);
        }
        return Multi.createFrom()
                .iterable(missing.values())
                .onItem()
                .transformToUniAndConcatenate(ofUser -> history.packedEvents(
                        ofUser.getFirst().userId(),
                        ofUser.getFirst().version(),
                        ofUser.getLast().version()))
                .collect()
                .in(
                        HashMap<String, EmailEvent>::new,
                        (found, events) -> events.forEach(event -> found.put(name(event), event)))
                .map(found -> leaves.stream()
                        .map(leaf -> leaf.event().isPresent()
                                ? leaf
                                : leaf.with(Optional.ofNullable(found.get(leaf.userId() + "/" + leaf.version()))))
                        .toList())
                .chain(this::withGone);
    }

    private static String name(EmailEvent event) {
        return event.userId() + "/" + event.version();
    }

    /** Whose key is gone, of them there is no content to be found in packs; of anybody else it is missing. */
    private Uni<List<Sealed>> withGone(List<Sealed> leaves) {
        UUID[] users = leaves.stream()
                .filter(leaf -> leaf.event().isEmpty())
                .map(Sealed::userId)
                .distinct()
                .toArray(UUID[]::new);
        return SealStore.packedAndForgotten(pool, users)
                .map(gone -> leaves.stream()
                        .map(leaf -> leaf.event().isEmpty()
                                        && gone.stream().anyMatch(range -> range.covers(leaf.userId(), leaf.version()))
                                ? leaf.asGone()
                                : leaf)
                        .toList());
    }

    /** The lines that {@code Verify} reads. */
    Multi<String> bundle() {
        return Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().item(BundleLine.Header.of(origin).toJson()),
                        pages().onItem().transformToIterable(Verification::lines));
    }

    private static List<String> lines(Slice slice) {
        var lines = new ArrayList<String>();
        Map<Long, String> notes = new HashMap<>();
        slice.checkpoints().forEach(signed -> notes.put(signed.size(), signed.note()));
        for (Sealed leaf : slice.leaves()) {
            lines.add(line(leaf));
            String note = notes.get(leaf.leaf() + 1);
            if (note != null) {
                lines.add(new BundleLine.SignedCheckpoint(note).toJson());
            }
        }
        return lines;
    }

    /** Of what is missing, the line says nothing, which whoever verifies finds out. */
    private static String line(Sealed leaf) {
        if (leaf.gone()) {
            return BundleLine.Leaf.gone(leaf.leaf(), leaf.userId(), leaf.version(), leaf.hash())
                    .toJson();
        }
        return leaf.event()
                .map(event -> BundleLine.Leaf.of(leaf.leaf(), event.content(), leaf.hash()))
                .orElseGet(() -> missing(leaf))
                .toJson();
    }

    private static BundleLine.Leaf missing(Sealed leaf) {
        return new BundleLine.Leaf(
                leaf.leaf(),
                leaf.userId().toString(),
                leaf.version(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                leaf.hash().hex(),
                null);
    }

    /** Looks until something is wrong. */
    Uni<VerificationRepresentation> run() {
        var look = new Look(new BundleVerifier(new CheckpointVerifier(List.of(signer.key())), List.of(), List.of()));
        look.verifier.accept(BundleLine.Header.of(origin).toJson());
        return pages().emitOn(Infrastructure.getDefaultWorkerPool())
                .onItem()
                .invoke(look::accept)
                .collect()
                .last()
                .chain(() -> nodes(look, 0, -1))
                .chain(() -> SealStore.checkpointsWithoutLeaves(pool))
                .map(look::finish)
                .onFailure(BundleException.class)
                .recoverWithItem(refused -> look.refuse(
                        refused.leaf().isPresent() ? Long.valueOf(refused.leaf().getAsLong()) : null, refused))
                .onFailure(NotAsSealedException.class)
                .recoverWithItem(refused -> look.refuse(refused.leaf(), refused));
    }

    private Uni<Void> nodes(Look look, int level, long index) {
        return SealStore.nodes(pool, level, index, PAGE).chain(found -> {
            found.forEach(look::accept);
            return found.size() < PAGE
                    ? Uni.createFrom().voidItem()
                    : nodes(look, found.getLast().level(), found.getLast().index());
        });
    }

    /** What has been seen so far. */
    private static final class Look {
        private final BundleVerifier verifier;
        private final MerkleTree tree = MerkleTree.empty();
        private final Map<String, Node> expected = new HashMap<>();

        Look(BundleVerifier verifier) {
            this.verifier = verifier;
        }

        void accept(Slice slice) {
            for (Sealed leaf : slice.leaves()) {
                leaf.event()
                        .map(EmailEvent::hash)
                        .filter(hash -> !hash.equals(leaf.hash()))
                        .ifPresent(hash -> {
                            throw new NotAsSealedException(
                                    leaf.leaf(),
                                    "Leaf %d (user %s, version %d): the event has the hash %s, and the tree has %s."
                                            .formatted(leaf.leaf(), leaf.userId(), leaf.version(), hash, leaf.hash()));
                        });
            }
            Map<Long, Signed> checkpoints = new HashMap<>();
            slice.checkpoints().forEach(signed -> checkpoints.put(signed.size(), signed));
            for (Sealed leaf : slice.leaves()) {
                verifier.accept(line(leaf));
                tree.append(List.of(MerkleHash.leaf(leaf.hash()))).forEach(node -> expected.put(name(node), node));
                Signed signed = checkpoints.get(leaf.leaf() + 1);
                if (signed != null) {
                    accept(signed);
                }
            }
        }

        private void accept(Signed signed) {
            verifier.accept(new BundleLine.SignedCheckpoint(signed.note()).toJson());
            if (!signed.root().equals(tree.root()) || !signed.note().contains("\n%d\n".formatted(signed.size()))) {
                throw new NotAsSealedException(
                        null, "The checkpoint of %d leaves is not stored as it was signed.".formatted(signed.size()));
            }
        }

        void accept(Node stored) {
            if (!stored.equals(expected.remove(name(stored)))) {
                throw new NotAsSealedException(
                        null,
                        "Node %d of level %d is not that of its leaves.".formatted(stored.index(), stored.level()));
            }
        }

        private static String name(Node node) {
            return node.level() + "/" + node.index();
        }

        VerificationRepresentation finish(long checkpointsWithoutLeaves) {
            if (checkpointsWithoutLeaves > 0) {
                throw new NotAsSealedException(
                        null, "%d checkpoints are of more leaves than there are.".formatted(checkpointsWithoutLeaves));
            }
            if (!expected.isEmpty()) {
                throw new NotAsSealedException(null, "%d inner nodes are missing.".formatted(expected.size()));
            }
            if (tree.size() > 0) {
                verifier.finish();
            }
            return new VerificationRepresentation(true, tree.size(), null, null);
        }

        VerificationRepresentation refuse(@Nullable Long badLeaf, Exception why) {
            return new VerificationRepresentation(false, tree.size(), badLeaf, why.getMessage());
        }
    }

    /** What only the database has is not as it was. */
    private static final class NotAsSealedException extends RuntimeException {
        private final transient @Nullable Long leaf;

        NotAsSealedException(@Nullable Long leaf, String message) {
            super(message, null, false, false);
            this.leaf = leaf;
        }

        @Nullable Long leaf() {
            return leaf;
        }
    }
}
