package dev.holdfast.payments.transfer;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a batch is decided on: the locked accounts, what its ids stand for already, and what the decisions so far have
 * changed. Remembers how to take changes back, for a chain that fails half-way.
 */
final class Ledger {
    private final Instant now;
    private final Map<Long, AccountState> accounts = new HashMap<>();
    private final Map<UUID, RecordedTransfer> transfers = new HashMap<>();
    private final Map<UUID, Hold> holds = new HashMap<>();
    private final Set<UUID> reversed;

    private final Set<Long> movedAccounts = new LinkedHashSet<>();
    private final Map<UUID, RecordedTransfer> recorded = new LinkedHashMap<>();
    private final Set<UUID> newHolds = new LinkedHashSet<>();
    private final Set<UUID> changedHolds = new LinkedHashSet<>();
    private final Map<UUID, UUID> newReversals = new LinkedHashMap<>();
    private final Deque<Runnable> undo = new ArrayDeque<>();

    /**
     * @param now at which everything of the batch is recorded, unless an account has a later entry
     * @param reversed transfers that have gone back
     */
    Ledger(
            Instant now,
            Collection<AccountState> accounts,
            Collection<RecordedTransfer> transfers,
            Collection<Hold> holds,
            Collection<UUID> reversed) {
        Instant latest = now;
        for (AccountState account : accounts) {
            this.accounts.put(account.id(), account);
            Instant entry = account.lastEntryAt();
            latest = entry != null && entry.isAfter(latest) ? entry : latest;
        }
        this.now = latest;
        transfers.forEach(transfer -> this.transfers.put(transfer.id(), transfer));
        holds.forEach(hold -> this.holds.put(hold.id(), hold));
        this.reversed = new HashSet<>(reversed);
    }

    Instant now() {
        return now;
    }

    @Nullable AccountState account(long id) {
        return accounts.get(id);
    }

    @Nullable RecordedTransfer transfer(UUID id) {
        return transfers.get(id);
    }

    @Nullable Hold hold(UUID id) {
        return holds.get(id);
    }

    boolean isReversed(UUID transfer) {
        return reversed.contains(transfer);
    }

    void move(AccountState changed) {
        AccountState before = accounts.put(changed.id(), changed);
        boolean first = movedAccounts.add(changed.id());
        undo.push(() -> {
            accounts.put(changed.id(), before);
            if (first) {
                movedAccounts.remove(changed.id());
            }
        });
    }

    void record(RecordedTransfer transfer) {
        transfers.put(transfer.id(), transfer);
        recorded.put(transfer.id(), transfer);
        undo.push(() -> {
            transfers.remove(transfer.id());
            recorded.remove(transfer.id());
        });
    }

    void addHold(Hold hold) {
        holds.put(hold.id(), hold);
        newHolds.add(hold.id());
        undo.push(() -> {
            holds.remove(hold.id());
            newHolds.remove(hold.id());
        });
    }

    void changeHold(Hold changed) {
        Hold before = holds.put(changed.id(), changed);
        boolean first = !newHolds.contains(changed.id()) && changedHolds.add(changed.id());
        undo.push(() -> {
            holds.put(changed.id(), before);
            if (first) {
                changedHolds.remove(changed.id());
            }
        });
    }

    void reverse(UUID transfer, UUID by) {
        reversed.add(transfer);
        newReversals.put(transfer, by);
        undo.push(() -> {
            reversed.remove(transfer);
            newReversals.remove(transfer);
        });
    }

    /** What is changed from here on can be taken back. */
    void mark() {
        undo.clear();
    }

    /** As it was at the mark. */
    void takeBack() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }

    /** What is to be written, once all is decided. */
    List<AccountState> movedAccounts() {
        return movedAccounts.stream().map(accounts::get).toList();
    }

    List<RecordedTransfer> recorded() {
        return List.copyOf(recorded.values());
    }

    List<Hold> newHolds() {
        return newHolds.stream().map(holds::get).toList();
    }

    List<Hold> changedHolds() {
        return changedHolds.stream().map(holds::get).toList();
    }

    Map<UUID, UUID> newReversals() {
        return newReversals;
    }
}
