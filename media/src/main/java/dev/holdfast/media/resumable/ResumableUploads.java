package dev.holdfast.media.resumable;

import dev.holdfast.media.blob.Content;
import dev.holdfast.media.blob.Publisher;
import dev.holdfast.media.blob.Reference;
import dev.holdfast.media.image.UploadResult;
import dev.holdfast.media.image.Uploads;
import dev.holdfast.media.resumable.ResumableResult.Kept;
import dev.holdfast.media.resumable.ResumableResult.Locked;
import dev.holdfast.media.resumable.ResumableResult.NoSuch;
import dev.holdfast.media.resumable.ResumableResult.NotKept;
import dev.holdfast.media.resumable.ResumableResult.Open;
import dev.holdfast.media.resumable.ResumableResult.Terminated;
import dev.holdfast.media.resumable.ResumableResult.TooLong;
import dev.holdfast.media.resumable.ResumableResult.TooMany;
import dev.holdfast.media.resumable.ResumableResult.WrongChecksum;
import dev.holdfast.media.resumable.ResumableResult.WrongOffset;
import dev.holdfast.media.resumable.ResumableUpload.Accepted;
import dev.holdfast.media.resumable.Turns.InterruptedTurnException;
import dev.holdfast.media.resumable.Turns.Turn;
import dev.holdfast.media.store.CallerContext;
import dev.holdfast.media.store.StagedFile;
import dev.holdfast.media.store.Upload;
import dev.holdfast.media.store.UploadException;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * Uploads that go on after a break. What a request has begun goes on to its end when the client is gone, so that what has come is
 * safe, and what is whole is kept.
 */
final class ResumableUploads {
    private final Pool pool;
    private final Transactions transactions;
    private final Publisher publisher;
    private final Uploads uploads;
    private final Turns turns;
    private final Clock clock;
    private final ResumableLimits limits;

    ResumableUploads(
            Pool pool,
            Transactions transactions,
            Publisher publisher,
            Uploads uploads,
            Turns turns,
            Clock clock,
            ResumableLimits limits) {
        this.pool = pool;
        this.transactions = transactions;
        this.publisher = publisher;
        this.uploads = uploads;
        this.turns = turns;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * @param length in bytes
     * @param metadata as it was sent
     */
    Uni<ResumableResult> begin(String subject, Reference reference, long length, String metadata) {
        return publisher
                .overQuota(reference, length)
                .chain(full -> full.isPresent()
                        ? Uni.createFrom()
                                .item(new NotKept(
                                        unannounced(new UUID(0, 0), subject, reference, length, metadata),
                                        new UploadResult.OverQuota(full.get())))
                        : toItsEnd(publisher
                                .announce(subject)
                                .chain(id -> begin(unannounced(id, subject, reference, length, metadata)))));
    }

    private ResumableUpload unannounced(UUID id, String subject, Reference reference, long length, String metadata) {
        Instant now = clock.instant();
        return new ResumableUpload(
                id, subject, reference, length, metadata, now, now.plus(limits.lasts()), Optional.empty(), false);
    }

    private Uni<ResumableResult> begin(ResumableUpload upload) {
        return transactions
                .inTransaction(connection -> ResumableStore.add(connection, upload, limits.perCallerMax()))
                .chain(expiry -> expiry.isEmpty()
                        ? publisher.giveUp(upload.id()).<ResumableResult>replaceWith(new TooMany(limits.perCallerMax()))
                        : publisher
                                .begin(upload.id(), upload.length())
                                .chain(ResumableUploads::checkpointAndClose)
                                .map(offset -> new Open(upload.until(expiry.get()), offset)))
                .onFailure()
                .call(() -> forget(upload).onFailure().recoverWithNull());
    }

    /** What is left when that fails, too, expires. */
    private Uni<Void> forget(ResumableUpload upload) {
        return publisher.giveUp(upload.id()).chain(() -> ResumableStore.forget(pool, upload.id()));
    }

    /**
     * More of it.
     *
     * @param offset how many bytes the caller believes that have come
     */
    Uni<ResumableResult> append(UUID id, String subject, long offset, Chunk chunk) {
        return inTurn(id, subject, (upload, turn) -> {
            if (!upload.isAnnounced() || upload.accepted().isPresent()) {
                return ended(upload)
                        .map(result -> result instanceof Kept && offset != upload.length()
                                ? new WrongOffset(upload.length())
                                : result);
            }
            return chunk.length() > upload.length() - offset
                    ? Uni.createFrom().item(new TooLong(upload.length()))
                    : extend(upload)
                            .chain(extended -> extended.map(one -> publisher
                                            .resume(id, one.length())
                                            .chain(file -> receive(one, file, turn, offset, chunk)))
                                    .orElseGet(() -> Uni.createFrom().item(new NoSuch())));
        });
    }

    /** How far it is. When all of it has come and it is not known what became of that, it is kept now. */
    Uni<ResumableResult> status(UUID id, String subject) {
        return inTurn(
                id,
                subject,
                (upload, turn) -> !upload.isAnnounced() || upload.accepted().isPresent()
                        ? ended(upload)
                        : publisher.resume(id, upload.length()).chain(file -> received(upload, file)));
    }

    /** Nobody wants to go on; an image that it became stays. */
    Uni<ResumableResult> terminate(UUID id, String subject) {
        return inTurn(
                id,
                subject,
                (upload, turn) -> (upload.isAnnounced() ? forget(upload) : ResumableStore.forget(pool, id))
                        .replaceWith(new Terminated()));
    }

    private Uni<ResumableResult> inTurn(
            UUID id, String subject, BiFunction<ResumableUpload, Turn, Uni<ResumableResult>> work) {
        return find(id, subject)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(new NoSuch())
                        : toItsEnd(turns.take(id)
                                .chain(taken -> taken.map(turn -> find(id, subject)
                                                .chain(now -> now.map(upload -> work.apply(upload, turn))
                                                        .orElseGet(() ->
                                                                Uni.createFrom().item(new NoSuch())))
                                                .onFailure(ResumableUploads::isMissing)
                                                .recoverWithItem(NoSuch::new)
                                                .onTermination()
                                                .invoke(turn::end))
                                        .orElseGet(() -> Uni.createFrom().item(new Locked())))));
    }

