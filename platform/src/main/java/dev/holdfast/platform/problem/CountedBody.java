package dev.holdfast.platform.problem;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body that fails with a {@link ProblemType#TOO_LARGE} problem when it goes on past its limit.
 *
 * <p>Before it fails it reads on for a while and throws away what comes: a client that is still sending would miss the
 * answer otherwise.
 */
final class CountedBody extends FilterInputStream {
    private final long bytesMax;
    private final long drainedBytesMax;
    private long count;

    CountedBody(InputStream in, long bytesMax, long drainedBytesMax) {
        super(in);
        this.bytesMax = bytesMax;
        this.drainedBytesMax = drainedBytesMax;
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        if (next >= 0) {
            countUp(1);
        }
        return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        if (read > 0) {
            countUp(read);
        }
        return read;
    }

    private void countUp(int bytes) throws IOException {
        count += bytes;
        if (count > bytesMax) {
            byte[] discarded = new byte[16 * 1024];
            for (int read = 0; read >= 0 && count < drainedBytesMax; read = in.read(discarded)) {
                count += read;
            }
            throw ProblemException.of(
                    ProblemType.TOO_LARGE,
                    "The body has more than %d bytes: send at most that many, in several requests if need be."
                            .formatted(bytesMax));
        }
    }
}
