package dev.holdfast.media.store;

import dev.holdfast.media.store.BlobException.Reason;
import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * Blobs as rows of 256 KiB.
 *
 * <p>A put is one transaction; of two at the same time the second one waits at the first chunk and then finds it there. A chunk is
 * read by a statement of its own, so that a slow reader holds no connection; from a chunk that is read in part, PostgreSQL fetches
 * no more than that part.
 */
final class PostgresStore implements BlobStore {
    static final int CHUNK_LENGTH = 256 * 1024;

    private static final int PAGE_LENGTH = 1000;
    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private static final String INSERT = """
            INSERT INTO blob_chunk (blob_id, number, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
            """;
    private static final String READ = """
            SELECT substring(bytes FROM $3 FOR $4) AS bytes FROM blob_chunk WHERE blob_id = $1 AND number = $2
            """;
    // neither of these reads the bytes
    private static final String SIZE = "SELECT sum(octet_length(bytes)) AS size FROM blob_chunk WHERE blob_id = $1";
    private static final String PAGE = """
            SELECT blob_id, sum(octet_length(bytes)) AS size FROM blob_chunk WHERE blob_id > $1
             GROUP BY blob_id ORDER BY blob_id LIMIT $2
            """;
    /**
     * As pages are laid out: what is longer than 2,000 bytes lies in pieces of 1,996, four to a page of 8,192, each with an entry of 22
     * in the index of pieces; and each chunk has a row and an entry in the index of chunks
     * (<a href="https://www.postgresql.org/docs/18/storage-toast.html">PostgreSQL 18, 66.2 TOAST</a>). To compare the table before and
     * after would count room that earlier deletes have left as nothing.
     */
    private static final String FOOTPRINT = """
            SELECT sum(80 + 44 + CASE WHEN length > 2000 THEN ceil(length / 1996.0) * (2048 + 22) ELSE length END)::bigint AS bytes
              FROM (SELECT octet_length(bytes) AS length FROM blob_chunk WHERE blob_id = $1) AS chunk
            """;

    private static final String DELETE = "DELETE FROM blob_chunk WHERE blob_id = ANY ($1)";

    private final Pool pool;
    private final Transactions transactions;
    private final Disk disk;
    private final FileWork work;

    /** @param disk has the staged files */
    PostgresStore(Pool pool, Transactions transactions, Disk disk, FileWork work) {
        this.pool = pool;
        this.transactions = transactions;
        this.disk = disk;
        this.work = work;
    }

    @Override
    public Uni<Void> put(BlobRef ref, StagedFile staged) {
        return Presence.unlessThere(
                this,
                ref,
                staged,
                () -> translated(transactions.inTransaction(
                        connection -> withFile(ref, staged, file -> insertAll(connection, ref, file)))));
    }

    /** Hashed again on the way, so that what is committed is what was promised. */
    private Uni<Void> insertAll(SqlConnection connection, BlobRef ref, OpenFile file) {
        MessageDigest digest = Sha256.digest();
        int count = Math.max(1, Math.ceilDiv(Math.toIntExact(ref.size()), CHUNK_LENGTH));
        return Multi.createFrom()
                .range(0, count)
                .onItem()
                .transformToUniAndConcatenate(number -> work.run(() -> chunk(ref, file, number, digest))
                        .chain(chunk -> insert(connection, ref, number, chunk)))
                .onItem()
                .ignoreAsUni()
                .invoke(() -> {
                    if (!Sha256.of(digest).equals(ref.hash())) {
                        throw BlobException.differs(ref.id());
                    }
                });
    }

