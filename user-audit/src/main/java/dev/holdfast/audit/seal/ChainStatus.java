package dev.holdfast.audit.seal;

import dev.holdfast.audit.email.EmailEvent;
import dev.holdfast.audit.proof.EventHash;
import dev.holdfast.audit.proof.Hash;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far some events of a user are proven.
 *
 * @param sealed versions that are in the tree; others wait for the sealer
 * @param tree as it was signed last
 * @param broken the first event that is not as it was
 */
public record ChainStatus(Set<Long> sealed, Optional<Tree> tree, Optional<Break> broken) {
    /**
     * A signed tree.
     *
     * @param upTo when its last event was recorded; empty when that lies in a pack
     */
    public record Tree(long size, Hash root, Optional<Instant> upTo) {}

    /** Where a history is not as it was recorded. */
    public record Break(long version, String why) {}

    /**
     * @param events of one user, one version after the other
     * @param previous hash of the event before them
     * @param leaves what the tree has, by version
     */
    static Optional<Break> firstBreak(List<EmailEvent> events, @Nullable Hash previous, Map<Long, Hash> leaves) {
        Hash link = previous;
        EmailEvent before = null;
        for (EmailEvent event : events) {
            String why = wrong(event, before, link, leaves.get(event.version()));
            if (why != null) {
                return Optional.of(new Break(event.version(), why));
            }
            link = event.hash();
            before = event;
        }
        return Optional.empty();
    }

    private static @Nullable String wrong(
            EmailEvent event, @Nullable EmailEvent before, @Nullable Hash previous, @Nullable Hash leaf) {
        if (before != null && event.version() != before.version() + 1) {
            return "version %d is missing before it".formatted(before.version() + 1);
        }
        if (before != null && !event.recordedAt().isAfter(before.recordedAt())) {
            return "it was not recorded after the event before it";
        }
        if (previous != null && !EventHash.of(event.content(), previous).equals(event.hash())) {
            return "its hash is not that of its content and the event before it";
        }
        return leaf == null || leaf.equals(event.hash()) ? null : "the tree has another hash for it";
    }
}
