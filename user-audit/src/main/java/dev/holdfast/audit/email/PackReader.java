package dev.holdfast.audit.email;

import dev.holdfast.audit.email.PackStore.Pack;
import dev.holdfast.audit.key.UserKey;
import dev.holdfast.audit.key.WrongKeyException;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Finds events in packs. Of a user who is forgotten there is nothing to be found: their hashes are in the tree. */
final class PackReader {
    private static final Comparator<Found> BY_VALID_TIME = Comparator.comparing(Found::event, PlainEvent.BY_VALID_TIME);

    private final SqlClient client;
    private final UserKey key;
    private final UUID user;

    PackReader(SqlClient client, UserKey key, UUID user) {
        this.client = client;
        this.key = key;
        this.user = user;
    }

    /** As they were stored. */
    List<EmailEvent> open(Pack pack) {
        return PlainEvent.restore(
                user, PackCodec.decode(key.decrypt(pack.firstVersion(), pack.body())), key, pack.previousHash());
    }

    private List<EmailEvent> openAll(List<Pack> packs) {
        return packs.stream().flatMap(pack -> open(pack).stream()).toList();
    }

    /**
     * An event of a pack.
     *
     * @param following the events behind it in the same pack
     */
    record Found(PlainEvent event, List<PlainEvent> following) {}

    /**
     * The one that counts, among those in packs. What is valid since a moment was not recorded before it: so packs are opened from
     * the moment that is asked for backwards, until none can have anything later than what is known.
     *
     * @param known what has been valid since this moment or before may be left out
     */
    Uni<Optional<Found>> asOf(Instant recorded, Instant valid, Instant known) {
        Instant earlier = recorded.isBefore(valid) ? recorded : valid;
        return PackStore.asOf(client, user, recorded, valid, earlier, known).chain(packs -> {
            Optional<Found> best = packs.stream()
                    .flatMap(pack -> counting(pack, recorded, valid).stream())
                    .max(BY_VALID_TIME);
            return packs.stream()
                    .filter(pack -> !pack.firstRecordedAt().isAfter(earlier))
                    .findFirst()
                    .map(pack -> orEarlier(best, pack, recorded, valid, known))
                    .orElseGet(() -> Uni.createFrom().item(best));
        });
    }

    /** The best one, of those known and of packs before this one. */
    private Uni<Optional<Found>> orEarlier(
            Optional<Found> best, Pack pack, Instant recorded, Instant valid, Instant known) {
        Instant since = best.map(found -> found.event().validFrom())
                .filter(known::isBefore)
                .orElse(known);
        Instant before = pack.firstRecordedAt().minusNanos(1_000);
        return before.isAfter(since)
                ? PackStore.before(client, user, before, since)
                        .chain(earlier -> earlier.map(one -> orEarlier(
                                        Stream.concat(best.stream(), counting(one, recorded, valid).stream())
                                                .max(BY_VALID_TIME),
                                        one,
                                        recorded,
                                        valid,
                                        since))
                                .orElseGet(() -> Uni.createFrom().item(best)))
                : Uni.createFrom().item(best);
    }

    private Optional<Found> counting(Pack pack, Instant recorded, Instant valid) {
        List<PlainEvent> events = PackCodec.decode(key.decrypt(pack.firstVersion(), pack.body()));
        return events.stream()
                .filter(event -> event.countsAt(recorded, valid))
                .max(PlainEvent.BY_VALID_TIME)
                .map(event -> new Found(event, events.subList(events.indexOf(event) + 1, events.size())));
    }

    /** Recorded after {@code from} and not after {@code to}, the oldest first; at most so many. */
    Uni<List<EmailEvent>> history(Instant from, Instant to, int limit) {
        return PackStore.window(client, user, from, to, limit)
                .map(packs -> openAll(packs).stream()
                        .filter(event -> event.recordedAt().isAfter(from)
                                && !event.recordedAt().isAfter(to))
                        .limit(limit)
                        .toList());
    }

    Uni<List<EmailEvent>> versions(long from, long to) {
        return PackStore.versions(client, user, from, to)
                .map(packs -> openAll(packs).stream()
                        .filter(event -> event.version() >= from && event.version() <= to)
                        .toList());
    }

    /** The same, without those in packs that somebody has changed. */
    Uni<List<EmailEvent>> versionsThatOpen(long from, long to) {
        return PackStore.versions(client, user, from, to)
                .map(packs -> packs.stream()
                        .flatMap(this::openIfPossible)
                        .filter(event -> event.version() >= from && event.version() <= to)
                        .toList());
    }

    private Stream<EmailEvent> openIfPossible(Pack pack) {
        try {
            return open(pack).stream();
        } catch (WrongKeyException changed) {
            return Stream.empty();
        }
    }
}
