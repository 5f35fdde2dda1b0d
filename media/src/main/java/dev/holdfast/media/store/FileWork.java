package dev.holdfast.media.store;

import dev.holdfast.platform.batch.OverloadedException;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that wait for the disk, so that no event loop does. Answers come on the caller's Vert.x context where there is one.
 *
 * <p>Each stream has one piece of work here at a time, so what waits is bounded by how many streams there are.
 */
public final class FileWork implements AutoCloseable {
    private static final int STOP_TIMEOUT_SECONDS = 10;

    private final ThreadPoolExecutor threads;
    private final int waitingMax;

    /**
     * @param threads that wait for the disk at once
     * @param waitingMax pieces of work that may wait for a thread; whoever comes then gets an {@link OverloadedException}
     */
    public FileWork(int threads, int waitingMax) {
        this.waitingMax = waitingMax;
        this.threads = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(waitingMax),
                Thread.ofPlatform().daemon().name("media-files-", 0).factory());
    }

    /** Runs it each time somebody subscribes; it goes on to its end even if they cancel. */
    public <T extends @Nullable Object> Uni<T> run(Callable<T> work) {
        return Uni.createFrom().emitter(caller -> {
            Executor context = CallerContext.current();
            try {
                threads.execute(() -> {
                    try {
                        T result = work.call();
                        context.execute(() -> caller.complete(result));
                    } catch (Throwable failed) {
                        context.execute(() -> caller.fail(failed));
                    }
                });
            } catch (RejectedExecutionException full) {
                caller.fail(new OverloadedException(waitingMax));
            }
        });
    }

    /** Lets what is under way come to its end; interrupting a thread would close its files. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("files are still worked on");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
