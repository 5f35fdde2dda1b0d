package dev.holdfast.product.lifecycle;

import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.product.ProductConfig;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Keeps months of partitions ahead, and drops those that are too old as a whole: a drop costs the same however many rows
 * are in it, and leaves nothing to vacuum. Each table is a transaction of its own, and a second run finds nothing to do.
 */
final class Retention {
    private final Transactions transactions;
    private final ProductConfig.Retention config;
    private final Clock clock;

    Retention(Transactions transactions, ProductConfig.Retention config, Clock clock) {
        this.transactions = transactions;
        this.config = config;
        this.clock = clock;
    }

    private record Kept(String kind, Optional<Duration> retention) {}

    /** @param dryRun only tell what would be made and dropped */
    Uni<RetentionRun> run(boolean dryRun) {
        return Multi.createFrom()
                .items(
                        new Kept("history", config.history()),
                        new Kept("receipts", config.receipts()),
                        new Kept("archive", config.archive()))
                .onItem()
                .transformToUniAndConcatenate(kept -> keep(kept, dryRun))
                .collect()
                .asList()
                .map(tables -> new RetentionRun(dryRun, List.copyOf(tables)));
    }

    private Uni<RetentionRun.OfTable> keep(Kept kept, boolean dryRun) {
        Instant now = clock.instant();
        return transactions.inTransaction(connection -> RetentionStore.keep(
                connection,
                kept.kind(),
                LocalDate.ofInstant(now, ZoneOffset.UTC),
                config.monthsAhead(),
                kept.retention().map(now::minus).orElse(null),
                dryRun));
    }
}
