package dev.holdfast.media.picture;

import dev.holdfast.media.picture.PictureResult.Rendered;
import dev.holdfast.media.picture.Refusal.Reason;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What a worker answers, on its standard output. It has touched a stranger's picture, so its answer is read with care:
 * what does not follow the rules is an {@link IOException} or an {@link IllegalArgumentException}, and no answer.
 */
sealed interface RenderAnswer {
    record Done(PictureResult result) implements RenderAnswer {}

    /** The surroundings are at fault: a disk that is full, a file that is gone. */
    record Failed(String why) implements RenderAnswer {}

    default void write(DataOutput out) throws IOException {
        switch (this) {
            case Done(Rendered rendered) -> {
                out.writeByte('+');
                out.writeUTF(rendered.format().name());
                out.writeInt(rendered.width());
                out.writeInt(rendered.height());
                out.writeLong(rendered.bytes());
            }
            case Done(PictureResult.Refused(Refusal refusal)) -> {
                out.writeByte('-');
                out.writeUTF(refusal.reason().name());
                out.writeUTF(refusal.text());
            }
            case Failed(String why) -> {
                out.writeByte('!');
                out.writeUTF(why);
            }
        }
    }

    static RenderAnswer read(DataInput in) throws IOException {
        byte kind = in.readByte();
        return switch (kind) {
            case '+' ->
                new Done(new Rendered(PictureFormat.valueOf(in.readUTF()), in.readInt(), in.readInt(), in.readLong()));
            case '-' -> new Done(new PictureResult.Refused(new Refusal(Reason.valueOf(in.readUTF()), in.readUTF())));
            case '!' -> new Failed(in.readUTF());
            default -> throw new IOException("A worker's answer begins with %d".formatted(kind));
        };
    }
}
