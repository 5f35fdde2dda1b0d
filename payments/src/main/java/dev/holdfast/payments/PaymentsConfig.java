package dev.holdfast.payments;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What can be set of this service. */
@ConfigMapping(prefix = "payments")
public interface PaymentsConfig {
    /** Where outcomes are told. */
    @WithDefault("payment.events")
    String eventTopic();

    /** Of the accounts that registered users get, ISO 4217. */
    @WithDefault("EUR")
    String currency();

    /** Owner of the accounts that orders are paid to, one per currency; opened with the first order. */
    @WithDefault("shop")
    String merchant();

    Transfers transfers();

    Holds holds();

    /** How transfers are decided and written. */
    interface Transfers {
        /** Transfers in one transaction. More gain little and make the last one wait for the first. */
        @WithDefault("1000")
        int batchSize();

        /** Transactions under way at once in this instance. More help against a slow disk, and fight for hot accounts. */
        @WithDefault("2")
        int lanes();

        /** Transfers that may wait for a lane; whoever comes then is asked to come again. More let a caller wait longer. */
        @WithDefault("16000")
        int waitingMax();

        /** How long ago a transfer may take effect. Longer makes a balance as of an effective time look through more. */
        @WithDefault("90d")
        Duration backdatingMax();
    }

    /** Money that is set aside for a payee. */
    interface Holds {
        /** How long a hold lasts that does not say. */
        @WithDefault("7d")
        Duration lifetime();

        /** How long a hold may last at most. */
        @WithDefault("90d")
        Duration lifetimeMax();

        /** How often expired holds are released: how late, at most. The money of one cannot be captured in between. */
        @WithDefault("1s")
        String sweepInterval();
    }

    Proof proof();

    /** That no money was made or lost. */
    interface Proof {
        /** How often it is proven. More often finds a violation sooner, and reads each new entry once all the same. */
        @WithDefault("10s")
        String interval();
    }
}
