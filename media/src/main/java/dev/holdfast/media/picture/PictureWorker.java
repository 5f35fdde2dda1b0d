package dev.holdfast.media.picture;

import dev.holdfast.media.picture.Inspection.Accepted;
import dev.holdfast.media.picture.RenderAnswer.Done;
import dev.holdfast.media.picture.RenderAnswer.Failed;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * The process that decodes pictures, one at a time, until its input ends. It may die of any of them; nothing is lost but
 * that picture.
 *
 * <p>Arguments: the name of an {@link EngineChoice}, then {@link PictureLimits#arguments}.
 */
final class PictureWorker {
    private final PictureEngine engine;
    private final PictureInspector inspector;

    PictureWorker(PictureEngine engine, PictureLimits limits) {
        this.engine = engine;
        this.inspector = new PictureInspector(limits);
    }

    /** @throws IOException when there is nobody to answer to */
    public static void main(String[] arguments) throws IOException {
        List<String> limits = Arrays.asList(arguments).subList(1, arguments.length);
        new PictureWorker(EngineChoice.valueOf(arguments[0]).load(), PictureLimits.parse(limits)).serve();
    }

    void serve() throws IOException {
        endWithParent();
        var in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        var out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        // what a library prints is no answer
        System.setOut(System.err);
        engine.description().write(out);
        out.flush();
        while (true) {
            RenderRequest request;
            try {
                request = RenderRequest.read(in);
            } catch (EOFException finished) {
                return;
            }
            answer(request).write(out);
            out.flush();
        }
    }

    /** Who never comes back from a decoder does not see that the input has ended. */
    private static void endWithParent() {
        ProcessHandle.current().parent().ifPresent(parent -> {
            var _ = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
        });
    }

    private RenderAnswer answer(RenderRequest request) {
        try {
            return new Done(
                    switch (inspector.inspect(request.source())) {
                        case Accepted(PictureHeader header) ->
                            engine.render(request.source(), header, request.spec(), request.target());
                        case Inspection.Refused(Refusal refusal) -> new PictureResult.Refused(refusal);
                    });
        } catch (RefusedException refused) {
            return new Done(new PictureResult.Refused(refused.refusal()));
        } catch (IOException surroundings) {
            return new Failed(surroundings.toString());
        }
    }
}
