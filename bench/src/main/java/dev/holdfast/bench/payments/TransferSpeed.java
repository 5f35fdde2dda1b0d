package dev.holdfast.bench.payments;

import dev.holdfast.bench.Comparison;
import dev.holdfast.bench.Goal;
import dev.holdfast.bench.Run;
import dev.holdfast.bench.Scale;
import dev.holdfast.bench.Servers;
import dev.holdfast.bench.Subject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How fast money moves: 10,000 accounts, picked alike or by Zipf's law, and 2 hot ones. The product records each transfer with
 * both balances, its id for ever, and an event that its relay sends; the peers record a transfer and two entries.
 */
public final class TransferSpeed implements Comparison {
    private static final int CLIENTS = 8;
    private static final int BATCH = 1_000;
    private static final int BATCHES_EACH = Scale.of(10);
    private static final int PLAIN_EACH = Scale.of(1_500);
    private static final int MANY = 64;
    private static final int REQUESTS_EACH = Scale.of(400);
    private static final int SINGLE = Scale.of(2_000);
    private static final int COMMANDS = Scale.of(50_000);
    /** As autovacuum does after a minute. */
    private static final String ANALYZE = "ANALYZE";

    private static final String INTERACTIVE =
            "an interactive transaction with FOR UPDATE in the order of the ids, plain JDBC, 8 connections";

    private static final String ATOMIC =
            "an atomic UPDATE of both accounts in one statement, payer first, plain JDBC, 8 connections, deadlocks retried";
    private static final String ORDERED =
            "an atomic UPDATE of each account in the order of the ids, plain JDBC, 8 connections";
    private @Nullable Run uniform;

    @Override
    public List<Subject> subjects() {
        return List.of(
                new Subject("payments-batch-uniform", "transfers/s", INTERACTIVE, new Goal.RatioAtLeast(5)),
                new Subject("payments-batch-zipf", "transfers/s", INTERACTIVE, null),
                new Subject("payments-batch-hot", "transfers/s", INTERACTIVE, new Goal.RatioAtLeast(15)),
                new Subject("payments-atomic-uniform", "transfers/s", ATOMIC, null),
                new Subject("payments-atomic-hot", "transfers/s", ATOMIC, null),
                new Subject("payments-ordered-uniform", "transfers/s", ORDERED, null),
                new Subject("payments-ordered-hot", "transfers/s", ORDERED, null),
                new Subject(
                        "payments-hot-beside-uniform",
                        "transfers/s",
                        "its own batches on 10,000 accounts",
                        new Goal.RatioAtLeast(0.8)),
                new Subject(
                        "payments-requests",
                        "transfers/s",
                        "a PL/pgSQL function per transfer, plain JDBC, 64 connections",
                        null),
                new Subject(
                        "payments-single-p50",
                        "ms",
                        "its own function from plain JDBC, plus the least that HTTP takes here",
                        new Goal.RatioAtMost(1.5)),
                new Subject("payments-topic", "transfers/s", INTERACTIVE, null),
                new Subject(
                        "payments-bytes-per-transfer",
                        "bytes",
                        "a row per transfer and two entries with their keys",
                        new Goal.ValueBelow(261)));
    }

    @Override
    public boolean warmsUpInEachRun() {
        return true;
    }

    @Override
    public List<Run> product(Servers servers) throws Exception {
        Crowd everyone = Crowd.uniform(PaymentsService.ACCOUNTS);
        Crowd two = Crowd.uniform(2);
        try (var service = PaymentsService.start(servers)) {
            service.requests(everyone, MANY, REQUESTS_EACH);
            service.single(SINGLE);
            service.batches(everyone, CLIENTS, 2 * BATCHES_EACH, BATCH);
            service.schema().execute(ANALYZE);
            uniform = service.batches(everyone, CLIENTS, BATCHES_EACH, BATCH);
            Run zipf = service.batches(Crowd.zipf(PaymentsService.ACCOUNTS), CLIENTS, BATCHES_EACH, BATCH);
            Run hot = service.batches(two, CLIENTS, BATCHES_EACH, BATCH);
            Run requests = service.requests(everyone, MANY, REQUESTS_EACH);
            Run single = service.single(SINGLE);
            Run topic = service.commands(everyone, COMMANDS);
            return List.of(
                    uniform,
                    zipf,
                    hot,
                    uniform,
                    hot,
                    uniform,
                    hot,
                    hot,
                    requests,
                    single,
                    topic,
                    topic.withValue(service.bytesPerTransfer()));
        }
    }

    @Override
    public List<Run> peer(Servers servers) throws Exception {
        Run beside = uniform;
        if (beside == null) {
            throw new IllegalStateException("The product runs first");
        }
        Run single;
        try (var service = PaymentsService.start(servers)) {
            PlainLedger.ownFunctionAlone(servers, service.schema(), SINGLE);
            Run function = PlainLedger.ownFunctionAlone(servers, service.schema(), SINGLE);
            single = function.withValue(function.value() + PlainLedger.httpFloorMs(SINGLE));
        }
        Crowd everyone = Crowd.uniform(PaymentsService.ACCOUNTS);
        Crowd two = Crowd.uniform(2);
        PlainLedger ledger = PlainLedger.fresh(servers);
        ledger.interactive(everyone, CLIENTS, PLAIN_EACH / 3);
        ledger.schema().execute(ANALYZE);
        Run interactive = ledger.interactive(everyone, CLIENTS, PLAIN_EACH);
        Run zipf = ledger.interactive(Crowd.zipf(PaymentsService.ACCOUNTS), CLIENTS, PLAIN_EACH);
        Run hot = ledger.interactive(two, CLIENTS, PLAIN_EACH / 2);
        Run atomic = ledger.atomicUpdate(everyone, CLIENTS, PLAIN_EACH);
        Run atomicHot = ledger.atomicUpdate(two, CLIENTS, PLAIN_EACH);
        Run ordered = ledger.orderedAtomicUpdate(everyone, CLIENTS, PLAIN_EACH);
        Run orderedHot = ledger.orderedAtomicUpdate(two, CLIENTS, PLAIN_EACH / 2);
        Run function = ledger.function(everyone, MANY, REQUESTS_EACH);
        ledger.check();
        return List.of(
                interactive,
                zipf,
                hot,
                atomic,
                atomicHot,
                ordered,
                orderedHot,
                beside,
                function,
                single,
                interactive,
                function.withValue(ledger.bytesPerTransfer()));
    }
}
