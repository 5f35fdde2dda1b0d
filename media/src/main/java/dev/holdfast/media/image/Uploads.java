package dev.holdfast.media.image;

import dev.holdfast.media.blob.Content;
import dev.holdfast.media.blob.Publisher;
import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.picture.Inspection;
import dev.holdfast.media.picture.PictureHeader;
import dev.holdfast.media.picture.PictureInspector;
import dev.holdfast.media.picture.Refusal;
import dev.holdfast.media.store.FileWork;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.media.store.Upload;
import dev.holdfast.media.store.UploadException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Takes an image as it comes in, a piece at a time, and leaves nothing of what it does not take. */
public final class Uploads {
    private static final Logger LOG = Logger.getLogger(Uploads.class);

    private final Publisher publisher;
    private final PictureInspector inspector;
    private final FileWork work;
    private final long bytesMax;

    /** @param bytesMax of an image */
    public Uploads(Publisher publisher, PictureInspector inspector, FileWork work, long bytesMax) {
        this.publisher = publisher;
        this.inspector = inspector;
        this.work = work;
        this.bytesMax = bytesMax;
    }

    /**
     * @param bytes are asked for no faster than the disk takes them, and not at all when the owner has no room for them
     * @param length how many they will be, or 1
     */
    Uni<UploadResult> take(String owner, Multi<Buffer> bytes, long length, Reference reference) {
        return publisher
                .overQuota(reference, length)
                .chain(full -> full.map(use -> Uni.createFrom().<UploadResult>item(new UploadResult.OverQuota(use)))
                        .orElseGet(() -> take(owner, bytes, () -> reference)));
    }

    /** @param reference is asked for when all bytes have come */
    Uni<UploadResult> take(String owner, Multi<Buffer> bytes, Supplier<Reference> reference) {
        return publisher
                .announce(owner)
                .chain(id -> publisher
                        .begin(id, bytesMax)
                        .chain(upload -> receive(upload, bytes))
                        .chain(staged ->
                                keep(staged, content -> Uni.createFrom().voidItem(), reference.get()))
                        .onFailure(Uploads::isTooLarge)
                        .recoverWithUni(() -> refuse(id, tooLarge()))
                        .onFailure()
                        .call(() -> giveUp(id))
                        .onCancellation()
                        .call(() -> giveUp(id)));
    }

    private static Uni<StagedFile> receive(Upload upload, Multi<Buffer> bytes) {
        return upload.append(0, bytes)
                .chain(upload::finish)
                .onFailure()
                .call(upload::close)
                .onCancellation()
                .call(upload::close);
    }

    /**
     * Looks at an upload that is finished, and keeps it unless something speaks against it. When it fails, the upload is still there.
     *
     * @param accepted what is to happen before it is kept, when the picture is one
     */
    public Uni<UploadResult> keep(StagedFile staged, Function<Content, Uni<Void>> accepted, Reference reference) {
        return work.run(() -> inspector.inspect(staged.path())).chain(inspection -> switch (inspection) {
            case Inspection.Accepted(PictureHeader header) ->
                accepted.apply(content(header)).chain(() -> publish(staged, content(header), reference));
            case Inspection.Refused(Refusal refusal) -> refuse(staged.id(), refusal);
        });
    }

    /** What was accepted. May be repeated. */
    public Uni<UploadResult> publish(StagedFile staged, Content content, Reference reference) {
        return publisher.publish(staged, content, reference).map(UploadResult::of);
    }

    private static Content content(PictureHeader header) {
        return new Content(header.format().mime(), header.shownWidth(), header.shownHeight());
    }

    private Uni<UploadResult> refuse(UUID id, Refusal refusal) {
        return publisher.giveUp(id).replaceWith(new UploadResult.Refused(refusal));
    }

    /** What is left when that fails, too, the sweep finds. */
    private Uni<Void> giveUp(UUID id) {
        return publisher
                .giveUp(id)
                .onFailure()
                .invoke(failure -> LOG.infof("Upload %s is left to the sweep: %s", id, failure))
                .onFailure()
                .recoverWithNull();
    }

    private static boolean isTooLarge(Throwable failure) {
        return failure instanceof UploadException upload && upload.reason() == UploadException.Reason.TOO_LARGE;
    }

    private Refusal tooLarge() {
        return new Refusal(
                Refusal.Reason.TOO_MANY_BYTES,
                "The file has more than %,d bytes, which is what is allowed: save it smaller, or with more compression."
                        .formatted(bytesMax));
    }
}
