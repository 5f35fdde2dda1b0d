package dev.holdfast.media.picture;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A running worker. For one thread, which waits for it. */
final class WorkerProcess implements AutoCloseable {
    /** From the start of the process to its first words; a machine that takes longer has other worries. */
    private static final Duration START_DEADLINE = Duration.ofSeconds(30);

    private static final long EXIT_MS = 500;

    private final Process process;
    private final ScheduledExecutorService clock;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final EngineDescription engine;

    /** It is gone, and with it the answer. */
    static final class DiedException extends Exception {
        private final boolean late;

        private DiedException(String message, boolean late, Throwable cause) {
            super(message, cause);
            this.late = late;
        }

        /** Whether it was ended because of its deadline. */
        boolean wasLate() {
            return late;
        }
    }

    @FunctionalInterface
    private interface Exchange<T> {
        T run() throws IOException;
    }

    private WorkerProcess(Process process, ScheduledExecutorService clock) throws DiedException {
        this.process = process;
        this.clock = clock;
        this.in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
        this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        this.engine = within(START_DEADLINE, () -> EngineDescription.read(in));
    }

    /** @param clock for deadlines */
    static WorkerProcess start(WorkerCommand command, ScheduledExecutorService clock)
            throws IOException, DiedException {
        Process process = command.start();
        try {
            return new WorkerProcess(process, clock);
        } catch (RuntimeException failed) {
            process.destroyForcibly();
            throw failed;
        }
    }

    EngineDescription engine() {
        return engine;
    }

    /** Blocks until it answers, dies, or is killed at the deadline. */
    RenderAnswer render(RenderRequest request, Duration deadline) throws DiedException {
        return within(deadline, () -> {
            request.write(out);
            out.flush();
            return RenderAnswer.read(in);
        });
    }

    private <T> T within(Duration deadline, Exchange<T> exchange) throws DiedException {
        // whoever is first, the answer or the alarm, decides: an alarm that comes late kills no picture that comes next
        var decided = new AtomicBoolean();
        ScheduledFuture<?> alarm = clock.schedule(
                () -> {
                    if (decided.compareAndSet(false, true)) {
                        process.destroyForcibly();
                    }
                },
                deadline.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            T answer = exchange.run();
            if (decided.compareAndSet(false, true)) {
                return answer;
            }
            throw new IOException("the answer came too late");
        } catch (IOException | IllegalArgumentException noAnswer) {
            boolean late = !decided.compareAndSet(false, true);
            // its output ends a moment before it does, and how it ended is worth knowing
            process.onExit()
                    .completeOnTimeout(process, EXIT_MS, TimeUnit.MILLISECONDS)
                    .join();
            close();
            throw new DiedException(end(deadline, late), late, noAnswer);
        } finally {
            alarm.cancel(false);
        }
    }

    private String end(Duration deadline, boolean late) {
        return late
                ? "It was killed after %d ms".formatted(deadline.toMillis())
                : "It ended with %d".formatted(process.exitValue());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** Returns when it has ended. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
