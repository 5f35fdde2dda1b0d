package dev.holdfast.audit.key;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Keys of users, ready for use, for as long as a minute: to unwrap one and to derive from it takes as long as all else of a
 * read. What the database has decides: a user whose key is gone there is forgotten, whatever is remembered here; and a minute later
 * nothing is.
 */
public final class UserKeys {
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(1);
    /** Of some hundred bytes each; the one that was not used for longest goes. */
    private static final int USERS_MAX = 20_000;

    private final KeyRing ring;
    private final Clock clock;
    private final Map<UUID, Remembered> users = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Remembered> eldest) {
            return size() > USERS_MAX;
        }
    };

    public UserKeys(KeyRing ring, Clock clock) {
        this.ring = ring;
        this.clock = clock;
    }

    private record Remembered(UserKey key, Instant until) {}

    /** A new key for a user. */
    public WrappedKey create(UUID user) {
        return ring.create(user);
    }

    /** @param wrapped as the database has it, committed */
    public UserKey unwrap(UUID user, WrappedKey wrapped) {
        return remembered(user).orElseGet(() -> {
            UserKey key = ring.unwrap(user, wrapped);
            synchronized (users) {
                users.put(user, new Remembered(key, clock.instant().plus(REMEMBERED_FOR)));
            }
            return key;
        });
    }

    /** In the midst of a transaction, whose key may never be: it is not remembered. */
    public UserKey unwrapUncommitted(UUID user, WrappedKey wrapped) {
        return ring.unwrap(user, wrapped);
    }

    /** For those alone who leave it to the database to refuse whoever is forgotten. */
    public Optional<UserKey> remembered(UUID user) {
        synchronized (users) {
            Remembered found = users.get(user);
            if (found == null) {
                return Optional.empty();
            }
            if (found.until().isBefore(clock.instant())) {
                users.remove(user);
                return Optional.empty();
            }
            return Optional.of(found.key());
        }
    }

    /** Of whoever has not been asked for since, too. */
    void forgetOld() {
        Instant now = clock.instant();
        synchronized (users) {
            users.values().removeIf(one -> one.until().isBefore(now));
        }
    }

    /** Of a user who is to be forgotten. */
    public void forget(UUID user) {
        synchronized (users) {
            users.remove(user);
        }
    }
}
