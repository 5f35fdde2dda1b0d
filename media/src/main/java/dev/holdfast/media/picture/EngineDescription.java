package dev.holdfast.media.picture;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * @param name with the versions of all that has a part in how a variant looks: variants of another name are made anew
 */
public record EngineDescription(String name, Set<PictureFormat> reads, Set<PictureFormat> writes) {
    public EngineDescription {
        reads = Set.copyOf(reads);
        writes = Set.copyOf(writes);
    }

    /** A worker's first words. */
    void write(DataOutput out) throws IOException {
        out.writeUTF(name);
        out.writeUTF(names(reads));
        out.writeUTF(names(writes));
    }

    static EngineDescription read(DataInput in) throws IOException {
        return new EngineDescription(in.readUTF(), formats(in.readUTF()), formats(in.readUTF()));
    }

    private static String names(Set<PictureFormat> formats) {
        return formats.stream().map(PictureFormat::name).sorted().collect(Collectors.joining(","));
    }

    private static Set<PictureFormat> formats(String names) {
        return Arrays.stream(names.split(",")).map(PictureFormat::valueOf).collect(Collectors.toUnmodifiableSet());
    }
}
