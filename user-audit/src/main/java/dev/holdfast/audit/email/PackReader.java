package dev.holdfast.audit.email;

import dev.holdfast.audit.email.PackStore.Pack;
import dev.holdfast.audit.key.UserKey;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** Finds events in packs. Of a user who is forgotten there is nothing to be found: their hashes are in the tree. */
final class PackReader {
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

    private List<PlainEvent> read(Pack pack) {
        return PackCodec.decode(key.decrypt(pack.firstVersion(), pack.body()));
    }

    /**
     * An event of a pack.
     *
     * @param following the events behind it in the same pack
     */
    record Found(PlainEvent event, List<PlainEvent> following) {}

    /** The one that counts, among those in packs. */
    Uni<Optional<Found>> asOf(Instant recorded, Instant valid) {
        Instant earlier = recorded.isBefore(valid) ? recorded : valid;
        return PackStore.asOf(client, user, recorded, valid, earlier)
                .chain(packs -> withUndated(packs, earlier))
                .map(packs -> packs.stream()
                        .flatMap(events -> events.stream()
                                .filter(event -> event.countsAt(recorded, valid))
                                .max(PlainEvent.BY_VALID_TIME)
                                .map(event -> new Found(event, behind(event, events)))
                                .stream())
                        .max(Comparator.comparing(Found::event, PlainEvent.BY_VALID_TIME)));
    }

    private static List<PlainEvent> behind(PlainEvent event, List<PlainEvent> events) {
        return events.subList(events.indexOf(event) + 1, events.size());
    }

    /** All of these, and of the packs before as many as it takes to find an event that is so since it was recorded. */
    private Uni<List<List<PlainEvent>>> withUndated(List<Pack> packs, Instant moment) {
        List<List<PlainEvent>> read = new ArrayList<>();
        packs.forEach(pack -> read.add(read(pack)));
        return IntStream.range(0, packs.size())
                .filter(i -> !packs.get(i).firstRecordedAt().isAfter(moment))
                .boxed()
                .max(Comparator.comparing(i -> packs.get(i).firstRecordedAt()))
                .map(latest -> addUndated(read, packs.get(latest), read.get(latest), moment)
                        .replaceWith(read))
                .orElseGet(() -> Uni.createFrom().item(read));
    }

    private Uni<Void> addUndated(List<List<PlainEvent>> read, Pack latest, List<PlainEvent> events, Instant moment) {
        if (events.stream().anyMatch(event -> event.isUndated() && event.countsAt(moment, moment))) {
            return Uni.createFrom().voidItem();
        }
        Instant before = latest.firstRecordedAt().minusNanos(1_000);
        return PackStore.before(client, user, before).chain(packs -> {
            if (packs.isEmpty()) {
                return Uni.createFrom().voidItem();
            }
            List<PlainEvent> earlier = read(packs.getFirst());
            read.add(earlier);
            return addUndated(read, packs.getFirst(), earlier, before);
        });
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
}
