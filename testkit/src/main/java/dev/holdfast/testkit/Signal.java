package dev.holdfast.testkit;

import java.io.IOException;
import java.time.Duration;

/** Signals that Java has no method for. */
public final class Signal {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Signal() {}

    /** @param name as {@code kill} knows it, such as {@code STOP} */
    public static void send(String name, long pid) throws IOException, InterruptedException {
        Command.run(LIMIT, "kill", "-" + name, Long.toString(pid)).orThrow();
    }
}
