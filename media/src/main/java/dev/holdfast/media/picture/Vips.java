package dev.holdfast.media.picture;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of libvips' C interface that is used (8.13 or newer), as it is there: nothing is freed that is not asked to be.
 *
 * <p>Most operations take optional arguments as names and values up to a NULL, which for the linker is a function with
 * variable arguments; each combination of types is a handle of its own, made when it is needed.
 */
@SuppressWarnings("restricted")
final class Vips {
    private static final String LIBRARY = "libvips.so.42";
    private static final int OLDEST_MINOR = 13;
    private static final Linker LINKER = Linker.nativeLinker();

    /** What an operation says when it returns something else than 0. */
    static final class VipsException extends Exception {
        private VipsException(String message) {
            super(message, null, false, false);
        }
    }

    /** An operation: fixed arguments, then names and values of optional ones. */
    final class Operation {
        private final String name;
        private final int fixed;
        private final MethodHandle handle;
        private final List<String> options;

        private Operation(String name, List<MemoryLayout> fixed, List<Option> options) {
            this.name = name;
            this.fixed = fixed.size();
            this.options = options.stream().map(Option::name).toList();
            List<MemoryLayout> all = new ArrayList<>(fixed);
            options.forEach(option -> all.addAll(List.of(ADDRESS, option.type())));
            all.add(ADDRESS);
            this.handle = LINKER.downcallHandle(
                    symbol(name),
                    FunctionDescriptor.of(JAVA_INT, all.toArray(MemoryLayout[]::new)),
                    Linker.Option.firstVariadicArg(fixed.size()));
        }

        /** @param values of the fixed arguments, then of the options */
        void call(Arena arena, Object... values) throws VipsException {
            List<Object> all = new ArrayList<>(List.of(values).subList(0, fixed));
            for (int i = 0; i < options.size(); i++) {
                all.add(arena.allocateFrom(options.get(i)));
                all.add(values[fixed + i]);
            }
            all.add(MemorySegment.NULL);
            if ((int) invoke(handle, all.toArray()) != 0) {
                throw failure(name);
            }
        }
    }

    record Option(String name, MemoryLayout type) {
        static Option integer(String name) {
            return new Option(name, JAVA_INT);
        }

        static Option pointer(String name) {
            return new Option(name, ADDRESS);
        }
    }

    private final SymbolLookup library;
    private final MethodHandle sourceNewFromFile;
    private final MethodHandle imageNewFromSource;
    private final MethodHandle unref;
    private final MethodHandle free;
    private final MethodHandle width;
    private final MethodHandle height;
    private final MethodHandle hasAlpha;
    private final MethodHandle typeOf;
    private final MethodHandle setInt;
    private final MethodHandle copyMemory;
    private final MethodHandle arrayDouble;
    private final MethodHandle unrefArea;
    private final MethodHandle errorBuffer;
    private final MethodHandle errorClear;
    private final MethodHandle version;
    private final MethodHandle typeFind;

