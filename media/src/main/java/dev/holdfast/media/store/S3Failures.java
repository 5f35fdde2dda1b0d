package dev.holdfast.media.store;

import dev.holdfast.media.store.BlobException.Reason;
import io.netty.handler.timeout.TimeoutException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What the failures of S3 mean
 * (<a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">Amazon S3 API, Error responses</a>). Those that
 * pass have been tried again by the client already.
 */
final class S3Failures {
    private S3Failures() {}

    /** A rival writes the same object at this moment. */
    static boolean isConflict(Throwable failure) {
        return unwrap(failure) instanceof S3Exception s3 && s3.statusCode() == 409;
    }

    static Throwable ofPut(UUID id, Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof S3Exception s3) {
            if (s3.statusCode() == 412) {
                return new Presence.AlreadyThereException();
            }
            if (s3.statusCode() == 400) {
                return new BlobException(Reason.DIFFERS, said(s3), s3);
            }
        }
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof NoSuchFileException) {
                return BlobException.missing(id);
            }
        }
        return of(id, cause);
    }

    static Throwable of(UUID id, Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof S3Exception s3 && s3.statusCode() == 416) {
            return BlobException.differs(id);
        }
        return cause instanceof S3Exception s3 && s3.statusCode() == 404 && !isOfBucket(s3)
                ? BlobException.missing(id)
                : of(cause);
    }

    static Throwable of(Throwable failure) {
        Throwable cause = unwrap(failure);
        return switch (cause) {
            case BlobException known -> known;
            case S3Exception s3
            when s3.statusCode() >= 500 || s3.statusCode() == 409 || s3.isThrottlingException() ->
                new BlobException(Reason.UNAVAILABLE, said(s3), s3);
            case S3Exception s3 -> new BlobException(Reason.REFUSED, said(s3), s3);
            case SdkClientException broken ->
                new BlobException(Reason.UNAVAILABLE, "S3 cannot be reached: " + broken.getMessage(), broken);
            case IOException cut ->
                new BlobException(Reason.UNAVAILABLE, "the connection to S3 broke: " + cut.getMessage(), cut);
            case TimeoutException silent ->
                new BlobException(Reason.UNAVAILABLE, "S3 or its reader paused for too long", silent);
            default -> cause;
        };
    }

    /** Of one object among many. */
    static BlobException of(S3Error error) {
        return new BlobException(
                Reason.REFUSED, "S3 says %s of %s: %s".formatted(error.code(), error.key(), error.message()));
    }

    static BlobException paused() {
        return new BlobException(Reason.UNAVAILABLE, "S3 or its reader paused for too long");
    }

    private static boolean isOfBucket(S3Exception s3) {
        return s3.awsErrorDetails() != null
                && "NoSuchBucket".equals(s3.awsErrorDetails().errorCode());
    }

    private static String said(S3Exception s3) {
        return "S3 says %d: %s".formatted(s3.statusCode(), s3.getMessage());
    }

    private static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
