package dev.holdfast.payments.proof;

import dev.holdfast.payments.account.AccountService;
import dev.holdfast.payments.proof.ProofStore.Judged;
import dev.holdfast.platform.postgres.Transactions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Goes through all accounts that changed since they were proven, a batch per transaction, and freezes those that do not add up.
 * A proof that gets to its end covers every account: those it did not look at are as they were proven before.
 */
final class ConservationProof {
    private static final Logger LOG = Logger.getLogger(ConservationProof.class);
    private static final int BATCH = 500;

    private final Transactions transactions;
    private final Clock clock;
    private volatile @Nullable ProofReport latest;

    ConservationProof(Transactions transactions, Clock clock, MeterRegistry meters) {
        this.transactions = transactions;
        this.clock = clock;
        Gauge.builder("holdfast.payments.proof.age", this, ConservationProof::ageSeconds)
                .description("Since the latest proof that covered every account; NaN before the first")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder("holdfast.payments.proof.violations", this, ConservationProof::violations)
                .description("Accounts and currencies that did not add up in the latest proof")
                .register(meters);
    }

    private double ageSeconds() {
        ProofReport report = latest;
        return report == null
                ? Double.NaN
                : Duration.between(report.provenAt(), clock.instant()).toMillis() / 1_000.0;
    }

    private double violations() {
        ProofReport report = latest;
        return report == null ? 0 : report.violations().size();
    }

    Optional<ProofReport> latest() {
        return Optional.ofNullable(latest);
    }

    /** Empty when another instance is adding up just now; what each has read of the accounts is read once all the same. */
    Uni<Optional<ProofReport>> run() {
        Instant start = clock.instant();
        return transactions
                .inTransaction(connection -> ProofStore.enterAlone(connection)
                        .chain(alone -> alone
                                ? ProofStore.sums(connection).map(Optional::of)
                                : Uni.createFrom().item(Optional.<List<Violation>>empty())))
                .chain(sums -> sums.isEmpty()
                        ? Uni.createFrom().item(Optional.<ProofReport>empty())
                        : accounts(0, new ArrayList<>())
                                .map(judged -> Optional.of(report(start, sums.get(), judged)))
                                .invoke(report -> latest = report.orElseThrow()));
    }

    private Uni<List<Judged>> accounts(long after, List<Judged> judged) {
        return transactions
                .inTransaction(connection -> ProofStore.advance(connection, after, BATCH)
                        .call(batch -> freeze(
                                connection,
                                batch.stream().filter(one -> !one.holds()).toList())))
                .chain(batch -> {
                    judged.addAll(batch);
                    return batch.size() < BATCH
                            ? Uni.createFrom().item(judged)
                            : accounts(batch.getLast().account(), judged);
                });
    }

    private static Uni<Void> freeze(SqlConnection connection, List<Judged> wrong) {
        Uni<Void> all = Uni.createFrom().voidItem();
        for (Judged one : wrong) {
            LOG.errorf("%s: it is frozen", one.detail());
            all = all.chain(() -> AccountService.freeze(connection, one.account(), one.detail()))
                    .replaceWithVoid();
        }
        return all;
    }

    private static ProofReport report(Instant start, List<Violation> sums, List<Judged> judged) {
        var violations = new ArrayList<>(sums);
        judged.stream()
                .filter(one -> !one.holds())
                .forEach(one -> violations.add(new Violation(one.account(), one.detail())));
        return new ProofReport(
                start, judged.size(), judged.stream().mapToLong(Judged::entries).sum(), List.copyOf(violations));
    }
}