    private Vips(SymbolLookup library) {
        this.library = library;
        sourceNewFromFile = handle("vips_source_new_from_file", FunctionDescriptor.of(ADDRESS, ADDRESS));
        imageNewFromSource = LINKER.downcallHandle(
                symbol("vips_image_new_from_source"),
                FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS),
                Linker.Option.firstVariadicArg(2));
        unref = handle("g_object_unref", FunctionDescriptor.ofVoid(ADDRESS));
        free = handle("g_free", FunctionDescriptor.ofVoid(ADDRESS));
        width = handle("vips_image_get_width", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        height = handle("vips_image_get_height", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        hasAlpha = handle("vips_image_hasalpha", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        typeOf = handle("vips_image_get_typeof", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS));
        setInt = handle("vips_image_set_int", FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, JAVA_INT));
        copyMemory = handle("vips_image_copy_memory", FunctionDescriptor.of(ADDRESS, ADDRESS));
        arrayDouble = handle("vips_array_double_new", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
        unrefArea = handle("vips_area_unref", FunctionDescriptor.ofVoid(ADDRESS));
        errorBuffer = handle("vips_error_buffer", FunctionDescriptor.of(ADDRESS));
        errorClear = handle("vips_error_clear", FunctionDescriptor.ofVoid());
        version = handle("vips_version", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        typeFind = handle("vips_type_find", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS));
    }

    /**
     * Loads and starts the library, on one thread per picture and without caches, and leaves it nothing to read with but
     * what is named.
     *
     * @param loaders the classes of the loaders that may be used, such as {@code VipsForeignLoadJpeg}
     * @throws UnsatisfiedLinkError when it is not installed, or too old
     */
    static Vips load(List<String> loaders) {
        SymbolLookup library;
        try {
            library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
        } catch (IllegalArgumentException missing) {
            throw linkError("%s is not installed".formatted(LIBRARY), missing);
        }
        Vips vips = new Vips(library);
        vips.start(loaders);
        return vips;
    }

    private void start(List<String> loaders) {
        try (Arena arena = Arena.ofConfined()) {
            if ((int) invoke(
                            handle("vips_init", FunctionDescriptor.of(JAVA_INT, ADDRESS)),
                            arena.allocateFrom("holdfast"))
                    != 0) {
                throw linkError("libvips does not start", failure("vips_init"));
            }
            if (version(0) != 8 || version(1) < OLDEST_MINOR) {
                throw linkError("libvips is %s; 8.%d is needed".formatted(version(), OLDEST_MINOR), null);
            }
            for (String setting : List.of("vips_cache_set_max", "vips_cache_set_max_files")) {
                invoke(handle(setting, FunctionDescriptor.ofVoid(JAVA_INT)), 0);
            }
            invoke(handle("vips_cache_set_max_mem", FunctionDescriptor.ofVoid(JAVA_LONG)), 0L);
            invoke(handle("vips_concurrency_set", FunctionDescriptor.ofVoid(JAVA_INT)), 1);

            MethodHandle block = handle("vips_operation_block_set", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
            invoke(block, arena.allocateFrom("VipsForeignLoad"), 1);
            for (String loader : loaders) {
                invoke(block, arena.allocateFrom(loader), 0);
            }
            // last: what the library itself distrusts stays shut, whatever is named above
            invoke(handle("vips_block_untrusted_set", FunctionDescriptor.ofVoid(JAVA_INT)), 1);
        }
    }

    Operation operation(String name, List<MemoryLayout> fixed, Option... options) {
        return new Operation(name, fixed, List.of(options));
    }

    String version() {
        return "%d.%d.%d".formatted(version(0), version(1), version(2));
    }

    private int version(int part) {
        return (int) invoke(version, part);
    }

    boolean has(String operation) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) invoke(typeFind, arena.allocateFrom("VipsOperation"), arena.allocateFrom(operation)) != 0;
        }
    }

    /** Whether an image has this metadata. */
    boolean has(MemorySegment image, String field) {
        try (Arena arena = Arena.ofConfined()) {
            return (long) invoke(typeOf, image, arena.allocateFrom(field)) != 0;
        }
    }

    /** @return to be given to {@link #unref} */
    MemorySegment source(Arena arena, String path) throws VipsException {
        return require("vips_source_new_from_file", invoke(sourceNewFromFile, arena.allocateFrom(path)));
    }

    /** @return an image of which only the header is read yet; to be given to {@link #unref} */
    MemorySegment open(Arena arena, MemorySegment source) throws VipsException {
        return require(
                "vips_image_new_from_source",
                invoke(imageNewFromSource, source, arena.allocateFrom(""), MemorySegment.NULL));
    }

    /** @return all pixels, in memory; to be given to {@link #unref} */
    MemorySegment copyMemory(MemorySegment image) throws VipsException {
        return require("vips_image_copy_memory", invoke(copyMemory, image));
    }

    /** @return to be given to {@link #unrefArea} */
    MemorySegment arrayOf(Arena arena, double... values) {
        return (MemorySegment) invoke(arrayDouble, arena.allocateFrom(JAVA_DOUBLE, values), values.length);
    }

    int width(MemorySegment image) {
        return (int) invoke(width, image);
    }

    int height(MemorySegment image) {
        return (int) invoke(height, image);
    }

    boolean hasAlpha(MemorySegment image) {
        return (int) invoke(hasAlpha, image) != 0;
    }

    void setInt(Arena arena, MemorySegment image, String name, int value) {
        invoke(setInt, image, arena.allocateFrom(name), value);
    }

    void unref(MemorySegment object) {
        invoke(unref, object);
    }

    void unrefArea(MemorySegment area) {
        invoke(unrefArea, area);
    }

    void free(MemorySegment memory) {
        invoke(free, memory);
    }

    private MemorySegment require(String function, Object pointer) throws VipsException {
        MemorySegment segment = (MemorySegment) pointer;
        if (segment.equals(MemorySegment.NULL)) {
            throw failure(function);
        }
        return segment;
    }

    private VipsException failure(String function) {
        String message = ((MemorySegment) invoke(errorBuffer))
                .reinterpret(Long.MAX_VALUE)
                .getString(0);
        invoke(errorClear);
        return new VipsException("%s: %s".formatted(function, message.strip()));
    }

    private MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(symbol(name), descriptor);
    }

    private MemorySegment symbol(String name) {
        return library.find(name).orElseThrow(() -> linkError("%s lacks %s".formatted(LIBRARY, name), null));
    }

    private static UnsatisfiedLinkError linkError(String message, @Nullable Throwable cause) {
        var error = new UnsatisfiedLinkError(message);
        error.initCause(cause);
        return error;
    }

    private static Object invoke(MethodHandle handle, Object... arguments) {
        try {
            return handle.invokeWithArguments(arguments);
        } catch (RuntimeException | Error unchecked) {
            throw unchecked;
        } catch (Throwable impossible) {
            throw new IllegalStateException("A native function throws nothing", impossible);
        }
    }
}
