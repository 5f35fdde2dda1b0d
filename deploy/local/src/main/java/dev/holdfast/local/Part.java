package dev.holdfast.local;

import java.io.IOException;

/** Something of the cluster that runs as a process and can be started again after it died: database, broker or service. */
interface Part {

    String name();

    /** What to call it when it is there, for example {@code localhost:15432}. */
    String address();

    LogFile log();

    /**
     * Returns when it is ready. Leaves no process behind when it fails or is interrupted.
     *
     * @throws IOException when it does not get ready within its time, with the last lines of its log
     */
    Running start() throws IOException;

    /**
     * A part that runs.
     *
     * @param stop ends the process within a bounded time, and returns then
     */
    record Running(Process process, Runnable stop) {}
}
