package dev.holdfast.media.serve;

import io.smallrye.mutiny.Multi;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Several ranges in one body, {@code multipart/byteranges} (RFC 9110, 14.6). */
public final class MultipartRanges {
    private final String boundary = UUID.randomUUID().toString();
    private final String partType;
    private final long size;
    private final List<ByteRange> ranges;

    /**
     * @param partType of the whole
     * @param size of the whole
     */
    MultipartRanges(String partType, long size, List<ByteRange> ranges) {
        this.partType = partType;
        this.size = size;
        this.ranges = ranges;
    }

    String mediaType() {
        return "multipart/byteranges; boundary=" + boundary;
    }

    long length() {
        return ranges.stream()
                        .mapToLong(range -> head(range).length() + range.length())
                        .sum()
                + end().length();
    }

    public Multi<Buffer> body(Function<ByteRange, Multi<Buffer>> bytes) {
        Multi<Buffer> parts = Multi.createFrom()
                .iterable(ranges)
                .onItem()
                .transformToMultiAndConcatenate(range -> Multi.createBy()
                        .concatenating()
                        .streams(Multi.createFrom().item(head(range)), bytes.apply(range)));
        return Multi.createBy()
                .concatenating()
                .streams(parts, Multi.createFrom().item(end()));
    }

    private Buffer head(ByteRange range) {
        return Buffer.buffer("\r\n--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n"
                .formatted(boundary, partType, range.of(size)));
    }

    private Buffer end() {
        return Buffer.buffer("\r\n--%s--\r\n".formatted(boundary));
    }
}
