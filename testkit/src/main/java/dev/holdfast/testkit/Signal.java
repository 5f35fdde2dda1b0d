package dev.holdfast.testkit;

import java.io.IOException;

/** Signals that Java has no method for. */
public final class Signal {
    private Signal() {}

    /** @param name as {@code kill} knows it, such as {@code STOP} */
    public static void send(String name, long pid) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -%s %d ended with %d".formatted(name, pid, exit));
        }
    }
}
