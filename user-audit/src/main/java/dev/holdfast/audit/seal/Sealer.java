package dev.holdfast.audit.seal;

import dev.holdfast.audit.proof.Checkpoint;
import dev.holdfast.audit.proof.CheckpointSigner;
import dev.holdfast.audit.proof.MerkleHash;
import dev.holdfast.audit.proof.MerkleTree;
import dev.holdfast.audit.seal.SealStore.Signed;
import dev.holdfast.audit.seal.SealStore.Unsealed;
import dev.holdfast.platform.id.DerivedIds;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.outbox.OutboxEvent;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts what waits into the tree, and signs it: one transaction, at one instance at a time. The right edge of the tree is kept in
 * between, and made again of what is stored whenever somebody else, or nobody knows who, has sealed last.
 */
final class Sealer {
    private final Transactions transactions;
    private final CheckpointSigner signer;
    private final Outbox outbox;
    private final Clock clock;
    private final String origin;
    private final String topic;
    private final int batchSize;
    private volatile @Nullable MerkleTree edge;

    Sealer(
            Transactions transactions,
            CheckpointSigner signer,
            Outbox outbox,
            Clock clock,
            String origin,
            String topic,
            int batchSize) {
        this.transactions = transactions;
        this.signer = signer;
        this.outbox = outbox;
        this.clock = clock;
        this.origin = origin;
        this.topic = topic;
        this.batchSize = batchSize;
    }

    /**
     * Seals a batch; how many there were. Zero also while another instance is at it. Not to be called again before it ends.
     *
     * @return a failure with {@link ForkedTreeException} when what is stored is not what was signed
     */
    Uni<Integer> seal() {
        return transactions
                .inTransactionOnce(connection -> SealStore.enterAlone(connection)
                        .chain(alone ->
                                alone ? sealAlone(connection) : Uni.createFrom().item(0)))
                .onFailure()
                .invoke(failure -> edge = null)
                .invoke(count -> {
                    if (count > 0) {
                        outbox.wake();
                    }
                });
    }

    private Uni<Integer> sealAlone(SqlConnection connection) {
        return SealStore.drain(connection, batchSize)
                .chain(events -> events.isEmpty()
                        ? Uni.createFrom().item(0)
                        : SealStore.latest(connection)
                                .chain(latest -> tree(connection, latest))
                                .chain(tree -> extend(connection, tree, events))
                                .replaceWith(events.size()));
    }

    /** As large as the latest checkpoint, and with its root. */
    private Uni<MerkleTree> tree(SqlConnection connection, Optional<Signed> latest) {
        long size = latest.map(Signed::size).orElse(0L);
        MerkleTree kept = edge;
        edge = null; // whatever happens from here on, it has changed
        if (kept != null && kept.size() == size) {
            return Uni.createFrom().item(kept);
        }
        return SealStore.read(connection, MerkleTree.tiles(size))
                .map(nodes -> MerkleTree.of(size, nodes))
                .invoke(tree -> latest.ifPresent(signed -> requireRoot(tree, signed)));
    }

    private static void requireRoot(MerkleTree tree, Signed signed) {
        if (!tree.root().equals(signed.root())) {
            throw new ForkedTreeException(signed.size());
        }
    }

    private Uni<Void> extend(SqlConnection connection, MerkleTree tree, List<Unsealed> events) {
        long first = tree.size();
        var completed = tree.append(
                events.stream().map(one -> MerkleHash.leaf(one.hash())).toList());
        var checkpoint = new Checkpoint(origin, tree.size(), tree.root());
        String note = signer.sign(checkpoint);
        return SealStore.addLeaves(connection, first, events)
                .chain(() -> SealStore.addNodes(connection, completed))
                .chain(() -> SealStore.addCheckpoint(connection, checkpoint.size(), checkpoint.root(), note))
                .chain(() -> outbox.append(connection, List.of(published(checkpoint, note))))
                .invoke(() -> edge = tree);
    }

    private OutboxEvent published(Checkpoint checkpoint, String note) {
        Instant now = clock.instant();
        return OutboxEvent.of(
                DerivedIds.of("checkpoint", origin, Long.toString(checkpoint.size())),
                topic,
                "audit.checkpoint",
                origin,
                checkpoint.size(),
                now,
                JsonObject.of(
                                "size",
                                checkpoint.size(),
                                "root",
                                checkpoint.root().hex(),
                                "note",
                                note)
                        .encode());
    }
}
