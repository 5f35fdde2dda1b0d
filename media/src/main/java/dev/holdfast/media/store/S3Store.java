package dev.holdfast.media.store;

import dev.holdfast.media.store.BlobException.Reason;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.reactivestreams.FlowAdapters;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.ResponsePublisher;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Blobs as objects {@code aa/bb/<sha256>.<copy>} of a bucket.
 *
 * <p>An object is written only where there is none ({@code If-None-Match: *}), with its SHA-256, which S3 compares before it shows
 * anything. All requests can be repeated without harm, and the client does so a few times, with full jitter, when S3 is busy or the
 * connection breaks; what a repeated write finds there is compared. The bucket must have no versions, or a delete keeps the bytes.
 */
final class S3Store implements BlobStore {
    /** In one request, as S3 allows. */
    private static final int DELETES_MAX = 1_000;

    private static final int CONFLICTS_MAX = 3;
    private static final Duration CONFLICT_DELAY_MIN = Duration.ofMillis(50);
    private static final Duration CONFLICT_DELAY_MAX = Duration.ofSeconds(1);

    private final S3AsyncClient client;
    private final String bucket;
    private final long partLength;
    private final Duration pauseMax;

    /**
     * @param partLength in bytes; what is longer is sent in parts of it. S3 asks for 5 MiB at least
     * @param pauseMax between two pieces of an answer
     */
    S3Store(S3AsyncClient client, String bucket, long partLength, Duration pauseMax) {
        this.client = client;
        this.bucket = bucket;
        this.partLength = partLength;
        this.pauseMax = pauseMax;
    }

    @Override
    public Uni<Void> put(BlobRef ref, StagedFile staged) {
        return Presence.unlessThere(
                this,
                ref,
                staged,
                () -> write(ref, staged)
                        .onFailure(S3Failures::isConflict)
                        .retry()
                        .withBackOff(CONFLICT_DELAY_MIN, CONFLICT_DELAY_MAX)
                        .withJitter(1)
                        .atMost(CONFLICTS_MAX)
                        .onFailure()
                        .transform(failure -> S3Failures.ofPut(ref.id(), failure)));
    }

    private Uni<Void> write(BlobRef ref, StagedFile staged) {
        String key = ObjectKey.of(ref);
        if (ref.size() > partLength) {
            return new S3Multipart(client, bucket, key, partLength).write(staged);
        }
        return Uni.createFrom()
                .completionStage(() -> client.putObject(
                        put -> put.bucket(bucket)
                                .key(key)
                                .ifNoneMatch("*")
                                .checksumSHA256(Base64.getEncoder()
                                        .encodeToString(ref.hash().bytes())),
                        AsyncRequestBody.fromFile(staged.path())))
                .replaceWithVoid();
    }

    @Override
    public Multi<Buffer> read(BlobRef ref, long offset, long length) {
        ref.checkRange(offset, length);
        if (length == 0) {
            return Presence.noBytes(this, ref);
        }
        return request(
                        ref.id(),
                        () -> client.getObject(
                                get -> get.bucket(bucket)
                                        .key(ObjectKey.of(ref))
                                        .range("bytes=%d-%d".formatted(offset, offset + length - 1)),
                                AsyncResponseTransformer.toPublisher()))
                .onItem()
                .transformToMulti(answer -> bytes(ref, answer, length));
    }

    /** The client does not tell of every connection that breaks in the midst of an answer, hence the clock. */
    private Multi<Buffer> bytes(BlobRef ref, ResponsePublisher<GetObjectResponse> answer, long length) {
        Multi<Buffer> bytes = Multi.createFrom()
                .publisher(FlowAdapters.toFlowPublisher(answer))
                .map(S3Store::buffer)
                .ifNoItem()
                .after(pauseMax)
                .failWith(S3Failures::paused)
                .onFailure()
                .transform(failure -> S3Failures.of(ref.id(), failure));
        boolean whole = answer.response().contentLength() == length;
        return whole
                ? bytes
                : bytes.invoke(() -> {
                    throw BlobException.differs(ref.id());
                });
    }

