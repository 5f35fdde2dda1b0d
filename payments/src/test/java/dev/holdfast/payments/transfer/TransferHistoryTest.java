package dev.holdfast.payments.transfer;

import static dev.holdfast.payments.transfer.Bank.OPERATOR;
import static dev.holdfast.payments.transfer.Bank.await;
import static dev.holdfast.payments.transfer.Bank.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.HoldfastExtension;
import dev.holdfast.testkit.RaceGate;
import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What many clients were told at once is what one client would have been told, one request after the other: the recorded
 * history, replayed in the order of its commits on a ledger in memory, gives the same answers, refusals and evidence included.
 */
@ExtendWith(HoldfastExtension.class)
class TransferHistoryTest {
    private static final int ACCOUNTS = 6;
    private static final int WORKERS = 16;
    private static final int ROUNDS = 40;

    private record Answered(Submission submission, List<TransferResult> results) {}

    /** The ledger of a single thread. */
    private static final class Model {
        private final Map<Long, AccountState> accounts = new HashMap<>();
        private final Map<UUID, RecordedTransfer> transfers = new HashMap<>();
        private final Map<UUID, Hold> holds = new HashMap<>();
        private final Set<UUID> reversed = new HashSet<>();

        void open(long id, String owner, Long limit) {
            accounts.put(id, new AccountState(id, owner, "EUR", limit, false, false, 0, 0, 0, 0, 0, null));
        }

        List<TransferResult> decide(Submission submission, Instant at) {
            var ledger = new Ledger(at, accounts.values(), transfers.values(), holds.values(), reversed);
            List<TransferResult> results = Bank.RULES.decide(ledger, submission);
            ledger.movedAccounts().forEach(account -> accounts.put(account.id(), account));
            ledger.recorded().forEach(transfer -> transfers.put(transfer.id(), transfer));
            ledger.newHolds().forEach(hold -> holds.put(hold.id(), hold));
            ledger.changedHolds().forEach(hold -> holds.put(hold.id(), hold));
            reversed.addAll(ledger.newReversals().keySet());
            return results;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void isThatOfASingleThread(long seed, TestSchema schema) throws InterruptedException {
        // Given
        Bank bank = Bank.in(schema);
        Pool otherPool = schema.openPool(8);
        var batchers = List.of(
                new TransferBatcher(bank.service, 20, 2, 16_000, new TransferMetrics(bank.meters)),
                new TransferBatcher(bank.serviceOn(otherPool), 20, 2, 16_000, new TransferMetrics(bank.meters)));
        var model = new Model();
        model.open(bank.world, "the world", null);
        List<Long> accounts = new ArrayList<>(List.of(bank.world));
        for (int i = 0; i < ACCOUNTS; i++) {
            long account = bank.open("owner", "EUR", (long) (i % 3) * 10);
            model.open(account, "owner", (long) (i % 3) * 10);
            accounts.add(account);
        }
        var asked = new ConcurrentLinkedQueue<Transfer>();
        var answers = new ConcurrentLinkedQueue<Answered>();

        // When
        RaceGate.race(WORKERS, worker -> {
                    var random = new Random(seed * 1_000 + worker);
                    return () -> {
                        for (int round = 0; round < ROUNDS; round++) {
                            Submission submission = random(random, accounts, List.copyOf(asked));
                            List<TransferResult> results =
                                    await(batchers.get(worker % 2).submit(submission));
                            answers.add(new Answered(submission, results));
                            // only now: of what is not there yet, a capture's commit and the hold's have no order
                            asked.addAll(submission.transfers());
                        }
                        return worker;
                    };
                })
                .assertWinners(WORKERS, worker -> true);

        // Then
        bank.assertBooksAreRight();
        Map<UUID, Integer> order = commitOrder(bank);
        List<Answered> decided = answers.stream()
                .filter(one -> first(one, order) < Integer.MAX_VALUE)
                .sorted(Comparator.comparingInt(one -> first(one, order)))
                .toList();
        assertThat(decided.size()).isGreaterThan(WORKERS * ROUNDS / 2);
        for (Answered one : decided) {
            assertThat(model.decide(one.submission(), recordedAt(bank, one, order)))
                    .as(() -> one.submission().toString())
                    .isEqualTo(one.results());
        }
        otherPool.closeAndForget();
        bank.close();
    }

    /** The ids of the outbox rise in the order of the commits that had to wait for each other. */
    private static Map<UUID, Integer> commitOrder(Bank bank) {
        var order = new HashMap<UUID, Integer>();
        await(bank.pool.query("SELECT event_id FROM outbox ORDER BY id").execute())
                .forEach(row -> order.put(row.getUUID(0), order.size()));
        return order;
    }

    /** Where the submission that first brought an id stands; later ones were answered from the record. */
    private static int first(Answered one, Map<UUID, Integer> order) {
        int first = Integer.MAX_VALUE;
        for (int i = 0; i < one.results().size(); i++) {
            TransferResult result = one.results().get(i);
            boolean isNew = result instanceof TransferResult.Posted
                    || (result instanceof TransferResult.Refused refused
                            && !refused.repeated()
                            && !refused.refusal().reason().word().startsWith("id_exists"));
            if (isNew) {
                first = Math.min(
                        first, order.get(one.submission().transfers().get(i).id()));
            }
        }
        return first;
    }

    private static Instant recordedAt(Bank bank, Answered one, Map<UUID, Integer> order) {
        int first = first(one, order);
        UUID id = one.submission().transfers().stream()
                .map(Transfer::id)
                .filter(candidate -> order.getOrDefault(candidate, -1) == first)
                .findFirst()
                .orElseThrow();
        return bank.row("SELECT recorded_at FROM transfer WHERE id = '%s'".formatted(id))
                .getOffsetDateTime(0)
                .toInstant();
    }

    private static Submission random(Random random, List<Long> accounts, List<Transfer> before) {
        var transfers = new ArrayList<Transfer>();
        int size = random.nextInt(4) == 0 ? 3 : 1;
        boolean chain = size > 1 && random.nextBoolean();
        for (int i = 0; i < size; i++) {
            Transfer next = random(random, accounts, before, size == 1);
            transfers.add(chain && i < size - 1 ? next.linkedToNext() : next);
        }
        return new Submission(OPERATOR, transfers);
    }

    private static Transfer random(Random random, List<Long> accounts, List<Transfer> before, boolean mayRepeat) {
        long debit = accounts.get(random.nextInt(accounts.size()));
        long credit = accounts.get(random.nextInt(accounts.size()));
        long amount = random.nextLong(1, 21);
        UUID other = before.isEmpty()
                ? id()
                : before.get(random.nextInt(before.size())).id();
        return switch (random.nextInt(12)) {
            case 0 -> Transfer.hold(id(), debit, credit, amount, "EUR", null);
            case 1, 2 -> Transfer.capture(id(), other, random.nextBoolean() ? null : amount);
            case 3 -> Transfer.voidHold(id(), other);
            case 4 -> Transfer.reverse(id(), other);
            case 5 -> Transfer.post(id(), debit, credit, amount, "EUR").asBalancing();
            case 6 ->
                before.isEmpty() || !mayRepeat
                        ? Transfer.post(id(), debit, credit, amount, "EUR")
                        : before.get(random.nextInt(before.size()));
            default -> Transfer.post(id(), debit, credit, amount, "EUR");
        };
    }
}
