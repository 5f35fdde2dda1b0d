package dev.holdfast.media.picture;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is read forwards through a small window. Whoever reads or skips behind its end learns that it is cut off. */
final class HeaderInput implements Closeable {
    private static final int WINDOW = 8 * 1024;

    private final FileChannel file;
    private final long size;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long windowEnd;

    private HeaderInput(FileChannel file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    static HeaderInput open(Path path) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new HeaderInput(file);
        } catch (IOException unreadable) {
            file.close();
            throw unreadable;
        }
    }

    long size() {
        return size;
    }

    long position() {
        return windowEnd - window.remaining();
    }

    long remaining() {
        return size - position();
    }

    int u8() throws IOException, RefusedException {
        return require(1).get() & 0xff;
    }

    int u16() throws IOException, RefusedException {
        return require(Short.BYTES).getShort() & 0xffff;
    }

    int u16LittleEndian() throws IOException, RefusedException {
        return Short.reverseBytes(require(Short.BYTES).getShort()) & 0xffff;
    }

    int u24LittleEndian() throws IOException, RefusedException {
        return u16LittleEndian() | u8() << Short.SIZE;
    }

    long u32() throws IOException, RefusedException {
        return Integer.toUnsignedLong(require(Integer.BYTES).getInt());
    }

    long u32LittleEndian() throws IOException, RefusedException {
        return Integer.toUnsignedLong(
                Integer.reverseBytes(require(Integer.BYTES).getInt()));
    }

    /** Four letters, which name a chunk or a box. */
    String fourCc() throws IOException, RefusedException {
        return new String(bytes(Integer.BYTES), StandardCharsets.ISO_8859_1);
    }

    /** @param count bounded by whoever asks */
    byte[] bytes(int count) throws IOException, RefusedException {
        if (count > remaining()) {
            throw RefusedException.truncated();
        }
        byte[] bytes = new byte[count];
        for (int done = 0; done < count; ) {
            int part = Math.min(count - done, WINDOW);
            require(part).get(bytes, done, part);
            done += part;
        }
        return bytes;
    }

    /** The next bytes, fewer at the end of the file; they are still there afterwards. */
    byte[] peek(int count) throws IOException, RefusedException {
        byte[] bytes = new byte[(int) Math.min(count, remaining())];
        ByteBuffer from = require(bytes.length);
        from.get(from.position(), bytes);
        return bytes;
    }

    void skip(long count) throws RefusedException {
        if (count > remaining()) {
            throw RefusedException.truncated();
        }
        if (count <= window.remaining()) {
            window.position(window.position() + (int) count);
        } else {
            windowEnd = position() + count;
            window.limit(0);
        }
    }

    private ByteBuffer require(int count) throws IOException, RefusedException {
        if (window.remaining() < count) {
            window.compact();
            int read = 0;
            while (window.hasRemaining() && read >= 0) {
                read = file.read(window, windowEnd);
                windowEnd += Math.max(read, 0);
            }
            window.flip();
            if (window.remaining() < count) {
                throw RefusedException.truncated();
            }
        }
        return window;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
