package dev.holdfast.media.picture;

import dev.holdfast.media.picture.Refusal.Reason;
import dev.holdfast.media.picture.RenderAnswer.Done;
import dev.holdfast.media.picture.RenderAnswer.Failed;
import dev.holdfast.media.picture.WorkerProcess.DiedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One thread with one worker: takes the next job, waits for its answer, and replaces the worker when it has died, at once,
 * so that the next job need not wait for it.
 */
final class WorkerLane implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WorkerLane.class);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    /** Between two attempts to start one while nothing is asked; nobody asks before it is known what they render with. */
    private static final int START_AGAIN_SECONDS = 10;

    private final WorkerCommand command;
    private final Duration deadline;
    private final BlockingQueue<RenderJob> jobs;
    private final ScheduledExecutorService clock;
    private final CompletableFuture<EngineDescription> engine;
    private final Thread thread;
    private @Nullable WorkerProcess worker;
    private boolean closed;

    /** @param engine completed by the first worker that starts */
    WorkerLane(
            String name,
            WorkerCommand command,
            Duration deadline,
            BlockingQueue<RenderJob> jobs,
            ScheduledExecutorService clock,
            CompletableFuture<EngineDescription> engine) {
        this.command = command;
        this.deadline = deadline;
        this.jobs = jobs;
        this.clock = clock;
        this.engine = engine;
        this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
    }

    private void run() {
        try {
            startAhead();
            while (!isClosed()) {
                RenderJob job = jobs.poll(START_AGAIN_SECONDS, TimeUnit.SECONDS);
                if (job == null) {
                    startAhead();
                } else if (!job.isAbandoned()) {
                    serve(job);
                    startAhead();
                }
            }
        } catch (InterruptedException closing) {
            // nobody waits for what this thread would do next
        }
    }

    private void startAhead() {
        try {
            if (!isClosed()) {
                living();
            }
        } catch (IOException | RuntimeException notStarted) {
            if (!isClosed()) {
                LOG.errorf(notStarted, "No picture can be rendered");
            }
        }
    }

    private void serve(RenderJob job) {
        try {
            switch (living().render(job.request(), deadline)) {
                case Done(PictureResult result) -> job.complete(result);
                case Failed(String why) -> job.fail(new PictureWorkersException(why, null));
            }
        } catch (DiedException died) {
            if (isClosed()) {
                job.fail(PictureWorkersException.closed());
            } else {
                LOG.warnf("A worker was lost with %s. %s", job.request().source(), died.getMessage());
                job.complete(new PictureResult.Refused(refusal(died)));
            }
        } catch (IOException | RuntimeException notOfThePicture) {
            job.fail(new PictureWorkersException("No picture can be rendered", notOfThePicture));
        }
    }

    private Refusal refusal(DiedException died) {
        return died.wasLate()
                ? new Refusal(
                        Reason.TOO_SLOW,
                        "The picture could not be decoded within %d ms: send it smaller, or as a plain JPEG or PNG."
                                .formatted(deadline.toMillis()))
                : new Refusal(Reason.UNREADABLE, "The picture cannot be read: save it anew, as a plain JPEG or PNG.");
    }

    private WorkerProcess living() throws IOException {
        WorkerProcess current;
        synchronized (this) {
            current = worker;
        }
        if (current != null && current.isAlive()) {
            return current;
        }
        try {
            WorkerProcess started = WorkerProcess.start(command, clock);
            adopt(started);
            engine.complete(started.engine());
            return started;
        } catch (DiedException died) {
            throw new IOException("A worker does not start. %s".formatted(died.getMessage()), died);
        }
    }

    private synchronized void adopt(WorkerProcess started) throws IOException {
        if (closed) {
            started.close();
            throw new IOException("The workers are closed");
        }
        worker = started;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** The process, while there is one. */
    synchronized Optional<ProcessHandle> process() {
        return Optional.ofNullable(worker).filter(WorkerProcess::isAlive).map(WorkerProcess::handle);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (worker != null) {
                worker.close();
            }
        }
        thread.interrupt();
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
