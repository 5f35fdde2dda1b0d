package dev.holdfast.media.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * What durability hangs on. All of it blocks.
 *
 * <p>After a power cut POSIX promises no more than this: the bytes and the size of a file are what they were when it was last
 * synced, and a name is in a directory, or not, as it was when the directory was last synced; whatever happened since may have
 * happened or not, each part for itself. (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014.)
 */
public class Disk {
    /** A new, empty file, to be read and written. */
    public OpenFile create(Path file) throws IOException {
        return new OpenFile(
                file,
                FileChannel.open(
                        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** A file that is there, to be read and written. */
    public OpenFile open(Path file) throws IOException {
        return new OpenFile(file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** A file that is there, to be read. */
    public OpenFile openToRead(Path file) throws IOException {
        return new OpenFile(file, FileChannel.open(file, StandardOpenOption.READ));
    }

    /** Writes all of the bytes, or fails having written some. */
    public void write(OpenFile file, long position, ByteBuffer bytes) throws IOException {
        for (long at = position; bytes.hasRemaining(); ) {
            at += file.channel().write(bytes, at);
        }
    }

    /** Fills the buffer, unless the file ends before. */
    public void read(OpenFile file, long position, ByteBuffer into) throws IOException {
        long at = position;
        for (int read = 0; read >= 0 && into.hasRemaining(); at += read) {
            read = file.channel().read(into, at);
        }
    }

    public void truncate(OpenFile file, long size) throws IOException {
        file.channel().truncate(size);
    }

    /**
     * Returns when bytes and size are on the medium.
     *
     * <p>Once it has failed, it fails for ever: Linux has then forgotten that the pages were dirty, and would report success the
     * next time without having written them (Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020).
     */
    public final void sync(OpenFile file) throws IOException {
        file.checkSyncable();
        try {
            force(file);
        } catch (IOException failed) {
            file.syncFailed();
            throw failed;
        }
    }

    protected void force(OpenFile file) throws IOException {
        file.channel().force(true);
    }

    /** In one step for everybody who looks; replaces a file of that name. */
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Returns when all names in the directory are on the medium as they are now. */
    public void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Leaves it as it is when it is there. */
    public void createDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException there) {
            if (!Files.isDirectory(directory)) {
                throw there;
            }
        }
    }

    /** True when it was there. */
    public boolean delete(Path file) throws IOException {
        return Files.deleteIfExists(file);
    }

    /** What is in a directory, in no order. */
    public List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    public boolean exists(Path file) throws IOException {
        return Files.exists(file);
    }

    /** In bytes. */
    public long size(Path file) throws IOException {
        return Files.size(file);
    }

    /** What files are made of, in bytes: each takes a whole number of these. */
    public long blockSize(Path file) throws IOException {
        return Files.getFileStore(file).getBlockSize();
    }
}
