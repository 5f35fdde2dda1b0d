package dev.holdfast.media.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/** Brings answers back from the threads of others to where they were asked for. */
public final class CallerContext {
    private CallerContext() {}

    /** Runs on the Vert.x context of who asks now; on any thread when there is none. */
    static Executor current() {
        Context context = Vertx.currentContext();
        return context == null ? Runnable::run : task -> context.runOnContext(ignored -> task.run());
    }

    public static <T> Uni<T> answer(Uni<T> uni) {
        return Uni.createFrom().deferred(() -> uni.emitOn(current()));
    }
}
