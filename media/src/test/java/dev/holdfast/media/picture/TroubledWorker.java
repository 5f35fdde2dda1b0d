package dev.holdfast.media.picture;

import dev.holdfast.media.picture.PictureResult.Rendered;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** A worker whose engine does what pictures can do to one. */
final class TroubledWorker implements PictureEngine {
    static final String NAME = "troubled";
    private static final int MEGABYTE = 1024 * 1024;

    /** Not in the first page, where the JVM makes an exception of it. */
    private static final long NOWHERE = 1L << 40;

    private TroubledWorker() {}

    static WorkerCommand command() {
        return new WorkerCommand(TroubledWorker.class, PictureLimits.DEFAULT.arguments(), 64, 256);
    }

    public static void main(String[] limits) throws IOException {
        new PictureWorker(new TroubledWorker(), PictureLimits.parse(List.of(limits))).serve();
    }

    @Override
    public EngineDescription description() {
        return new EngineDescription(NAME, Set.of(PictureFormat.values()), Set.of(PictureFormat.PNG));
    }

    @Override
    public Rendered render(Path source, PictureHeader header, PictureSpec spec, Path target) throws IOException {
        Files.writeString(target, "half a picture");
        switch (Trouble.of(spec)) {
            case NONE -> {}
            case NEVER_ENDS -> sleepForEver();
            case CRASHES -> crash();
            case FILLS_HEAP -> fillHeap();
            case FILLS_MEMORY -> fillMemory();
            case RECURSES -> recurse(0);
            case RAVES -> rave();
            case TELLS_ENVIRONMENT -> Files.write(target, System.getenv().keySet());
            case THROWS -> throw new IllegalStateException("Nobody expects this");
        }
        return new Rendered(PictureFormat.PNG, 1, 1, 1);
    }

    private static void sleepForEver() {
        while (true) {
            LockSupport.park();
        }
    }

    @SuppressWarnings("restricted")
    private static void crash() {
        MemorySegment.ofAddress(NOWHERE).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, 1);
    }

    private static void fillHeap() {
        Object filled = null;
        while (true) {
            filled = new Object[] {filled, new byte[MEGABYTE]};
        }
    }

    private static void fillMemory() {
        while (true) {
            Arena.global().allocate(MEGABYTE).fill((byte) 1);
        }
    }

    private static int recurse(int depth) {
        return depth < 0 ? 0 : recurse(depth + 1) + 1;
    }

    private static void rave() throws IOException {
        try (var out = new FileOutputStream(FileDescriptor.out)) {
            out.write(SamplePictures.ascii("HTTP/1.1 200 OK\r\n\r\n<script>"));
        }
    }
}
