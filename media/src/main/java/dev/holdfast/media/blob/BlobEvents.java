package dev.holdfast.media.blob;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.media.store.Backend;
import dev.holdfast.media.store.StoredBlob;
import dev.holdfast.platform.id.DerivedIds;
import dev.holdfast.platform.id.Ids;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.outbox.OutboxEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * What others are told of images; the contract is in the README. Each event is written in the transaction of what it tells of, after
 * the row has been inserted or deleted, so {@code media.stored} comes before {@code media.deleted}. A blob has these two and no
 * others, so its versions are 1 and 2, and nobody counts.
 *
 * <p>{@code media.orphan-removed} is of a copy in one store, because the blob may live on in another one. Bytes are deleted outside of any
 * transaction, so it is written before that: at least once, and for a moment too early. Its id follows from the copy, so whoever
 * remembers ids takes it once.
 *
 * <p>Nobody is told who attaches and detaches. To put such events in order would take a lock on the blob's row, or on a row of its own,
 * for each of them; attaching takes {@code FOR KEY SHARE} so that all may attach to an image at once. And they would say who uses it.
 */
public final class BlobEvents {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String STORED = "media.stored";
    private static final String DELETED = "media.deleted";
    private static final String ORPHAN_REMOVED = "media.orphan-removed";

    private final Outbox outbox;
    private final Ids ids;
    private final Clock clock;
    private final String topic;

    public BlobEvents(Outbox outbox, Ids ids, Clock clock, String topic) {
        this.outbox = outbox;
        this.ids = ids;
        this.clock = clock;
        this.topic = topic;
    }

    private record BlobMessage(
            UUID id, String sha256, long size, String mediaType, int width, int height, String store) {
        static BlobMessage of(Blob blob) {
            return new BlobMessage(
                    blob.ref().id(),
                    blob.ref().hash().hex(),
                    blob.ref().size(),
                    blob.content().mediaType(),
                    blob.content().width(),
                    blob.content().height(),
                    name(blob.backend()));
        }
    }

    private record CopyMessage(UUID id, long size, String store) {}

    /** Its row has been inserted. */
    Uni<Void> stored(SqlConnection connection, Blob blob) {
        return outbox.append(connection, List.of(event(STORED, blob, 1, clock.instant())));
    }

    /** Their rows have been deleted, because nobody used them. */
    public Uni<Void> deleted(SqlConnection connection, List<Blob> blobs) {
        Instant now = clock.instant();
        return outbox.append(
                connection,
                blobs.stream().map(blob -> event(DELETED, blob, 2, now)).toList());
    }

    private OutboxEvent event(String type, Blob blob, long version, Instant at) {
        return OutboxEvent.of(
                ids.next(), topic, type, blob.ref().id().toString(), version, at, json(BlobMessage.of(blob)));
    }

    /** They are to be deleted from this store when this has committed. */
    public Uni<Void> orphansRemoved(SqlConnection connection, Backend store, List<StoredBlob> orphans) {
        Instant now = clock.instant();
        return outbox.append(
                connection,
                orphans.stream()
                        .map(orphan -> orphanRemoved(name(store), orphan, now))
                        .toList());
    }

    private OutboxEvent orphanRemoved(String store, StoredBlob orphan, Instant at) {
        String copy = store + "/" + orphan.id();
        return OutboxEvent.of(
                DerivedIds.of(ORPHAN_REMOVED, copy),
                topic,
                ORPHAN_REMOVED,
                copy,
                1,
                at,
                json(new CopyMessage(orphan.id(), orphan.size(), store)));
    }

    /** To be called once the transaction has committed. */
    public void wake() {
        outbox.wake();
    }

    private static String name(Backend backend) {
        return backend.name().toLowerCase(Locale.ROOT);
    }

    private static String json(Record message) {
        try {
            return JSON.writeValueAsString(message);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A record of texts and numbers is JSON", impossible);
        }
    }
}
