package dev.holdfast.audit.email;

import dev.holdfast.audit.key.BlindIndex;
import dev.holdfast.audit.key.UserKey;
import dev.holdfast.audit.key.UserKeys;
import dev.holdfast.audit.key.WrappedKey;
import dev.holdfast.audit.key.WrongKeyException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was so when, as far as was known when. */
public final class EmailHistory {
    /** Events that are read at once in search of a verification, which comes soon if ever. */
    private static final int FOLLOWING = 16;

    private final Pool pool;
    private final UserKeys keys;
    private final BlindIndex blind;

    public EmailHistory(Pool pool, UserKeys keys, BlindIndex blind) {
        this.pool = pool;
        this.keys = keys;
        this.blind = blind;
    }

    /**
     * What was so at a time.
     *
     * @param headVersion where the history ends by now
     * @param event empty before the first one
     * @param stableUntil an answer for this recorded time or before never changes
     */
    public record State(
            long headVersion, Optional<PlainEvent> event, boolean verified, boolean forgotten, Instant stableUntil) {
        /** Empty when there is none to read: nothing yet, or forgotten. */
        public Optional<EmailAddress> address() {
            return event.map(PlainEvent::address);
        }
    }

    /**
     * Empty for a user that nobody knows.
     *
     * @param note null for who reads about themself
     */
    public Uni<Optional<State>> asOf(UUID user, Instant recorded, Instant valid, @Nullable ReadNote note) {
        return EmailStore.state(pool, user, recorded, valid, note)
                .chain(found -> found.map(state -> counting(user, state.key(), state.event(), recorded, valid)
                                .chain(counting -> isVerified(user, state, counting, recorded)
                                        .map(verified -> Optional.of(new State(
                                                state.headVersion(),
                                                counting.map(PackReader.Found::event),
                                                verified,
                                                state.key().isEmpty(),
                                                state.stableUntil())))))
                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    /** What is known without opening anything; empty for a user that nobody knows. */
    public Uni<Optional<State>> unread(UUID user) {
        return EmailStore.state(pool, user, Moments.BEGINNING, Moments.BEGINNING, null)
                .map(found -> found.map(state -> new State(
                        state.headVersion(),
                        Optional.empty(),
                        false,
                        state.key().isEmpty(),
                        state.stableUntil())));
    }

    /**
     * The event that counts, which may lie in a pack. Packs are older than all else: an event outside that is so since it was
     * recorded counts before all of theirs.
     *
     * @param outside the one that counts outside of packs
     */
    private Uni<Optional<PackReader.Found>> counting(
            UUID user, Optional<WrappedKey> wrapped, Optional<EmailEvent> outside, Instant recorded, Instant valid) {
        Optional<UserKey> key = wrapped.map(one -> keys.unwrap(user, one));
        Optional<PackReader.Found> known =
                outside.map(event -> new PackReader.Found(PlainEvent.of(event, key.orElse(null)), List.of()));
        boolean decided =
                known.map(PackReader.Found::event).filter(PlainEvent::isUndated).isPresent();
        return decided || key.isEmpty()
                ? Uni.createFrom().item(known)
                : new PackReader(pool, key.get(), user)
                        .asOf(
                                recorded,
                                valid,
                                known.map(found -> found.event().validFrom()).orElse(Moments.BEGINNING))
                        .map(packed -> Stream.concat(known.stream(), packed.stream())
                                .max(Comparator.comparing(PackReader.Found::event, PlainEvent.BY_VALID_TIME)));
    }

    private PackReader packs(UUID user, WrappedKey key) {
        return new PackReader(pool, keys.unwrap(user, key), user);
    }

    /** The database knows it, as far as it can see: outside of packs. */
    private Uni<Boolean> isVerified(
            UUID user, EmailStore.State state, Optional<PackReader.Found> counting, Instant recorded) {
        if (counting.isEmpty()) {
            return Uni.createFrom().item(false);
        }
        PackReader.Found found = counting.get();
        boolean isOutside = state.event()
                .filter(event -> event.version() == found.event().version())
                .isPresent();
        if (isOutside && !state.verified()) {
            return Uni.createFrom().item(false);
        }
        return wasOfItsTime(user, found.event(), state.key())
                .chain(current -> !current || isOutside
                        ? Uni.createFrom().item(current)
                        : isVerifiedBehind(user, found, recorded));
    }

    /** What is recorded of the past is not the address of its time, and no verification is of it. */
    private Uni<Boolean> wasOfItsTime(UUID user, PlainEvent address, Optional<WrappedKey> key) {
        return address.isUndated() || key.isEmpty()
                ? Uni.createFrom().item(true)
                : packs(user, key.get())
                        .asOf(address.recordedAt(), address.recordedAt(), address.validFrom())
                        .map(then -> then.filter(one -> one.event().validFrom().isAfter(address.validFrom()))
                                .isEmpty());
    }

    private Uni<Boolean> isVerifiedBehind(UUID user, PackReader.Found found, Instant recorded) {
        PlainEvent address = found.event();
        return verification(address, found.following(), recorded)
                .map(Uni.createFrom()::item)
                .orElseGet(() -> isVerifiedBehind(
                        user, address, address.version() + found.following().size(), recorded));
    }

    private Uni<Boolean> isVerifiedBehind(UUID user, PlainEvent address, long version, Instant recorded) {
        return events(user, version + 1, version + FOLLOWING).chain(events -> {
            List<PlainEvent> following =
                    events.stream().map(event -> PlainEvent.of(event, null)).toList();
            return verification(address, following, recorded)
                    .or(() -> following.size() < FOLLOWING ? Optional.of(false) : Optional.empty())
                    .map(Uni.createFrom()::item)
                    .orElseGet(() -> isVerifiedBehind(user, address, version + FOLLOWING, recorded));
        });
    }

    /** Whether it is verified, until a later valid time replaces it; empty when these events do not tell. */
    private static Optional<Boolean> verification(PlainEvent address, List<PlainEvent> following, Instant recorded) {
        for (PlainEvent event : following) {
            boolean verifies = event.op() == EmailOp.VERIFIED;
            if (event.recordedAt().isAfter(recorded)
                    || (!verifies && !event.validFrom().isBefore(address.validFrom()))) {
                return Optional.of(false);
            } else if (verifies) {
                return Optional.of(true);
            }
        }
        return Optional.empty();
    }

    private static Optional<EmailAddress> read(UserKey key, EmailEvent event) {
        return Optional.ofNullable(PlainEvent.of(event, key).address());
    }

    /** An event with its address, if it has one that can be read. */
    public record Disclosed(EmailEvent event, Optional<EmailAddress> address) {}

    /**
     * Events recorded after {@code from} and not after {@code to}, the oldest first.
     *
     * @param limit at most so many
     */
    public Uni<List<Disclosed>> history(UUID user, Instant from, Instant to, int limit, @Nullable ReadNote note) {
        return noted(user, note, "history")
                .chain(() -> EmailStore.key(pool, user))
                .chain(key -> stored(user, key, from, to, limit).map(events -> {
                    Optional<UserKey> unwrapped = key.map(wrapped -> keys.unwrap(user, wrapped));
                    return events.stream()
                            .map(event -> new Disclosed(event, unwrapped.flatMap(one -> read(one, event))))
                            .toList();
                }));
    }

    private Uni<List<EmailEvent>> stored(UUID user, Optional<WrappedKey> key, Instant from, Instant to, int limit) {
        return EmailStore.history(pool, user, from, to, limit)
                .chain(outside -> key.map(one -> packs(user, one).history(from, to, limit))
                        .orElseGet(() -> Uni.createFrom().item(List.of()))
                        .map(packed -> eachOnce(packed, outside).limit(limit).toList()));
    }

    /**
     * What is packed is older. What lies outside was read first: an event that was packed in between is in both, where the other way
     * round it would be in neither.
     */
    private static Stream<EmailEvent> eachOnce(List<EmailEvent> packed, List<EmailEvent> outside) {
        long last = packed.isEmpty() ? 0 : packed.getLast().version();
        return Stream.concat(packed.stream(), outside.stream().filter(event -> event.version() > last));
    }

    /** A user's state; empty before the first event. */
    public record Person(UUID user, Optional<PlainEvent> state) {
        private boolean has(EmailAddress address) {
            return state.map(PlainEvent::address)
                    .filter(one -> one.normalised().equals(address.normalised()))
                    .isPresent();
        }
    }

    /** Everybody's state, of users behind this one, in the order of their ids. */
    public Uni<List<Person>> population(UUID after, Instant recorded, Instant valid, int limit, ReadNote note) {
        return noted(null, note, "population")
                .chain(() -> EmailStore.population(pool, after, recorded, valid, limit))
                .chain(found -> toPersons(found, recorded, valid));
    }

    /** One after the other where packs must be opened, which is where somebody changes often and the moment is long ago. */
    private Uni<List<Person>> toPersons(List<EmailStore.Held> found, Instant recorded, Instant valid) {
        return Multi.createFrom()
                .iterable(found)
                .onItem()
                .transformToUniAndConcatenate(held -> counting(held.user(), held.key(), held.event(), recorded, valid)
                        .map(counting -> new Person(held.user(), counting.map(PackReader.Found::event))))
                .collect()
                .asList();
    }

    /** A user's state at two times. */
    public record Difference(Person before, Person after) {}

    /**
     * Who changed.
     *
     * @param next behind which the next page begins, unless this is the last
     */
    public record Differences(List<Difference> users, Optional<UUID> next) {}

    /**
     * Of {@code limit} users, in the order of their ids, those about whom something was recorded after {@code from} and not
     * after {@code to}, as they were at both.
     *
     * @param after of the page before
     */
    public Uni<Differences> differences(Instant from, Instant to, UUID after, int limit, ReadNote note) {
        return noted(null, note, "differences")
                .chain(() -> EmailStore.changed(pool, from, to, after, limit))
                .chain(found -> changed(found, from, to)
                        .chain(users -> differences(users, from, to))
                        .map(users -> new Differences(
                                users,
                                found.size() < limit
                                        ? Optional.empty()
                                        : Optional.of(found.getLast().user()))));
    }

    private Uni<List<UUID>> changed(List<EmailStore.Changed> found, Instant from, Instant to) {
        return Multi.createFrom()
                .iterable(found)
                .onItem()
                .transformToUniAndConcatenate(one -> one.certain()
                        ? Uni.createFrom().item(List.of(one.user()))
                        : EmailStore.key(pool, one.user())
                                .chain(key -> stored(one.user(), key, from, to, 1))
                                .map(events ->
                                        events.stream().map(EmailEvent::userId).toList()))
                .collect()
                .with(Collectors.flatMapping(List::stream, Collectors.toList()));
    }

    private Uni<List<Difference>> differences(List<UUID> users, Instant from, Instant to) {
        return persons(users, from, from)
                .chain(before -> persons(users, to, to)
                        .map(then -> IntStream.range(0, users.size())
                                .mapToObj(i -> new Difference(before.get(i), then.get(i)))
                                .toList()));
    }

    private Uni<List<Person>> persons(List<UUID> users, Instant recorded, Instant valid) {
        return EmailStore.states(pool, users, recorded, valid).chain(found -> toPersons(found, recorded, valid));
    }

    /**
     * Who had an address.
     *
     * @param next behind which the next page begins, unless this is the last
     */
    public record Holders(List<Person> persons, Optional<UUID> next) {}

    /**
     * Of {@code limit} users who ever had it, those who did at that moment. Those who are forgotten are not among them.
     *
     * @param after of the page before
     */
    public Uni<Holders> holders(
            EmailAddress address, Instant recorded, Instant valid, UUID after, int limit, ReadNote note) {
        return noted(null, note, "holders")
                .chain(() -> EmailStore.holders(pool, blind.of(address.normalised()), after, limit))
                .chain(users -> persons(users, recorded, valid)
                        .map(persons -> new Holders(
                                persons.stream().filter(one -> one.has(address)).toList(),
                                users.size() < limit ? Optional.empty() : Optional.of(users.getLast()))));
    }

    private Uni<Void> noted(@Nullable UUID user, @Nullable ReadNote note, String what) {
        return note == null ? Uni.createFrom().voidItem() : EmailStore.note(pool, user, note, what);
    }

    /** Events as they are stored, from one version to another, both included; those that there are. */
    public Uni<List<EmailEvent>> events(UUID user, long fromVersion, long toVersion) {
        return EmailStore.versions(pool, user, fromVersion, toVersion)
                .chain(outside -> outside.size() == toVersion - Math.max(fromVersion, 1) + 1
                        ? Uni.createFrom().item(outside)
                        : packedEvents(user, fromVersion, toVersion)
                                .map(packed -> eachOnce(packed, outside).toList()));
    }

    /** Those of them that lie in packs. */
    public Uni<List<EmailEvent>> packedEvents(UUID user, long fromVersion, long toVersion) {
        return EmailStore.key(pool, user)
                .chain(key -> key.map(one -> packs(user, one).versions(fromVersion, toVersion))
                        .orElseGet(() -> Uni.createFrom().item(List.of())));
    }

    /** All of them but those in packs that cannot be opened, because somebody has changed them or the user's key. */
    public Uni<List<EmailEvent>> eventsThatOpen(UUID user, long fromVersion, long toVersion) {
        return EmailStore.versions(pool, user, fromVersion, toVersion)
                .chain(outside -> EmailStore.key(pool, user)
                        .chain(key -> key.map(one -> packs(user, one).versionsThatOpen(fromVersion, toVersion))
                                .orElseGet(() -> Uni.createFrom().item(List.of())))
                        .onFailure(WrongKeyException.class)
                        .recoverWithItem(List.of())
                        .map(packed -> eachOnce(packed, outside).toList()));
    }

    /** Who read about a user before a moment, the latest first. */
    Uni<List<ReadsPage.Item>> reads(UUID user, Instant before, int limit) {
        return EmailStore.reads(pool, user, before, limit);
    }
}
