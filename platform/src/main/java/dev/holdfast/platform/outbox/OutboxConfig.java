package dev.holdfast.platform.outbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How events leave. */
@ConfigMapping(prefix = "holdfast.outbox")
public interface OutboxConfig {
    /** The CloudEvents source of everything this service says, an absolute URI or a path such as {@code /product-ingest}. */
    String source();

    /** False: this instance appends and leaves the sending to others. */
    @WithDefault("true")
    boolean relayEnabled();

    /** Events claimed and sent at once per shard. More is faster from a backlog and sends more twice after a crash. */
    @WithDefault("1000")
    int claimSize();

    /** How long a shard stays with an instance that fell silent. Longer means a later take-over. */
    @WithDefault("10s")
    Duration leaseDuration();

    /** The first pause of an idle shard; it doubles up to {@link #pollMax()}. A wake-up ends any pause. */
    @WithDefault("5ms")
    Duration pollMin();

    /**
     * The least time between two claims of a shard that were not full. Longer gathers more events into a claim, and lets
     * an event that follows another one wait for as long.
     */
    @WithDefault("50ms")
    Duration gather();

    /** The longest pause: how late this instance notices what another wrote. Longer costs the database less. */
    @WithDefault("200ms")
    Duration pollMax();
}
