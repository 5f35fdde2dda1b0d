package dev.holdfast.product.feed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Waiting for a result on a thread that exists to wait. */
final class Waits {
    private Waits() {}

    /** Like {@link CompletableFuture#join()}, but can be interrupted. */
    static <T> T join(CompletableFuture<T> result) throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException failed) {
            throw new CompletionException(failed.getCause());
        }
    }
}
