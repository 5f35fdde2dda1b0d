package dev.holdfast.media.picture;

import io.smallrye.mutiny.subscription.UniEmitter;
import java.io.IOException;
import java.nio.file.Files;

/** Somebody waits for this. Where nothing was rendered, nothing is left in its target. */
final class RenderJob {
    private final RenderRequest request;
    private final UniEmitter<? super PictureResult> caller;
    private volatile boolean abandoned;

    RenderJob(RenderRequest request, UniEmitter<? super PictureResult> caller) {
        this.request = request;
        this.caller = caller;
        caller.onTermination(() -> abandoned = true);
    }

    RenderRequest request() {
        return request;
    }

    /** Nobody waits any more. */
    boolean isAbandoned() {
        return abandoned;
    }

    void complete(PictureResult result) {
        if (result instanceof PictureResult.Refused) {
            deleteTarget();
        }
        caller.complete(result);
    }

    void fail(Throwable failure) {
        deleteTarget();
        caller.fail(failure);
    }

    private void deleteTarget() {
        try {
            Files.deleteIfExists(request.target());
        } catch (IOException left) {
            // whoever waits learns of a failure anyway; what is left is for the sweep of staged files
        }
    }
}
