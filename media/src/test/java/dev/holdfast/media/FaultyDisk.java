package dev.holdfast.media;

import dev.holdfast.media.store.Disk;
import dev.holdfast.media.store.OpenFile;
import io.quarkus.test.Mock;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** The disk of the service under test: it fails when a test says so. */
@Mock
@Singleton
class FaultyDisk extends Disk {
    enum Fault {
        NONE,
        FULL,
        NOT_SYNCED,
        READ_ONLY
    }

    private volatile Fault fault = Fault.NONE;

    void failWith(Fault next) {
        fault = next;
    }

    @Override
    public OpenFile create(Path file) throws IOException {
        if (fault == Fault.READ_ONLY) {
            throw new AccessDeniedException(file.toString());
        }
        return super.create(file);
    }

    @Override
    public void write(OpenFile file, long position, ByteBuffer bytes) throws IOException {
        if (fault == Fault.FULL) {
            throw new IOException("No space left on device");
        }
        super.write(file, position, bytes);
    }

    @Override
    protected void force(OpenFile file) throws IOException {
        if (fault == Fault.NOT_SYNCED) {
            throw new FileSystemException(file.path().toString(), null, "Input/output error");
        }
        super.force(file);
    }
}
