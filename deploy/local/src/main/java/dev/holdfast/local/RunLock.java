package dev.holdfast.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Lets one launcher at a time run a checkout's cluster. The operating system releases the lock when the launcher ends, however it
 * ends, so there is no stale lock.
 */
final class RunLock implements AutoCloseable {

    private static final String LAUNCHER = "launcher";

    private final FileChannel file;

    private RunLock(FileChannel file) {
        this.file = file;
    }

    /** Empty when another launcher has it. */
    static Optional<RunLock> acquire(Layout layout) throws IOException {
        Files.createDirectories(layout.runDirectory());
        FileChannel file = FileChannel.open(
                layout.runDirectory().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (file.tryLock() == null) {
            file.close();
            return Optional.empty();
        }
        return Optional.of(new RunLock(file));
    }

    /** Notes who holds the lock, for {@link #holder}. */
    void sign(Layout layout) throws IOException {
        new PidFile(layout.runDirectory().resolve(LAUNCHER)).write(ProcessHandle.current());
    }

    static Optional<ProcessHandle> holder(Layout layout) {
        return new PidFile(layout.runDirectory().resolve(LAUNCHER)).running();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
