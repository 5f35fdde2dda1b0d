package dev.holdfast.media.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How much of an upload is on the medium: a file beside it, with records of an offset and the hash of all bytes before it.
 *
 * <p>The size of a file says nothing after a power cut: what was not synced may read as zeros. A record is written once the bytes
 * before it are synced, and counts when they have its hash; so a torn record is not taken for one, and neither is an offset whose
 * bytes are no longer what they were. There are two places, each in a page of its own, used in turn: while one is written, the
 * other still has the record before.
 */
final class Checkpoints implements Closeable {
    private static final int HASH_LENGTH = 32;
    private static final int RECORD_LENGTH = Long.BYTES + HASH_LENGTH;
    private static final int PLACE_LENGTH = 4096;
    private static final int CHUNK_LENGTH = 256 * 1024;

    private final Disk disk;
    private final OpenFile file;
    private int next;

    private Checkpoints(Disk disk, OpenFile file) {
        this.disk = disk;
        this.file = file;
    }

    private record Checkpoint(int place, long offset, Sha256 hash) {}

    /** Where an upload goes on. */
    record Resumed(long offset, MessageDigest digest) {}

    static Checkpoints create(Disk disk, Path path) throws IOException {
        return new Checkpoints(disk, disk.create(path));
    }

    /** @throws NoSuchFileException when the upload was never synced */
    static Checkpoints open(Disk disk, Path path) throws IOException {
        return new Checkpoints(disk, disk.open(path));
    }

    /** The bytes before the offset must be synced. Durable when it returns. */
    void write(long offset, Sha256 hash) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(RECORD_LENGTH).putLong(offset).put(hash.bytes());
        disk.write(file, (long) next * PLACE_LENGTH, bytes.flip());
        disk.sync(file);
        next = 1 - next;
    }

    /** Reads the upload again, up to the last record that counts; from its beginning when none does. */
    Resumed resume(OpenFile upload) throws IOException {
        MessageDigest digest = Sha256.digest();
        var resumed = new Resumed(0, Sha256.digest());
        long at = 0;
        for (Checkpoint checkpoint : checkpoints()) {
            if (!digest(upload, at, checkpoint.offset(), digest)) {
                break;
            }
            at = checkpoint.offset();
            if (Sha256.soFar(digest).equals(checkpoint.hash())) {
                resumed = new Resumed(at, Sha256.copy(digest));
                next = 1 - checkpoint.place();
            }
        }
        return resumed;
    }

    /** Those that can be read, by offset. */
    private List<Checkpoint> checkpoints() throws IOException {
        var checkpoints = new ArrayList<Checkpoint>();
        for (int place = 0; place < 2; place++) {
            ByteBuffer bytes = ByteBuffer.allocate(RECORD_LENGTH);
            disk.read(file, (long) place * PLACE_LENGTH, bytes);
            if (!bytes.hasRemaining()) {
                long offset = bytes.flip().getLong();
                byte[] hash = new byte[HASH_LENGTH];
                bytes.get(hash);
                checkpoints.add(new Checkpoint(place, offset, Sha256.ofBytes(hash)));
            }
        }
        checkpoints.sort(Comparator.comparingLong(Checkpoint::offset));
        return checkpoints;
    }

    /** False when the file ends before. */
    private boolean digest(OpenFile upload, long from, long to, MessageDigest digest) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_LENGTH);
        for (long at = from; at < to; at += chunk.limit()) {
            chunk.clear().limit((int) Math.min(CHUNK_LENGTH, to - at));
            disk.read(upload, at, chunk);
            if (chunk.hasRemaining()) {
                return false;
            }
            digest.update(chunk.flip());
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
