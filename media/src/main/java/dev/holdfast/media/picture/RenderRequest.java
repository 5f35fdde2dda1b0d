package dev.holdfast.media.picture;

import dev.holdfast.media.picture.PictureSpec.Fit;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Path;

/** What a worker is asked for, on its standard input. Pixels and files do not travel, only their paths. */
record RenderRequest(Path source, PictureSpec spec, Path target) {
    void write(DataOutput out) throws IOException {
        out.writeUTF(source.toString());
        out.writeUTF(target.toString());
        out.writeInt(spec.width());
        out.writeInt(spec.height());
        out.writeUTF(spec.fit().name());
        out.writeUTF(spec.format().name());
    }

    static RenderRequest read(DataInput in) throws IOException {
        Path source = Path.of(in.readUTF());
        Path target = Path.of(in.readUTF());
        return new RenderRequest(
                source,
                new PictureSpec(
                        in.readInt(), in.readInt(), Fit.valueOf(in.readUTF()), PictureFormat.valueOf(in.readUTF())),
                target);
    }
}
