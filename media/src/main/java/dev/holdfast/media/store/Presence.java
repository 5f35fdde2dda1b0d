package dev.holdfast.media.store;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.function.Supplier;

/** What stores do about a blob that is there already, or is not. */
final class Presence {
    private Presence() {}

    /** Says so in the middle of a put: somebody else has stored a blob of this name meanwhile. */
    static final class AlreadyThereException extends RuntimeException {
        AlreadyThereException() {
            super("already there", null, false, false);
        }
    }

    /** Writes unless there is one, and otherwise compares what there is. */
    static Uni<Void> unlessThere(BlobStore store, BlobRef ref, StagedFile staged, Supplier<Uni<Void>> write) {
        return Uni.createFrom()
                .deferred(() -> {
                    staged.checkIs(ref);
                    return store.exists(ref);
                })
                .chain(there -> there ? Uni.createFrom().failure(new AlreadyThereException()) : write.get())
                .onFailure(AlreadyThereException.class)
                .recoverWithUni(() -> checkIntact(store, ref));
    }

    /** Reads no bytes of it, which fails when it is not there. */
    static Multi<Buffer> noBytes(BlobStore store, BlobRef ref) {
        return store.exists(ref)
                .onItem()
                .transformToMulti(there -> there
                        ? Multi.createFrom().empty()
                        : Multi.createFrom().failure(BlobException.missing(ref.id())));
    }

    private static Uni<Void> checkIntact(BlobStore store, BlobRef ref) {
        return store.verify(ref)
                .invoke(found -> {
                    switch (found) {
                        case INTACT -> {}
                        case MISSING -> throw BlobException.missing(ref.id());
                        case CORRUPT -> throw BlobException.differs(ref.id());
                    }
                })
                .replaceWithVoid();
    }
}
