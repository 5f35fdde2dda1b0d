package dev.holdfast.product;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** What can be set of this service. */
@ConfigMapping(prefix = "product")
public interface ProductConfig {
    Vendors vendors();

    /** Where changes are told. */
    @WithDefault("product.events")
    String eventTopic();

    /** Whether what a change replaces is kept in {@code product_history}, and receipts of what changed nothing. */
    @WithDefault("true")
    boolean history();

    /** Whether changes are told at all. */
    @WithDefault("true")
    boolean events();

    Feed feed();

    Order order();

    Snapshot snapshot();

    /** Lists of everything that a vendor has. */
    interface Snapshot {
        /**
         * The share of a vendor's live products that a snapshot may delete by itself, 0 to 1; one that would delete more
         * is held until an operator decides. A larger value lets a larger mistake of a vendor through.
         */
        @WithDefault("0.2")
        double deleteShareMax();

        /** How long after its first message a snapshot may become complete; later it is given up, and deletes nothing. */
        @WithDefault("1h")
        Duration timeout();

        /** How often it is looked whether a snapshot is complete: how late its deletions begin, at most. */
        @WithDefault("1s")
        String interval();

        /** Deletions in one transaction. More make rivals wait longer for the same rows. */
        @WithDefault("500")
        int batchSize();
    }

    Archive archive();

    Retention retention();

    /** Moves the content of products that were deleted long ago out of the table that everyone reads. */
    interface Archive {
        /** How long a product stays deleted before. Longer keeps more of them in the table, at no cost to live reads. */
        @WithDefault("30d")
        Duration after();

        /** Products in one transaction. More save commits, and make a message for one of them wait longer. */
        @WithDefault("500")
        int batchSize();

        /** Transactions in one run, so that it ends; the next run goes on. More clear a backlog sooner. */
        @WithDefault("200")
        int batchesMax();

        /** When, as a cron expression with seconds in the server's time zone; {@code off} for never. */
        @WithDefault("0 0 * * * ?")
        String schedule();
    }

    /**
     * How long things are kept. What is too old goes by the month, when all of it is too old, and never within 30 days.
     * An empty value keeps for ever.
     */
    interface Retention {
        /** What products were before. Longer lets older versions be seen and restored, and takes more room. */
        @WithDefault("400d")
        Optional<Duration> history();

        /** The fate of messages that changed nothing. */
        @WithDefault("90d")
        Optional<Duration> receipts();

        /** The content of archived products, for ever by default: without it they cannot be restored by hand. */
        Optional<Duration> archive();

        /** For how many months partitions are made ahead, 0 to 24: how long the service may stand still, in effect. */
        @WithDefault("3")
        int monthsAhead();

        /** When, besides at every start, as a cron expression with seconds; {@code off} for at starts only. */
        @WithDefault("0 30 3 * * ?")
        String schedule();
    }

    /** The way in from the topic. */
    interface Feed {
        @WithDefault("vendor.products")
        String topic();

        /** Instances of one group share the partitions. */
        @WithDefault("product-ingest")
        String group();

        /** How long the partitions of an instance that died wait for another. */
        @WithDefault("10s")
        Duration sessionTimeout();

        /** Messages in one transaction, to which slow ones shrink. */
        @WithDefault("50")
        int batchSizeMin();

        /**
         * Messages in one transaction, at most. Larger saves round trips and commits; beyond 1,000 it only makes rivals
         * wait longer. Twice as many are buffered per partition.
         */
        @WithDefault("1000")
        int batchSizeMax();

        /**
         * The least time between two transactions of a partition with fewer than {@link #batchSizeMin()} messages. Longer
         * saves transactions of a steady trickle, and lets a message that follows another one wait for as long.
         */
        @WithDefault("20ms")
        Duration gather();

        /**
         * How long the broker holds a fetch back that has little to bring. Longer saves requests of a steady trickle, and
         * lets a message wait for as long.
         */
        @WithDefault("5ms")
        Duration fetchWait();

