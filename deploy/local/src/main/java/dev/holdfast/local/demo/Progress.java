package dev.holdfast.local.demo;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

/** One line that grows on a terminal; elsewhere only its last state. */
final class Progress {
    private static final int WIDTH = 40;
    private static final long INTERVAL_NS = Duration.ofMillis(100).toNanos();

    private final PrintStream out;
    private final boolean terminal =
            Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    private long lastShownNs = System.nanoTime();

    Progress(PrintStream out) {
        this.out = out;
    }

    void show(String what, long done, long total) {
        long nowNs = System.nanoTime();
        if (terminal && nowNs - lastShownNs > INTERVAL_NS) {
            lastShownNs = nowNs;
            int filled = Math.toIntExact(WIDTH * Math.min(done, total) / total);
            out.printf("\r  %-8s %s%s %,d", what, "#".repeat(filled), ".".repeat(WIDTH - filled), done);
            out.flush();
        }
    }

    void done(String what, long total) {
        out.printf("%s  %-8s %s %,d%n", terminal ? "\r" : "", what, "#".repeat(WIDTH), total);
    }
}