    private Uni<Optional<ResumableUpload>> find(UUID id, String subject) {
        return ResumableStore.find(pool, id, subject, clock.instant());
    }

    /** Whoever has asked may be gone, and cancel. */
    private static <T> Uni<T> toItsEnd(Uni<T> work) {
        return Uni.createFrom().emitter(caller -> work.subscribe().with(caller::complete, caller::fail));
    }

    /** Of which all has come. */
    private Uni<ResumableResult> ended(ResumableUpload upload) {
        if (upload.accepted().isEmpty()) {
            return Uni.createFrom().item(new NoSuch());
        }
        Accepted accepted = upload.accepted().get();
        return upload.isAnnounced()
                ? uploads.publish(
                                publisher.staged(upload.id(), accepted.sha256(), upload.length()),
                                accepted.content(),
                                upload.reference())
                        .chain(result -> told(upload, result))
                : ResumableStore.isUsed(pool, accepted.sha256(), upload.reference())
                        .map(used -> used ? new Kept(upload, accepted.sha256()) : new NoSuch());
    }

    private Uni<Optional<ResumableUpload>> extend(ResumableUpload upload) {
        Instant now = clock.instant();
        Instant last = upload.begunAt().plus(limits.lastsMax());
        Instant expiry = now.plus(limits.lasts());
        ResumableUpload extended = upload.until(expiry.isBefore(last) ? expiry : last);
        return ResumableStore.extend(pool, upload.id(), extended.expiresAt(), now)
                .map(done -> done ? Optional.of(extended) : Optional.empty());
    }

    private Uni<ResumableResult> receive(ResumableUpload upload, Upload file, Turn turn, long offset, Chunk chunk) {
        // what may turn out to be wrong is not made safe meanwhile
        long checkpointEvery = chunk.checksum().isPresent() ? Long.MAX_VALUE : limits.checkpointEvery();
        return CallerContext.answer(turn.listening(file.append(offset, heard(turn, chunk), checkpointEvery)))
                .onItemOrFailure()
                .transformToUni((received, failure) -> switch (failure) {
                    case null -> received(upload, file, chunk);
                    case UploadException wrong
                    when wrong.reason() == UploadException.Reason.WRONG_OFFSET ->
                        file.close().replaceWith(new WrongOffset(file.offset()));
                    case UploadException wrong
                    when wrong.reason() == UploadException.Reason.TOO_LARGE ->
                        file.close().replaceWith(new TooLong(upload.length()));
                    case Throwable broken when isOfTheLine(broken) -> received(upload, file, chunk);
                    default -> file.close().chain(() -> Uni.createFrom().failure(failure));
                });
    }

    private Multi<Buffer> heard(Turn turn, Chunk chunk) {
        return chunk.bytes()
                .ifNoItem()
                .after(limits.silenceMax())
                .fail()
                .onItem()
                .invoke(bytes -> {
                    turn.heard();
                    chunk.checksum().ifPresent(checksum -> checksum.update(bytes));
                });
    }

    /** What has come until then is as good as ever. */
    private static boolean isOfTheLine(Throwable failure) {
        return failure instanceof InterruptedTurnException
                || failure instanceof TimeoutException
                || failure instanceof VertxException
                || failure instanceof IOException;
    }

    private Uni<ResumableResult> received(ResumableUpload upload, Upload file, Chunk chunk) {
        return chunk.isWhole() ? received(upload, file) : file.close().replaceWith(new WrongChecksum());
    }

    private Uni<ResumableResult> received(ResumableUpload upload, Upload file) {
        return file.checkpoint()
                .onFailure()
                .call(file::close)
                .chain(offset -> offset < upload.length()
                        ? file.close().replaceWith(new Open(upload, offset))
                        : file.finish().onFailure().call(file::close).chain(staged -> keep(upload, staged)));
    }

    private static Uni<Long> checkpointAndClose(Upload file) {
        return file.checkpoint().onFailure().call(file::close).call(file::close);
    }

    /** It is noted before what it is; after that, nothing has to be read again. */
    private Uni<ResumableResult> keep(ResumableUpload upload, StagedFile staged) {
        return uploads.keep(
                        staged,
                        content -> ResumableStore.accept(pool, upload.id(), accepted(staged, content)),
                        upload.reference())
                .chain(result -> told(upload, result));
    }

    private static Accepted accepted(StagedFile staged, Content content) {
        return new Accepted(staged.sha256(), content);
    }

    private Uni<ResumableResult> told(ResumableUpload upload, UploadResult result) {
        return result instanceof UploadResult.Kept kept
                ? Uni.createFrom().item(new Kept(upload, kept.blob().ref().hash()))
                : ResumableStore.forget(pool, upload.id()).replaceWith(new NotKept(upload, result));
    }

    private static boolean isMissing(Throwable failure) {
        return failure instanceof UploadException missing && missing.reason() == UploadException.Reason.MISSING;
    }
}
