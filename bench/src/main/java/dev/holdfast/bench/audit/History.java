package dev.holdfast.bench.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Who had which e-mail address when. */
interface History extends AutoCloseable {
    /** Returns when the change cannot be lost any more. May be called by several threads at once. */
    void change(long user, String address) throws Exception;

    /** The address that the user had then, or null where there was none yet. */
    @Nullable String asOf(long user, Instant moment) throws Exception;

    /** How many addresses are kept, those of the past and the current ones, of all users. */
    long versions() throws Exception;

    /** What they take on disk with all their indexes. */
    long bytes() throws Exception;

    /** Throws unless everybody's versions follow each other without a gap, up to the current address. */
    void check() throws Exception;

    @Override
    void close();
}
