package dev.holdfast.platform.postgres;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How often and how patiently a transaction is run again. */
@ConfigMapping(prefix = "holdfast.transaction-retry")
public interface RetryConfig {
    /** Attempts in all, the first included. More survive a longer storm and keep a caller waiting longer. */
    @WithDefault("8")
    int maxAttempts();

    /** Upper bound of the first delay; it doubles with each attempt. Larger spreads rivals further apart. */
    @WithDefault("5ms")
    Duration delayMin();

    /** Upper bound of every delay. */
    @WithDefault("200ms")
    Duration delayMax();
}