    private Buffer chunk(BlobRef ref, OpenFile file, int number, MessageDigest digest) throws IOException {
        long from = (long) number * CHUNK_LENGTH;
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(CHUNK_LENGTH, ref.size() - from));
        disk.read(file, from, bytes);
        if (bytes.hasRemaining()) {
            throw BlobException.differs(ref.id());
        }
        digest.update(bytes.array());
        return Buffer.buffer(bytes.array());
    }

    private static Uni<Void> insert(SqlConnection connection, BlobRef ref, int number, Buffer chunk) {
        return connection
                .preparedQuery(INSERT)
                .execute(Tuple.of(ref.copy(), number, chunk))
                .invoke(inserted -> {
                    if (inserted.rowCount() == 0) {
                        throw new Presence.AlreadyThereException();
                    }
                })
                .replaceWithVoid();
    }

    private <T> Uni<T> withFile(BlobRef ref, StagedFile staged, Function<OpenFile, Uni<T>> use) {
        return work.run(() -> disk.openToRead(staged.path()))
                .onFailure(NoSuchFileException.class)
                .transform(gone -> BlobException.missing(ref.id()))
                .chain(file -> use.apply(file)
                        .onTermination()
                        .call(() -> work.run(() -> {
                            file.close();
                            return true;
                        })));
    }

    @Override
    public Multi<Buffer> read(BlobRef ref, long offset, long length) {
        ref.checkRange(offset, length);
        if (length == 0) {
            return Presence.noBytes(this, ref);
        }
        int first = Math.toIntExact(offset / CHUNK_LENGTH);
        int last = Math.toIntExact((offset + length - 1) / CHUNK_LENGTH);
        return Multi.createFrom().range(first, last + 1).onItem().transformToUniAndConcatenate(number -> {
            long start = (long) number * CHUNK_LENGTH;
            int from = (int) Math.max(0, offset - start);
            int to = (int) Math.min(CHUNK_LENGTH, offset + length - start);
            return chunk(ref, number, from, to - from);
        });
    }

    private Uni<Buffer> chunk(BlobRef ref, int number, int from, int length) {
        return query(READ, Tuple.of(ref.copy(), number, from + 1, length)).map(rows -> {
            if (rows.rowCount() == 0) {
                throw BlobException.missing(ref.id());
            }
            Buffer chunk = rows.iterator().next().getBuffer("bytes").getDelegate();
            if (chunk.length() != length) {
                throw BlobException.differs(ref.id());
            }
            return chunk;
        });
    }

    @Override
    public StoredBlob stored(BlobRef ref) {
        return new StoredBlob(ref.copy(), ref.copy().toString(), ref.size());
    }

    @Override
    public Uni<Boolean> delete(BlobRef ref) {
        return deleteChunks(ref.copy()).map(chunks -> chunks > 0);
    }

    @Override
    public Uni<Void> delete(List<StoredBlob> stored) {
        return deleteChunks(stored.stream().map(StoredBlob::id).toArray(UUID[]::new))
                .replaceWithVoid();
    }

    private Uni<Integer> deleteChunks(UUID... copies) {
        return query(DELETE, Tuple.of((Object) copies)).map(RowSet::rowCount);
    }

    /** A page at a time, each of its own snapshot. */
    @Override
    public Multi<StoredBlob> list() {
        return Multi.createBy()
                .repeating()
                .uni(() -> new AtomicReference<>(BEFORE_ALL), this::page)
                .until(List::isEmpty)
                .onItem()
                .disjoint();
    }

    private Uni<List<StoredBlob>> page(AtomicReference<UUID> last) {
        return query(PAGE, Tuple.of(last.get(), PAGE_LENGTH)).map(rows -> {
            List<StoredBlob> page =
                    rows.stream().map(PostgresStore::toStoredBlob).toList();
            if (!page.isEmpty()) {
                last.set(page.getLast().id());
            }
            return page;
        });
    }

    private static StoredBlob toStoredBlob(Row row) {
        UUID id = row.getUUID("blob_id");
        return new StoredBlob(id, id.toString(), row.getLong("size"));
    }

    @Override
    public Uni<Optional<Long>> size(BlobRef ref) {
        return query(SIZE, Tuple.of(ref.copy()))
                .map(rows -> Optional.ofNullable(rows.iterator().next().getLong("size")));
    }

    @Override
    public Uni<Long> footprint(BlobRef ref) {
        return query(FOOTPRINT, Tuple.of(ref.copy())).map(rows -> {
            Long bytes = rows.iterator().next().getLong("bytes");
            if (bytes == null) {
                throw BlobException.missing(ref.id());
            }
            return bytes;
        });
    }

    private Uni<RowSet<Row>> query(String sql, Tuple parameters) {
        return translated(
                Uni.createFrom().deferred(() -> pool.preparedQuery(sql).execute(parameters)));
    }

    private static <T> Uni<T> translated(Uni<T> uni) {
        return uni.onFailure(failure -> !(failure instanceof BlobException) && isPassing(failure))
                .transform(failure ->
                        new BlobException(Reason.UNAVAILABLE, "PostgreSQL: " + failure.getMessage(), failure));
    }

    private static boolean isPassing(Throwable failure) {
        return switch (FailureClass.of(failure)) {
            case PAUSE, RETRY -> true;
            case DATA, DEFECT -> false;
        };
    }
}
