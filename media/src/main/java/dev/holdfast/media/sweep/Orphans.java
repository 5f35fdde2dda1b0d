package dev.holdfast.media.sweep;

import dev.holdfast.media.Batches;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.BlobStores;
import dev.holdfast.media.store.Staging;
import dev.holdfast.media.store.StoredBlob;
import dev.holdfast.media.sweep.OrphanRepresentation.Why;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What the next sweep would delete, one by one: first what is in the database, in the order of its ids, then what is not. Bytes are
 * listed only as far as orphans are asked for, and in no order.
 */
final class Orphans {
    private static final int BATCH = 1_000;

    private final Pool pool;
    private final Staging staging;
    private final BlobStores stores;

    Orphans(Pool pool, Staging staging, BlobStores stores) {
        this.pool = pool;
        this.staging = staging;
        this.stores = stores;
    }

    /**
     * Behind this one, and at most so many.
     *
     * @param why of the last one before
     * @param after its id
     * @param last what comes after this is not looked for
     */
    Uni<List<OrphanRepresentation>> page(Why why, UUID after, int limit, Why last) {
        return find(why, after, limit)
                .chain(found -> why.next()
                        .filter(next -> found.size() < limit && why != last)
                        .map(next -> page(next, Batches.FIRST, limit - found.size(), last)
                                .map(rest -> Stream.concat(found.stream(), rest.stream())
                                        .toList()))
                        .orElseGet(() -> Uni.createFrom().item(found)));
    }

    private Uni<List<OrphanRepresentation>> find(Why why, UUID after, int limit) {
        return switch (why) {
            case UNUSED -> OrphanStore.unused(pool, after, limit);
            case CONDEMNED -> OrphanStore.condemned(pool, after, limit);
            case UNANNOUNCED -> unannounced(after, limit);
            case WITHOUT_IMAGE -> withoutImage(limit);
        };
    }

    private Uni<List<OrphanRepresentation>> unannounced(UUID after, int limit) {
        return staging.list()
                .chain(listed -> SweepStore.announced(pool, listed)
                        .map(announced -> listed.stream()
                                .filter(id -> !announced.contains(id) && id.compareTo(after) > 0)
                                .sorted(Comparator.naturalOrder())
                                .limit(limit)
                                .map(OrphanRepresentation::ofUnannounced)
                                .toList()));
    }

    private Uni<List<OrphanRepresentation>> withoutImage(int limit) {
        return Multi.createFrom()
                .iterable(stores.backends())
                .onItem()
                .transformToMultiAndConcatenate(this::withoutImage)
                .select()
                .first(limit)
                .collect()
                .asList();
    }

    private Multi<OrphanRepresentation> withoutImage(Backend backend) {
        return stores.of(backend)
                .list()
                .group()
                .intoLists()
                .of(BATCH)
                .onItem()
                .transformToUniAndConcatenate(listed -> SweepStore.owned(
                                pool,
                                backend,
                                listed.stream().map(StoredBlob::id).toList())
                        .map(owned -> listed.stream()
                                .filter(stored -> !owned.contains(stored.id()))
                                .map(stored -> OrphanRepresentation.ofStored(stored, backend))
                                .toList()))
                .onItem()
                .disjoint();
    }
}