    private static Buffer buffer(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return Buffer.buffer(copy);
    }

    @Override
    public StoredBlob stored(BlobRef ref) {
        return new StoredBlob(ref.copy(), ObjectKey.of(ref), ref.size());
    }

    /** S3 does not say whether there was one, hence the question before. */
    @Override
    public Uni<Boolean> delete(BlobRef ref) {
        return size(ref)
                .chain(there -> there.isPresent()
                        ? request(
                                        ref.id(),
                                        () -> client.deleteObject(
                                                delete -> delete.bucket(bucket).key(ObjectKey.of(ref))))
                                .replaceWith(true)
                        : Uni.createFrom().item(false));
    }

    @Override
    public Uni<Void> delete(List<StoredBlob> stored) {
        return abort(stored.stream().filter(one -> one.size() == 0).toList())
                .chain(() -> Multi.createFrom()
                        .iterable(stored)
                        .group()
                        .intoLists()
                        .of(DELETES_MAX)
                        .onItem()
                        .transformToUniAndConcatenate(this::deleteAtOnce)
                        .onItem()
                        .<S3Error>disjoint()
                        .collect()
                        .asList())
                .invoke(errors -> {
                    if (!errors.isEmpty()) {
                        throw BlobException.notAllDeleted(errors.size(), S3Failures.of(errors.getFirst()));
                    }
                })
                .replaceWithVoid();
    }

    private Uni<Void> abort(List<StoredBlob> unfinished) {
        return CallerContext.answer(Multi.createFrom()
                .iterable(unfinished)
                .onItem()
                .transformToUniAndConcatenate(one -> S3Multipart.abortAll(client, bucket, one.key()))
                .onItem()
                .ignoreAsUni()
                .onFailure()
                .transform(S3Failures::of));
    }

    /** What went wrong. */
    private Uni<List<S3Error>> deleteAtOnce(List<StoredBlob> stored) {
        List<ObjectIdentifier> keys = stored.stream()
                .map(one -> ObjectIdentifier.builder().key(one.key()).build())
                .toList();
        return CallerContext.answer(Uni.createFrom()
                .completionStage(() -> client.deleteObjects(many -> many.bucket(bucket)
                        .delete(delete -> delete.objects(keys).quiet(true))))
                .map(DeleteObjectsResponse::errors)
                .onFailure()
                .transform(S3Failures::of));
    }

    /** First what is unfinished: it may become whole meanwhile. */
    @Override
    public Multi<StoredBlob> list() {
        return Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().deferred(() -> S3Multipart.unfinished(client, bucket)),
                        Multi.createFrom().deferred(this::objects))
                .onFailure()
                .transform(S3Failures::of);
    }

    private Multi<StoredBlob> objects() {
        return Multi.createFrom()
                .publisher(FlowAdapters.toFlowPublisher(client.listObjectsV2Paginator(list -> list.bucket(bucket))
                        .contents()))
                .onItem()
                .transform(S3Store::toStoredBlob)
                .select()
                .where(Optional::isPresent)
                .map(Optional::get);
    }

    private static Optional<StoredBlob> toStoredBlob(S3Object object) {
        return ObjectKey.id(object.key()).map(id -> new StoredBlob(id, object.key(), object.size()));
    }

    @Override
    public Uni<Optional<Long>> size(BlobRef ref) {
        return request(
                        ref.id(),
                        () -> client.headObject(head -> head.bucket(bucket).key(ObjectKey.of(ref))))
                .map(HeadObjectResponse::contentLength)
                .map(Optional::of)
                .onFailure(failure -> failure instanceof BlobException blob && blob.reason() == Reason.MISSING)
                .recoverWithItem(Optional.empty());
    }

    private static <T> Uni<T> request(UUID id, Supplier<CompletableFuture<T>> request) {
        return CallerContext.answer(
                Uni.createFrom().completionStage(request).onFailure().transform(failure -> S3Failures.of(id, failure)));
    }
}
