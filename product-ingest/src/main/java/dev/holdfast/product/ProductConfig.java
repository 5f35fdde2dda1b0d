package dev.holdfast.product;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Set;

/** What can be set of this service. */
@ConfigMapping(prefix = "product")
public interface ProductConfig {
    /** Vendors whose messages are taken; those of any other are quarantined. */
    Set<String> vendors();

    /** Where changes are told. */
    @WithDefault("product.events")
    String eventTopic();

    Feed feed();

    /** The way in from the topic. */
    interface Feed {
        /**
         * Messages in one transaction, at most. Larger saves round trips and commits; beyond 1,000 it only makes rivals
         * wait longer.
         */
        @WithDefault("1000")
        int batchSizeMax();

        /** The first pause after a failure that is not the data's fault; it doubles up to {@link #retryDelayMax()}. */
        @WithDefault("100ms")
        Duration retryDelayMin();

        /** The longest pause: how late the feed notices that the database is back. */
        @WithDefault("2s")
        Duration retryDelayMax();
    }
}
