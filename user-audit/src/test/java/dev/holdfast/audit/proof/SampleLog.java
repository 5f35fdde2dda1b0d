package dev.holdfast.audit.proof;

import dev.holdfast.audit.proof.BundleLine.Header;
import dev.holdfast.audit.proof.BundleLine.Leaf;
import dev.holdfast.audit.proof.BundleLine.SignedCheckpoint;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A log as the service keeps one, and its bundle. Two logs that are given the same events are the same. */
final class SampleLog {
    static final String ORIGIN = "audit.example.com/users";
    static final UUID ADA = UUID.fromString("0190b8a0-7c00-7000-8000-0000000000a1");
    static final UUID BOB = UUID.fromString("0190b8a0-7c00-7000-8000-0000000000b2");
    static final UUID EVE = UUID.fromString("0190b8a0-7c00-7000-8000-0000000000e3");

    private static final Instant START = Instant.parse("2026-03-01T12:00:00.000001Z");
    static final PrivateKey PRIVATE_KEY =
            Ed25519.privateKey("MC4CAQAwBQYDK2VwBCIEIIEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz");
    static final CheckpointSigner SIGNER = new CheckpointSigner(ORIGIN, PRIVATE_KEY);

    private record Latest(long version, Hash hash) {}

    private final MerkleTree tree = MerkleTree.empty();
    private final Map<UUID, Latest> users = new HashMap<>();
    private final List<String> lines = new ArrayList<>();

    SampleLog() {
        lines.add(Header.of(ORIGIN).toJson());
    }

    /** Leaves 0 to 8, of which 2 and 4 are gone; checkpoints of 4 and 9. */
    static SampleLog ofNineLeaves() {
        return new SampleLog()
                .happens(ADA, 'r', "ada@example.com")
                .happens(BOB, 'r', "bob@example.com")
                .isGone(EVE)
                .happens(ADA, 'v', null)
                .isSealed()
                .isGone(EVE)
                .happens(ADA, 'c', "ada@example.org")
                .happens(EVE, 'e', null)
                .happens(BOB, 'k', "bob@example.net")
                .happens(ADA, 'c', "ada@example.net")
                .isSealed();
    }

    SampleLog happens(UUID user, char op, String address) {
        return happens(user, op, address, START.plusSeconds(tree.size()));
    }

    SampleLog happens(UUID user, char op, String address, Instant recordedAt) {
        EventContent content = next(user, op, address, recordedAt);
        Hash hash = EventHash.of(content, latest(user).hash());
        return append(Leaf.of(tree.size(), content, hash), user, hash);
    }

    /** An event whose content is destroyed. */
    SampleLog isGone(UUID user) {
        EventContent content = next(user, 'c', "forgotten@example.com", START.plusSeconds(tree.size()));
        Hash hash = EventHash.of(content, latest(user).hash());
        return append(Leaf.gone(tree.size(), user, content.version(), hash), user, hash);
    }

    private EventContent next(UUID user, char op, String address, Instant recordedAt) {
        return new EventContent(
                user,
                latest(user).version() + 1,
                new UUID(0x0190b8a07c007000L, 0x8000000000000000L | tree.size()),
                op,
                recordedAt,
                START.minusSeconds(1),
                address == null ? null : Ciphertext.of(address.getBytes(StandardCharsets.UTF_8)),
                "ada",
                "asked for",
                "api");
    }

    private Latest latest(UUID user) {
        return users.getOrDefault(user, new Latest(0, Hash.ZERO));
    }

    private SampleLog append(Leaf leaf, UUID user, Hash hash) {
        lines.add(leaf.toJson());
        users.put(user, new Latest(leaf.version(), hash));
        tree.append(List.of(MerkleHash.leaf(hash)));
        return this;
    }

    SampleLog isSealed() {
        lines.add(new SignedCheckpoint(SIGNER.sign(checkpoint())).toJson());
        return this;
    }

    Checkpoint checkpoint() {
        return new Checkpoint(ORIGIN, tree.size(), tree.root());
    }

    List<String> lines() {
        return new ArrayList<>(lines);
    }

    /** Where the line of a leaf of {@link #ofNineLeaves} is: behind the header, and perhaps behind a checkpoint. */
    static int line(int leaf) {
        return leaf < 4 ? leaf + 1 : leaf + 2;
    }
}
