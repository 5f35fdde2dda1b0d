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
import org.jboss.logging.Logger;

/** Takes an image as it comes in, a piece at a time, and leaves nothing of what it does not take. */
final class Uploads {
    private static final Logger LOG = Logger.getLogger(Uploads.class);

    private final Publisher publisher;
    private final PictureInspector inspector;
    private final FileWork work;
    private final long bytesMax;

    /** @param bytesMax of an image */
    Uploads(Publisher publisher, PictureInspector inspector, FileWork work, long bytesMax) {
        this.publisher = publisher;
        this.inspector = inspector;
        this.work = work;
        this.bytesMax = bytesMax;
    }

    /** @param bytes are asked for no faster than the disk takes them */
    Uni<UploadResult> take(String owner, Multi<Buffer> bytes, Reference reference) {
        return publisher
                .announce(owner)
                .chain(id -> publisher
                        .begin(id, bytesMax)
                        .chain(upload -> receive(upload, bytes))
                        .chain(staged -> publish(staged, reference))
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

    private Uni<UploadResult> publish(StagedFile staged, Reference reference) {
        return work.run(() -> inspector.inspect(staged.path())).chain(inspection -> switch (inspection) {
            case Inspection.Accepted(PictureHeader header) ->
                publisher.publish(staged, content(header), reference).map(UploadResult.Published::new);
            case Inspection.Refused(Refusal refusal) -> refuse(staged.id(), refusal);
        });
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
