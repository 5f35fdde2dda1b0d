package dev.holdfast.media.picture;

import dev.holdfast.platform.batch.OverloadedException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Renders pictures in processes of their own, so that what they do to a decoder they do to nothing else.
 *
 * <p>A worker that crashes, runs out of memory or exceeds the deadline takes one picture with it, which is refused; another
 * worker takes its place. Who comes when too many wait already is turned away before anything happens.
 */
public final class PictureWorkers implements AutoCloseable {
    private final BlockingQueue<RenderJob> jobs;
    private final List<WorkerLane> lanes;
    private final CompletableFuture<EngineDescription> engine = new CompletableFuture<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("picture-deadlines").daemon().factory());
    private volatile boolean closed;

    /**
     * @param processes that render at once; more than processors only compete
     * @param waiting for a free process; more are turned away. The last one waits for at most {@code waiting / processes}
     *     deadlines.
     * @param deadline of one picture; then its process is killed
     * @param heapMegabytes of each process. libvips needs next to none, ImageIO 8 bytes for each pixel it decodes.
     * @param memoryMegabytes of each process: heap, and what libvips decodes into, up to 8 bytes for each pixel
     */
    public record Limits(int processes, int waiting, Duration deadline, int heapMegabytes, int memoryMegabytes) {
        public static final Limits DEFAULT =
                new Limits(Runtime.getRuntime().availableProcessors(), 64, Duration.ofSeconds(10), 512, 1024);
    }

    /** Starts the processes, and does not wait for them. */
    public PictureWorkers(EngineChoice engine, PictureLimits pictures, Limits limits) {
        this(WorkerCommand.of(engine, pictures, limits.heapMegabytes(), limits.memoryMegabytes()), limits);
    }

    PictureWorkers(WorkerCommand command, Limits limits) {
        jobs = new ArrayBlockingQueue<>(limits.waiting());
        lanes = IntStream.range(0, limits.processes())
                .mapToObj(i -> new WorkerLane("picture-worker-" + i, command, limits.deadline(), jobs, clock, engine))
                .toList();
    }

    /** What they render with; known once the first of them has started. */
    public Uni<EngineDescription> engine() {
        return onCallersContext(Uni.createFrom().completionStage(engine));
    }

    /**
     * Returns at once. What it returns completes on the Vert.x context of the caller, if there is one, and otherwise on a
     * thread that must not be held up. Cancelled while it waits, it is not rendered.
     *
     * @param target replaced; there is one when the result says so, and not otherwise. It is not synced to the disk.
     * @return fails with {@link OverloadedException} when too many wait, and with {@link PictureWorkersException} when
     *     something else than the picture is at fault
     */
    public Uni<PictureResult> render(Path source, PictureSpec spec, Path target) {
        RenderRequest request = new RenderRequest(source.toAbsolutePath(), spec, target.toAbsolutePath());
        return onCallersContext(Uni.createFrom().emitter(caller -> submit(request, caller)));
    }

    private static <T> Uni<T> onCallersContext(Uni<T> result) {
        Context context = Vertx.currentContext();
        return context == null ? result : result.emitOn(task -> context.runOnContext(_ -> task.run()));
    }

    private void submit(RenderRequest request, UniEmitter<? super PictureResult> caller) {
        if (!jobs.offer(new RenderJob(request, caller))) {
            caller.fail(new OverloadedException(jobs.size()));
        }
        if (closed) {
            failWaiting();
        }
    }

    Stream<ProcessHandle> processes() {
        return lanes.stream().flatMap(lane -> lane.process().stream());
    }

    private void failWaiting() {
        for (RenderJob job = jobs.poll(); job != null; job = jobs.poll()) {
            job.fail(PictureWorkersException.closed());
        }
    }

    /** Kills the processes and waits for them to end; what waits for them fails. */
    @Override
    public void close() {
        closed = true;
        lanes.forEach(WorkerLane::close);
        failWaiting();
        engine.completeExceptionally(PictureWorkersException.closed());
        clock.shutdownNow();
    }
}
