package dev.holdfast.platform.inbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How patiently a record is tried again that failed through no fault of its own. */
@ConfigMapping(prefix = "holdfast.receiver")
public interface ReceiverConfig {
    /** The first pause; it doubles up to {@link #retryDelayMax()}. */
    @WithDefault("100ms")
    Duration retryDelayMin();

    /** The longest pause: how late a topic is taken up again once the surroundings are back. */
    @WithDefault("2s")
    Duration retryDelayMax();
}