        /** Below it, full transactions grow. */
        @WithDefault("20ms")
        Duration transactionTimeMin();

        /** Above it, transactions shrink. Longer ones hold their row locks longer. */
        @WithDefault("50ms")
        Duration transactionTimeMax();

        /** The first pause after a failure that is not the data's fault; it doubles up to {@link #retryDelayMax()}. */
        @WithDefault("100ms")
        Duration retryDelayMin();

        /** The longest pause: how late the feed notices that the database is back. */
        @WithDefault("2s")
        Duration retryDelayMax();

        /**
         * After which the database counts as silent and a transaction is tried anew. Longer than any transaction takes;
         * it ends the wait for a line that has died without a word.
         */
        @WithDefault("30s")
        Duration answerTimeout();

        /** How often messages that wait are looked through, besides at once when a GTIN becomes free. */
        @WithDefault("1s")
        String waitingInterval();

        /** How often the books are checked for health and metrics: how old what they say is, at most. */
        @WithDefault("5s")
        String surveyInterval();

        Breaker breaker();

        Fairness fairness();

        /** Stops a partition that would go to quarantine message by message: a broken deployment must not drain it. */
        interface Breaker {
            /** How many of the latest messages are looked at. More make it slower to open. */
            @WithDefault("500")
            int window();

            /** The share of them in quarantine above which it opens, 0 to 1. */
            @WithDefault("0.5")
            double shareMax();

            /** After which it tries one batch by itself. */
            @WithDefault("1m")
            Duration delay();
        }

        /** Lets others pass when one vendor floods a partition. */
        interface Fairness {
            /** How many of the latest messages are looked at. */
            @WithDefault("10000")
            int window();

            /** The share of them that one vendor may have while others have any, 0 to 1; 1 switches it off. */
            @WithDefault("0.8")
            double shareMax();

            /**
             * How long the messages of a flood wait at most for its end. Longer lets others pass for longer, and keeps more
             * messages in the database.
             */
            @WithDefault("1m")
            Duration waitMax();

            /** Messages that a partition must be behind before anyone has to wait. */
            @WithDefault("20000")
            long lagMin();
        }

        /**
         * How far ahead of ours a vendor's clock may be, for vendors whose versions are its time. A message from further
         * ahead is refused, because nothing newer could be applied until then. Larger forgives worse clocks.
         */
        @WithDefault("5m")
        Duration futureSkewMax();
    }

    /** Whose messages are taken: the vendor master, which its DBAs own. */
    interface Vendors {
        /** Where in the database it is. The service's role needs {@code USAGE} there, and {@code SELECT}. */
        @WithDefault("vendor_master")
        String schema();

        /**
         * The time between two readings of all vendors: how long one that was switched off is still accepted. Larger
         * spares the database.
         */
        @WithDefault("10s")
        Duration refresh();

        /**
         * Nobody is refused as unknown or not active on a reading older than this; another one is made first, at most
         * one in this time. Larger makes vendors that were registered just now wait, and spares the database when a feed
         * is full of strangers.
         */
        @WithDefault("1s")
        Duration recheckAfter();

        /** How long a start waits for the first reading; then it fails. Larger lets the database come later. */
        @WithDefault("30s")
        Duration firstReading();

        /** How long one reading may take. Larger waits longer before a refusal while the database is slow. */
        @WithDefault("2s")
        Duration patience();
    }

    /** From the shown price to the settled order. */
    interface Order {
        /** Where it is told what becomes of orders. */
        @WithDefault("order.events")
        String eventTopic();

        /**
         * How long an order waits for its payment before it is cancelled. Longer forgives a longer outage of payments
         * and holds prices for longer.
         */
        @WithDefault("15m")
        Duration paymentTimeout();

        /** How often overdue orders are looked for. Longer costs the database less and cancels later. */
        @WithDefault("5s")
        Duration sweepInterval();

        /** Overdue orders cancelled in one transaction. More save commits and make a payment of one of them wait longer. */
        @WithDefault("100")
        int sweepBatchSize();
    }
}
