package dev.holdfast.audit.seal;

import dev.holdfast.audit.email.EmailEvent;
import dev.holdfast.audit.proof.EventHash;
import dev.holdfast.audit.proof.Hash;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
     * @param events of one user, from the first version to the last; those that there are, in their order
     * @param leaves what the tree has of these versions and of the one before them
     */
    static Optional<Break> firstBreak(
            long first, long last, List<EmailEvent> events, boolean forgotten, Map<Long, Hash> leaves) {
        Map<Long, EmailEvent> present = events.stream().collect(Collectors.toMap(EmailEvent::version, event -> event));
        Hash link = first == 1 ? Hash.ZERO : leaves.get(first - 1);
        Instant before = Instant.MIN;
        for (long version = first; version <= last; version++) {
            EmailEvent event = present.get(version);
            boolean gone = event == null && forgotten && before.equals(Instant.MIN);
            String why = gone ? null : wrong(event, before, link, leaves.get(version));
            if (why != null) {
                return Optional.of(new Break(version, why));
            }
            link = event == null ? leaves.get(version) : event.hash();
            before = event == null ? before : event.recordedAt();
        }
        return Optional.empty();
    }

    private static @Nullable String wrong(
            @Nullable EmailEvent event, Instant before, @Nullable Hash previous, @Nullable Hash leaf) {
        if (event == null) {
            return "it is missing, or in a pack that cannot be opened";
        }
        if (!event.recordedAt().isAfter(before)) {
            return "it was not recorded after the event before it";
        }
        if (previous != null && !EventHash.of(event.content(), previous).equals(event.hash())) {
            return "its hash is not that of its content and the event before it";
        }
        return leaf == null || leaf.equals(event.hash()) ? null : "the tree has another hash for it";
    }
}
