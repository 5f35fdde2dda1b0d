package dev.holdfast.media.picture;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.holdfast.media.picture.Vips.Operation;
import dev.holdfast.media.picture.Vips.VipsException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/** What one rendering holds of libvips; all of it is let go at its end, the newest first. */
@SuppressWarnings("restricted")
final class VipsImages implements AutoCloseable {
    private final Vips vips;
    private final Arena arena = Arena.ofConfined();
    private final Deque<Runnable> held = new ArrayDeque<>();

    VipsImages(Vips vips) {
        this.vips = vips;
    }

    MemorySegment open(String path) throws VipsException {
        return keep(vips.open(arena, source(path)));
    }

    MemorySegment source(String path) throws VipsException {
        return keep(vips.source(arena, path));
    }

    MemorySegment inMemory(MemorySegment image) throws VipsException {
        return keep(vips.copyMemory(image));
    }

    void setInt(MemorySegment image, String name, int value) {
        vips.setInt(arena, image, name, value);
    }

    MemorySegment text(String text) {
        return arena.allocateFrom(text);
    }

    MemorySegment arrayOf(double... values) {
        MemorySegment array = vips.arrayOf(arena, values);
        held.push(() -> vips.unrefArea(array));
        return array;
    }

    /** @param values of the operation, without the second, which is where its result goes */
    MemorySegment apply(Operation operation, MemorySegment input, Object... values) throws VipsException {
        MemorySegment out = arena.allocate(ADDRESS);
        Object[] all = new Object[values.length + 2];
        all[0] = input;
        all[1] = out;
        System.arraycopy(values, 0, all, 2, values.length);
        operation.call(arena, all);
        return keep(out.get(ADDRESS, 0));
    }

    /** @param values of the options of a saver to memory */
    byte[] save(Operation saver, MemorySegment image, Object... values) throws VipsException {
        MemorySegment out = arena.allocate(ADDRESS);
        MemorySegment length = arena.allocate(JAVA_LONG);
        Object[] all = new Object[values.length + 3];
        all[0] = image;
        all[1] = out;
        all[2] = length;
        System.arraycopy(values, 0, all, 3, values.length);
        saver.call(arena, all);
        MemorySegment saved = out.get(ADDRESS, 0);
        held.push(() -> vips.free(saved));
        return saved.reinterpret(length.get(JAVA_LONG, 0)).toArray(JAVA_BYTE);
    }

    private MemorySegment keep(MemorySegment object) {
        held.push(() -> vips.unref(object));
        return object;
    }

    @Override
    public void close() {
        held.forEach(Runnable::run);
        arena.close();
    }
}
