package dev.holdfast.media.store;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import org.reactivestreams.FlowAdapters;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;

/**
 * Writes one object in parts, each with its SHA-256; nothing is visible before all of them are there.
 *
 * <p>When it fails, the parts are given up. Those of a process that died are listed as what is not whole, so a sweep finds them when nobody
 * owns them.
 */
final class S3Multipart {
    private final S3AsyncClient client;
    private final String bucket;
    private final String key;
    private final long partLength;

    S3Multipart(S3AsyncClient client, String bucket, String key, long partLength) {
        this.client = client;
        this.bucket = bucket;
        this.key = key;
        this.partLength = partLength;
    }

    Uni<Void> write(StagedFile staged) {
        return Uni.createFrom()
                .completionStage(() -> client.createMultipartUpload(
                        create -> create.bucket(bucket).key(key).checksumAlgorithm(ChecksumAlgorithm.SHA256)))
                .chain(created -> parts(created.uploadId(), staged)
                        .chain(parts -> complete(created.uploadId(), parts))
                        .onFailure()
                        .call(() -> abort(created.uploadId()))
                        .onCancellation()
                        .call(() -> abort(created.uploadId())));
    }

    private Uni<List<CompletedPart>> parts(String uploadId, StagedFile staged) {
        int count = Math.toIntExact(Math.ceilDiv(staged.size(), partLength));
        return Multi.createFrom()
                .range(0, count)
                .onItem()
                .transformToUniAndConcatenate(number -> part(uploadId, staged, number))
                .collect()
                .asList();
    }

    private Uni<CompletedPart> part(String uploadId, StagedFile staged, int number) {
        long from = number * partLength;
        AsyncRequestBody body = AsyncRequestBody.fromFile(file ->
                file.path(staged.path()).position(from).numBytesToRead(Math.min(partLength, staged.size() - from)));
        return Uni.createFrom()
                .completionStage(() -> client.uploadPart(
                        part -> part.bucket(bucket)
                                .key(key)
                                .uploadId(uploadId)
                                .partNumber(number + 1)
                                .checksumAlgorithm(ChecksumAlgorithm.SHA256),
                        body))
                .map(sent -> CompletedPart.builder()
                        .partNumber(number + 1)
                        .eTag(sent.eTag())
                        .checksumSHA256(sent.checksumSHA256())
                        .build());
    }

    private Uni<Void> complete(String uploadId, List<CompletedPart> parts) {
        return Uni.createFrom()
                .completionStage(() -> client.completeMultipartUpload(complete -> complete.bucket(bucket)
                        .key(key)
                        .uploadId(uploadId)
                        .ifNoneMatch("*")
                        .multipartUpload(all -> all.parts(parts))))
                .replaceWithVoid();
    }

    private Uni<Void> abort(String uploadId) {
        return Uni.createFrom()
                .completionStage(() -> client.abortMultipartUpload(
                        abort -> abort.bucket(bucket).key(key).uploadId(uploadId)))
                .replaceWithVoid()
                .onFailure()
                .recoverWithNull();
    }

    /** Of which a crash has left parts, or which are being written; with no size, since there is no object yet. */
    static Multi<StoredBlob> unfinished(S3AsyncClient client, String bucket) {
        return uploads(client, bucket, "")
                .map(MultipartUpload::key)
                .select()
                .distinct()
                .onItem()
                .transformToIterable(key -> ObjectKey.id(key).map(id -> new StoredBlob(id, key, 0)).stream()
                        .toList());
    }

    /** Deletes what has come of an object that is not whole. */
    static Uni<Void> abortAll(S3AsyncClient client, String bucket, String key) {
        return uploads(client, bucket, key)
                .select()
                .where(upload -> upload.key().equals(key))
                .onItem()
                .transformToUniAndConcatenate(upload -> Uni.createFrom()
                        .completionStage(() -> client.abortMultipartUpload(
                                abort -> abort.bucket(bucket).key(key).uploadId(upload.uploadId())))
                        .replaceWithVoid()
                        .onFailure(NoSuchUploadException.class)
                        .recoverWithNull())
                .onItem()
                .ignoreAsUni();
    }

    private static Multi<MultipartUpload> uploads(S3AsyncClient client, String bucket, String prefix) {
        return Multi.createFrom()
                .publisher(FlowAdapters.toFlowPublisher(client.listMultipartUploadsPaginator(
                                list -> list.bucket(bucket).prefix(prefix))
                        .uploads()));
    }
}
