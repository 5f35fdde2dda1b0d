package dev.holdfast.media.store;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * Keeps copies of blobs, each under its own id and its hash. Nothing is done before somebody subscribes, and every failure of the store is a {@link
 * BlobException}, but for bugs.
 */
public interface BlobStore {
    /**
     * Stores the bytes of a finished upload. When it completes they survive a power cut; until then, nothing or all of them can be
     * read. May be repeated, also at the same time, and after a failure.
     *
     * @param staged may be gone afterwards; discard the upload either way, but not before the blob has its row
     * @return fails with {@link BlobException.Reason#DIFFERS} when the upload is not that blob, or other bytes are there already
     */
    Uni<Void> put(BlobRef ref, StagedFile staged);

    /**
     * Some of its bytes, in chunks of the store's own size, no faster than they are asked for. To cancel ends it and frees what it
     * held. Memory stays bounded by a few chunks however slow the reader is. They may come on a thread of the store, which must not be
     * blocked.
     *
     * @return fails with {@link BlobException.Reason#MISSING}, also in the middle when the blob is deleted meanwhile; and with
     *     {@link BlobException.Reason#DIFFERS} when there are fewer bytes than there should be
     * @throws IllegalArgumentException unless offset and length lie within the blob
     */
    Multi<Buffer> read(BlobRef ref, long offset, long length);

    /** The file it would be in, to be sent without copying; nobody looks whether it is there. Empty when it is in no file. */
    default Optional<Path> file(BlobRef ref) {
        return Optional.empty();
    }

    /**
     * Nobody can read it any more when it completes. A power cut may bring it back, which is found like anything that nobody owns, so
     * nobody has to wait for the disk.
     *
     * @return true when it was there
     */
    Uni<Boolean> delete(BlobRef ref);

    /** The same for many, which is quicker. One that cannot be deleted keeps no other; when all were tried, it fails because of it. */
    Uni<Void> delete(List<StoredBlob> stored);

    /** As it is listed when it is there. */
    StoredBlob stored(BlobRef ref);

    /**
     * All blobs that were there when it began and still are, each once. Those that come or go meanwhile may be among them. What
     * does not look like a blob is left out.
     */
    Multi<StoredBlob> list();

    /** In bytes, of what is there; empty when nothing is. */
    Uni<Optional<Long>> size(BlobRef ref);

    /**
     * How much of the medium it takes, in bytes, with what the store adds to it as far as that is known. For a blob that is there.
     */
    default Uni<Long> footprint(BlobRef ref) {
        return size(ref).map(size -> size.orElseThrow(() -> BlobException.missing(ref.id())));
    }

    default Uni<Boolean> exists(BlobRef ref) {
        return size(ref).map(Optional::isPresent);
    }

    /** Reads all of it, and compares hash and size. */
    default Uni<Integrity> verify(BlobRef ref) {
        return size(ref).chain(size -> {
            if (size.isEmpty()) {
                return Uni.createFrom().item(Integrity.MISSING);
            }
            if (size.get() != ref.size()) {
                return Uni.createFrom().item(Integrity.CORRUPT);
            }
            return read(ref, 0, ref.size())
                    .collect()
                    .in(Sha256::digest, (MessageDigest digest, Buffer chunk) -> digest.update(chunk.getBytes()))
                    .map(digest -> Sha256.of(digest).equals(ref.hash()) ? Integrity.INTACT : Integrity.CORRUPT)
                    .onFailure(BlobException.class)
                    .recoverWithUni(failure -> switch (failure.reason()) {
                        case MISSING -> Uni.createFrom().item(Integrity.MISSING);
                        case DIFFERS -> Uni.createFrom().item(Integrity.CORRUPT);
                        case UNAVAILABLE, REFUSED -> Uni.createFrom().failure(failure);
                    });
        });
    }
}
