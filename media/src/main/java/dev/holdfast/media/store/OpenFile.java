package dev.holdfast.media.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** A handle on a file, to be used with a {@link Disk}. Closing it syncs nothing. */
public final class OpenFile implements Closeable {
    private final Path path;
    private final FileChannel channel;
    private volatile boolean syncFailed;

    OpenFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Under which it was opened. */
    public Path path() {
        return path;
    }

    FileChannel channel() {
        return channel;
    }

    void syncFailed() {
        syncFailed = true;
    }

    void checkSyncable() throws IOException {
        if (syncFailed) {
            throw new IOException(
                    "%s: an earlier sync failed, so what a later one says is worth nothing".formatted(path));
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
