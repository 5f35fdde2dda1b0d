package dev.holdfast.local;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Keeps one {@link Part} alive: starts it, reports its death with the last lines of its log, and starts it again after a
 * {@link Backoff}, until it is told to stop.
 *
 * <p>One thread owns the process; stopping interrupts that thread, so a part is never started and stopped at the same time.
 */
final class Child {

    private static final int LAST_LINES = 5;
    private static final int SIGNAL_BASE = 128;

    private final Part part;
    private final Consumer<String> report;
    private final InstantSource clock;
    private final CompletableFuture<Duration> firstStart = new CompletableFuture<>();
    private final Thread thread;
    private volatile boolean stopping;

    Child(Part part, Consumer<String> report, InstantSource clock) {
        this.part = part;
        this.report = report;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("child-" + part.name()).unstarted(this::run);
    }

    /** Completes with the time it took, or with the reason why the part did not start; then it is not tried again. */
    CompletableFuture<Duration> start() {
        thread.start();
        return firstStart;
    }

    String name() {
        return part.name();
    }

    /** Returns when the process has ended; bounded by what its part allows. */
    void stop() {
        stopping = true;
        thread.interrupt();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Backoff backoff = new Backoff();
        try {
            while (!stopping) {
                Instant began = clock.instant();
                liveOnce(began);
                Duration delay = backoff.afterLiving(Duration.between(began, clock.instant()));
                report.accept("%s starts again in %d s".formatted(part.name(), delay.toSeconds()));
                Thread.sleep(delay);
            }
        } catch (InterruptedException stopped) {
            firstStart.cancel(false);
        }
    }

    private void liveOnce(Instant began) throws InterruptedException {
        Part.Running running;
        try {
            running = part.start();
        } catch (IOException | RuntimeException e) {
            if (stopping || firstStart.completeExceptionally(e)) {
                throw new InterruptedException();
            }
            report.accept("%s does not start: %s".formatted(part.name(), e.getMessage()));
            return;
        }
        if (!firstStart.complete(Duration.between(began, clock.instant()))) {
            report.accept("%s is back (%s)".formatted(part.name(), part.address()));
        }
        int exitCode;
        try {
            exitCode = running.process().waitFor();
        } catch (InterruptedException stopped) {
            running.stop().run();
            throw stopped;
        }
        // releases what the parent holds for it, such as a lock
        running.stop().run();
        report.accept("%s died (%s). The end of %s:%n    %s"
                .formatted(
                        part.name(),
                        cause(exitCode),
                        part.log().path(),
                        String.join(System.lineSeparator() + "    ", part.log().tail(LAST_LINES))));
    }

    private static String cause(int exitCode) {
        return exitCode > SIGNAL_BASE ? "killed by signal " + (exitCode - SIGNAL_BASE) : "exit code " + exitCode;
    }
}
