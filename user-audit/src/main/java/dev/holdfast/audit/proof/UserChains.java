package dev.holdfast.audit.proof;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The latest event of each user, which the next one has to follow. */
final class UserChains {
    private static final Latest NONE = new Latest(0, Instant.MIN, Hash.ZERO, false);

    private final Map<UUID, Latest> users = new HashMap<>();

    /**
     * @param recordedAt of the latest event whose content is not gone
     * @param gone whether its hash could not be recomputed
     */
    private record Latest(long version, Instant recordedAt, Hash hash, boolean gone) {}

    /** @throws IllegalArgumentException when it does not follow from the user's latest one */
    void follow(EventContent event, Hash hash) {
        Latest latest = next(event.userId(), event.version());
        if (!event.recordedAt().isAfter(latest.recordedAt())) {
            throw new IllegalArgumentException("it is recorded at %s, and an earlier event of this user at %s"
                    .formatted(event.recordedAt(), latest.recordedAt()));
        }
        if (!EventHash.of(event, latest.hash()).equals(hash)) {
            throw new IllegalArgumentException(
                    latest.gone()
                            ? "its hash is not that of its content and the event before it, whose content is gone: "
                                    + "one of the two was altered"
                            : "its hash is not that of its content");
        }
        users.put(event.userId(), new Latest(event.version(), event.recordedAt(), hash, false));
    }

    /**
     * For an event without its content. Its hash is taken for what it is; the user's next event and the tree tell.
     *
     * @throws IllegalArgumentException when the version does not follow
     */
    void followGone(UUID user, long version, Hash hash) {
        Latest latest = next(user, version);
        users.put(user, new Latest(version, latest.recordedAt(), hash, true));
    }

    private Latest next(UUID user, long version) {
        Latest latest = users.getOrDefault(user, NONE);
        if (version != latest.version() + 1) {
            throw new IllegalArgumentException("the version to follow is %d".formatted(latest.version() + 1));
        }
        return latest;
    }

    int users() {
        return users.size();
    }
}
