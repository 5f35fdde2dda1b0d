package dev.holdfast.audit.proof;

import dev.holdfast.audit.proof.BundleLine.Header;
import dev.holdfast.audit.proof.BundleLine.Leaf;
import dev.holdfast.audit.proof.BundleLine.SignedCheckpoint;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a bundle line by line: recomputes each hash from its content, the tree from the hashes, and compares its
 * root with each signed one. Needs memory for the users, the height of the tree and the roots that are asked for later,
 * and none for the events. The first failure is final. For one bundle, and one thread.
 */
public final class BundleVerifier {
    private static final long NOTHING = -1;

    private final CheckpointVerifier keys;
    private final List<Checkpoint> kept;
    private final Set<Long> sizes;
    private final Map<Long, Hash> roots = new HashMap<>();
    private final UserChains users = new UserChains();
    private final MerkleTree tree = MerkleTree.empty();

    private @Nullable String origin;
    private long line;
    private long gone;
    private long checkpoints;
    private long covered = NOTHING;

    /**
     * @param kept checkpoints that somebody has seen earlier, and verified
     * @param late sizes of the checkpoints that stand further behind than they have to
     */
    public BundleVerifier(CheckpointVerifier keys, List<Checkpoint> kept, Collection<Long> late) {
        this.keys = keys;
        this.kept = List.copyOf(kept);
        this.sizes = new HashSet<>(late);
        kept.forEach(checkpoint -> sizes.add(checkpoint.size()));
        keepRoot();
    }

    /** @throws BundleException when it does not hold, or does not follow from the lines before it */
    public void accept(String text) {
        line++;
        BundleLine parsed = parse(text);
        if (parsed instanceof Header != (line == 1)) {
            throw BundleException.of(
                    "Line %d: the first line of a bundle is its header, and no other is.".formatted(line));
        }
        switch (parsed) {
            case Header header -> origin = header.origin();
            case Leaf leaf -> append(leaf);
            case SignedCheckpoint signed -> confirm(signed.checkpoint());
        }
    }

    private BundleLine parse(String text) {
        try {
            return BundleLine.parse(text);
        } catch (IllegalArgumentException malformed) {
            String message = "Line %d, where leaf %d is due: %s.".formatted(line, tree.size(), malformed.getMessage());
            throw BundleException.ofLeaf(tree.size(), message);
        }
    }

    private String origin() {
        if (origin == null) {
            throw BundleException.of("The bundle is empty.");
        }
        return origin;
    }

    private void append(Leaf leaf) {
        try {
            if (leaf.leaf() != tree.size()) {
                throw new IllegalArgumentException("this line says that it is leaf %d".formatted(leaf.leaf()));
            }
            follow(leaf);
            tree.append(List.of(MerkleHash.leaf(leaf.eventHash())));
        } catch (IllegalArgumentException wrong) {
            String message = "Leaf %d (user %s, version %d, line %d): %s."
                    .formatted(tree.size(), leaf.userId(), leaf.version(), line, wrong.getMessage());
            throw BundleException.ofLeaf(tree.size(), message);
        }
        keepRoot();
    }

    private void follow(Leaf leaf) {
        if (leaf.hasContent()) {
            users.follow(leaf.content(), leaf.eventHash());
            return;
        }
        if (!leaf.equals(Leaf.gone(leaf.leaf(), leaf.user(), leaf.version(), leaf.eventHash()))) {
            throw new IllegalArgumentException("it is marked as gone, and has content");
        }
        users.followGone(leaf.user(), leaf.version(), leaf.eventHash());
        gone++;
    }

    private void keepRoot() {
        if (sizes.contains(tree.size())) {
            roots.put(tree.size(), tree.root());
        }
    }

    private void confirm(String note) {
        Checkpoint checkpoint = verified(note);
        if (checkpoint.size() > tree.size()) {
            String message = "Leaf %d is missing: the checkpoint in line %d covers %d leaves."
                    .formatted(tree.size(), line, checkpoint.size());
            throw BundleException.ofLeaf(tree.size(), message);
        }
        Hash root = checkpoint.size() == tree.size() ? tree.root() : roots.get(checkpoint.size());
        if (root == null) {
            throw BundleException.of(
                    "Line %d: the checkpoint covers %d leaves and stands behind %d, which was not announced."
                            .formatted(line, checkpoint.size(), tree.size()));
        }
        if (!root.equals(checkpoint.root())) {
            throw BundleException.of(
                    """
                    Line %d: the checkpoint of %d leaves has the root %s, and the leaves have %s. Each leaf holds in itself, so \
                    one behind the %d that are confirmed was replaced together with its hash, or its content is gone and its \
                    hash was altered.""".formatted(line, checkpoint.size(), checkpoint.root(), root, Math.max(covered, 0)));
        }
        covered = Math.max(covered, checkpoint.size());
        checkpoints++;
    }

    private Checkpoint verified(String note) {
        Checkpoint checkpoint;
        try {
            checkpoint = keys.verify(note);
        } catch (CheckpointException refused) {
            throw BundleException.of("Line %d: %s".formatted(line, refused.getMessage()));
        }
        if (!checkpoint.origin().equals(origin())) {
            throw BundleException.of("Line %d: the checkpoint is of '%s', and the bundle of '%s'."
                    .formatted(line, checkpoint.origin(), origin()));
        }
        return checkpoint;
    }

    /**
     * @throws BundleException when leaves or checkpoints are missing, or when a kept checkpoint is of another history
     */
    public VerifiedBundle finish() {
        String log = origin();
        if (covered == NOTHING) {
            throw BundleException.of("There is no checkpoint: nobody has signed this.");
        }
        if (covered < tree.size()) {
            throw BundleException.ofLeaf(
                    covered, "Leaf %d and all behind it: no checkpoint covers them.".formatted(covered));
        }
        kept.forEach(this::requirePrefix);
        return new VerifiedBundle(log, tree.size(), users.users(), gone, checkpoints, tree.root());
    }

    private void requirePrefix(Checkpoint earlier) {
        if (!earlier.origin().equals(origin())) {
            throw BundleException.of(
                    "The kept checkpoint is of '%s', and the bundle of '%s'.".formatted(earlier.origin(), origin()));
        }
        if (earlier.size() > tree.size()) {
            throw BundleException.of(
                    "The kept checkpoint covers %d leaves and the bundle ends after %d: it is older, or was cut off."
                            .formatted(earlier.size(), tree.size()));
        }
        Hash root = roots.get(earlier.size());
        if (!earlier.root().equals(root)) {
            throw BundleException.of("""
                    The log has forked: its first %d leaves have the root %s here, and %s in the kept checkpoint. Both are signed, \
                    so somebody was shown another history.""".formatted(earlier.size(), root, earlier.root()));
        }
    }
}
