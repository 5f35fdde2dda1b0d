package dev.holdfast.payments.transfer;

import static dev.holdfast.payments.transfer.AccountState.COUNTER_MAX;

import dev.holdfast.payments.transfer.RecordedTransfer.Entry;
import dev.holdfast.platform.security.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of transfers, one after the other, each on what those before it left. Pure: nothing is read or
 * written but the {@link Ledger} that is handed in.
 *
 * <p>The first check that refuses gives the reason, in this order: whether the caller may; what the id stands for already;
 * the times; what the transfer is about; the accounts (unknown, closed, frozen, currency); the money.
 */
final class TransferRules {
    /** Stands above owners. */
    static final String OPERATOR = "operator";

    private final Duration backdatingMax;
    private final Duration holdLifetime;
    private final Duration holdLifetimeMax;

    TransferRules(Duration backdatingMax, Duration holdLifetime, Duration holdLifetimeMax) {
        this.backdatingMax = backdatingMax;
        this.holdLifetime = holdLifetime;
        this.holdLifetimeMax = holdLifetimeMax;
    }

    /** A result per transfer, in their order. */
    List<TransferResult> decide(Ledger ledger, Submission submission) {
        var results = new ArrayList<TransferResult>(submission.transfers().size());
        List<Transfer> transfers = submission.transfers();
        for (int start = 0; start < transfers.size(); start = results.size()) {
            int end = start;
            while (end < transfers.size() - 1 && transfers.get(end).linked()) {
                end++;
            }
            List<Transfer> chain = transfers.subList(start, end + 1);
            results.addAll(
                    chain.size() == 1 && !chain.getFirst().linked()
                            ? List.of(decide(ledger, submission.caller(), chain.getFirst()))
                            : decideChain(ledger, submission.caller(), chain));
        }
        results.replaceAll(result -> shownTo(ledger, submission.caller(), result));
        return results;
    }

    /** With the balance of no account but the caller's. */
    private static TransferResult shownTo(Ledger ledger, Caller caller, TransferResult result) {
        return switch (result) {
            case TransferResult.Posted posted ->
                new TransferResult.Posted(posted.transfer(), sides(ledger, caller, posted.transfer()));
            case TransferResult.Exists exists ->
                new TransferResult.Exists(exists.transfer(), sides(ledger, caller, exists.transfer()));
            case TransferResult.Refused refused -> refused;
            case TransferResult.Forbidden forbidden -> forbidden;
        };
    }

    private static Sides sides(Ledger ledger, Caller caller, RecordedTransfer transfer) {
        Long debit = transfer.debitAccount();
        Long credit = transfer.creditAccount();
        return Sides.of(
                debit != null && mayActFor(ledger, caller, debit), credit != null && mayActFor(ledger, caller, credit));
    }

    private TransferResult decide(Ledger ledger, Caller caller, Transfer transfer) {
        TransferResult result = attempt(ledger, caller, transfer);
        if (result instanceof TransferResult.Refused refused) {
            recordRefusal(ledger, transfer, refused);
        }
        return result;
    }

    /** The first outcome of an id stands. */
    private static void recordRefusal(Ledger ledger, Transfer transfer, TransferResult.Refused refused) {
        if (ledger.transfer(transfer.id()) == null) {
            ledger.record(RecordedTransfer.refused(transfer, refused.refusal(), ledger.now()));
        }
    }

    private List<TransferResult> decideChain(Ledger ledger, Caller caller, List<Transfer> chain) {
        ledger.mark();
        var results = new ArrayList<TransferResult>(chain.size());
        boolean known = chain.stream().anyMatch(transfer -> ledger.transfer(transfer.id()) != null);
        boolean closed = !chain.getLast().linked();
        int failed = -1;
        for (int i = 0; i < chain.size() && failed < 0; i++) {
            Transfer transfer = chain.get(i);
            boolean last = i == chain.size() - 1;
            TransferResult result = last && !closed && ledger.transfer(transfer.id()) == null
                    ? refused(Refusal.of(Reason.CHAIN_NOT_CLOSED))
                    : attempt(ledger, caller, transfer);
            results.add(result);
            boolean fine = known ? result instanceof TransferResult.Exists : result instanceof TransferResult.Posted;
            failed = fine ? failed : i;
        }
        return failed < 0 ? results : refuseChain(ledger, caller, chain, failed, results.get(failed));
    }

    /**
     * All of them, each under its own id: the one that failed for its reason, the others for its sake. Where the caller may not
     * do one of them, nothing of it is recorded, so nothing may be called refused.
     */
    private List<TransferResult> refuseChain(
            Ledger ledger, Caller caller, List<Transfer> chain, int failed, TransferResult why) {
        ledger.takeBack();
        boolean forbidden = why instanceof TransferResult.Forbidden;
        var results = new ArrayList<TransferResult>(chain.size());
        for (int i = 0; i < chain.size(); i++) {
            Transfer transfer = chain.get(i);
            TransferResult result;
            if (ledger.transfer(transfer.id()) != null) {
                result = attempt(ledger, caller, transfer);
            } else if (forbidden || (i == failed && !(why instanceof TransferResult.Posted))) {
                result = why;
            } else {
                result = refused(Refusal.of(Reason.LINKED_TRANSFER_REFUSED));
            }
            if (result instanceof TransferResult.Refused refused) {
                recordRefusal(ledger, transfer, refused);
            }
            results.add(result);
        }
        return results;
    }

    private TransferResult attempt(Ledger ledger, Caller caller, Transfer transfer) {
        RecordedTransfer original = transfer.kind().isAboutAnother() ? ledger.transfer(transfer.original()) : null;
        Long forbidden = forbiddenAccount(ledger, caller, transfer, original);
        if (forbidden != null) {
            return new TransferResult.Forbidden(forbidden);
        }
        RecordedTransfer known = ledger.transfer(transfer.id());
        if (known != null) {
            return repeated(known, transfer);
        }
        Refusal refusal = refuseTimes(ledger.now(), transfer);
        if (refusal != null) {
            return refused(refusal);
        }
        return switch (transfer.kind()) {
            case POST, HOLD -> move(ledger, transfer);
            case CAPTURE, VOID, EXPIRE -> settle(ledger, transfer, original);
            case REVERSE -> reverse(ledger, transfer, original);
        };
    }

    // ---- who may

    /** The account of someone else that the caller may not act on; null when the caller may. */
    private static @Nullable Long forbiddenAccount(
            Ledger ledger, Caller caller, Transfer transfer, @Nullable RecordedTransfer original) {
        if (!transfer.kind().isAboutAnother()) {
            Long debit = transfer.debitAccount();
            return debit == null || mayActFor(ledger, caller, debit) ? null : debit;
        }
        if (original == null || original.debitAccount() == null || original.creditAccount() == null) {
            return null;
        }
        long debit = original.debitAccount();
        long credit = original.creditAccount();
        boolean allowed = switch (transfer.kind()) {
            case CAPTURE -> mayActFor(ledger, caller, debit) || mayActFor(ledger, caller, credit);
            case EXPIRE -> caller.roles().contains(OPERATOR);
            default -> mayActFor(ledger, caller, credit);
        };
        return allowed ? null : Long.valueOf(credit);
    }

    /** Whether the caller could do this only with the rights of an operator. */
    static boolean neededTheRole(Ledger ledger, Caller caller, RecordedTransfer posted) {
        var ownerAlone = new Caller(caller.subject(), Set.of());
        Long debit = posted.debitAccount();
        Long credit = posted.creditAccount();
        if (debit == null || credit == null) {
            return false;
        }
        return !switch (posted.kind()) {
            case POST, HOLD -> mayActFor(ledger, ownerAlone, debit);
            case CAPTURE -> mayActFor(ledger, ownerAlone, debit) || mayActFor(ledger, ownerAlone, credit);
            case VOID -> mayActFor(ledger, ownerAlone, credit);
            case REVERSE -> mayActFor(ledger, ownerAlone, debit);
            case EXPIRE -> false;
        };
    }

    private static boolean mayActFor(Ledger ledger, Caller caller, long account) {
        AccountState found = ledger.account(account);
        return found == null || caller.mayActFor(found.owner(), OPERATOR);
    }

    // ---- the same id again

    private static TransferResult repeated(RecordedTransfer known, Transfer again) {
        Reason mismatch = mismatch(known, again);
        if (mismatch != null) {
            return refused(Refusal.of(mismatch));
        }
        Refusal refusal = known.refusal();
        return refusal == null ? new TransferResult.Exists(known) : new TransferResult.Refused(refusal, true);
    }

    private static @Nullable Reason mismatch(RecordedTransfer known, Transfer again) {
        boolean about = again.kind().isAboutAnother();
        if (known.kind() != again.kind()) {
            return Reason.ID_EXISTS_WITH_DIFFERENT_KIND;
        } else if (about && !Objects.equals(known.of(), again.of())) {
            return Reason.ID_EXISTS_WITH_DIFFERENT_ORIGINAL;
        } else if (!about && !Objects.equals(known.debitAccount(), again.debitAccount())) {
            return Reason.ID_EXISTS_WITH_DIFFERENT_DEBIT_ACCOUNT;
        } else if (!about && !Objects.equals(known.creditAccount(), again.creditAccount())) {
            return Reason.ID_EXISTS_WITH_DIFFERENT_CREDIT_ACCOUNT;
        } else if (!about && (known.balancingMinor() != null) != again.balancing()) {
            return Reason.ID_EXISTS_WITH_DIFFERENT_BALANCING;
        } else if (!Objects.equals(askedAmount(known), again.amountMinor())) {
            return Reason.ID_EXISTS_WITH_DIFFERENT_AMOUNT;
        } else if (!about && !Objects.equals(known.currency(), again.currency())) {
            return Reason.ID_EXISTS_WITH_DIFFERENT_CURRENCY;
        } else if (!Objects.equals(known.effectiveAt(), again.effectiveAt())
                && !known.recordedAt().equals(again.effectiveAt())) {
            return Reason.ID_EXISTS_WITH_DIFFERENT_EFFECTIVE_TIME;
        } else if (again.expiresAt() != null && !again.expiresAt().equals(known.expiresAt())) {
            return Reason.ID_EXISTS_WITH_DIFFERENT_EXPIRY;
        } else if (!Objects.equals(known.reference(), again.reference())) {
            return Reason.ID_EXISTS_WITH_DIFFERENT_REFERENCE;
        }
        return null;
    }

    /** Null where all was asked for: that is recorded as a balance which was there. */
    private static @Nullable Long askedAmount(RecordedTransfer known) {
        return switch (known.kind()) {
            case POST, HOLD -> known.balancingMinor() == null ? known.amountMinor() : known.balancingMinor();
            case CAPTURE -> known.balancingMinor() == null ? known.amountMinor() : null;
            case VOID, EXPIRE, REVERSE -> null;
        };
    }

    // ---- times

    private @Nullable Refusal refuseTimes(Instant now, Transfer transfer) {
        Instant effective = transfer.effectiveAt();
        Instant expires = transfer.expiresAt();
        if (effective != null && effective.isAfter(now)) {
            return Refusal.of(Reason.EFFECTIVE_IN_THE_FUTURE);
        } else if (effective != null && effective.isBefore(now.minus(backdatingMax))) {
            return Refusal.of(Reason.EFFECTIVE_TOO_LONG_AGO);
        } else if (expires != null && !expires.isAfter(now)) {
            return Refusal.of(Reason.EXPIRES_IN_THE_PAST);
        } else if (expires != null && expires.isAfter(now.plus(holdLifetimeMax))) {
            return Refusal.of(Reason.EXPIRES_TOO_LATE);
        }
        return null;
    }

    // ---- money

    private TransferResult move(Ledger ledger, Transfer transfer) {
        Long debitId = transfer.debitAccount();
        Long creditId = transfer.creditAccount();
        if (Objects.equals(debitId, creditId)) {
            return refused(Refusal.of(Reason.SAME_ACCOUNT));
        }
        AccountState debit = debitId == null ? null : ledger.account(debitId);
        AccountState credit = creditId == null ? null : ledger.account(creditId);
        Refusal refusal = refuseAccounts(debit, credit, transfer.currency());
        if (refusal != null || debit == null || credit == null) {
            return refused(Objects.requireNonNull(refusal));
        }
        long asked = Objects.requireNonNull(transfer.amountMinor(), "a post and a hold have an amount");
        long amount = transfer.balancing() ? Math.min(asked, Math.max(debit.available(), 0)) : asked;
        refusal = refuseMoney(debit, credit, amount == 0 ? asked : amount);
        if (refusal != null) {
            return refused(refusal);
        }
        if (transfer.kind() == Kind.HOLD) {
            Instant expiresAt = transfer.expiresAt() == null ? ledger.now().plus(holdLifetime) : transfer.expiresAt();
            ledger.addHold(new Hold(transfer.id(), amount, expiresAt, Hold.State.OPEN));
            return write(
                    ledger, transfer, amount, debit.moved(0, 0, amount, 0), credit.moved(0, 0, 0, amount), expiresAt);
        }
        return write(ledger, transfer, amount, debit.moved(amount, 0, 0, 0), credit.moved(0, amount, 0, 0), null);
    }

    private static TransferResult settle(Ledger ledger, Transfer transfer, @Nullable RecordedTransfer original) {
        if (original == null || original.entry() == null) {
            return refused(Refusal.of(Reason.HOLD_UNKNOWN));
        }
        Hold hold = ledger.hold(original.id());
        if (hold == null) {
            return refused(Refusal.of(Reason.NOT_A_HOLD));
        }
        AccountState debit = accountOf(ledger, original.debitAccount());
        AccountState credit = accountOf(ledger, original.creditAccount());
        Refusal refusal = refuseHold(ledger.now(), transfer, hold, debit);
        if (refusal != null) {
            return refused(refusal);
        }
        if (transfer.kind() != Kind.CAPTURE) {
            long released = hold.remainingMinor();
            ledger.changeHold(hold.ended(transfer.kind() == Kind.VOID ? Hold.State.VOIDED : Hold.State.EXPIRED));
            return write(
                    ledger,
                    transfer,
                    released,
                    debit.moved(0, 0, -released, 0),
                    credit.moved(0, 0, 0, -released),
                    null);
        }
        long amount = transfer.amountMinor() == null ? hold.remainingMinor() : transfer.amountMinor();
        refusal = refuseAccounts(debit, credit, debit.currency());
        if (refusal == null && amount > hold.remainingMinor()) {
            refusal = Refusal.of(Reason.EXCEEDS_HOLD, debit, hold.remainingMinor(), amount);
        }
        if (refusal == null) {
            refusal = refuseCounters(debit, credit, amount);
        }
        if (refusal != null) {
            return refused(refusal);
        }
        ledger.changeHold(hold.captured(amount));
        return write(
                ledger,
                transfer,
                amount,
                debit.moved(amount, 0, -amount, 0),
                credit.moved(0, amount, 0, -amount),
                null);
    }

    private static @Nullable Refusal refuseHold(Instant now, Transfer transfer, Hold hold, AccountState debit) {
        return switch (hold.state()) {
            case CAPTURED -> Refusal.of(Reason.HOLD_CAPTURED, debit);
            case VOIDED -> Refusal.of(Reason.HOLD_VOIDED, debit);
            case EXPIRED -> Refusal.of(Reason.HOLD_EXPIRED, debit);
            case OPEN ->
                transfer.kind() == Kind.CAPTURE && !hold.expiresAt().isAfter(now)
                        ? Refusal.of(Reason.HOLD_EXPIRED, debit)
                        : null;
        };
    }

    private static TransferResult reverse(Ledger ledger, Transfer transfer, @Nullable RecordedTransfer original) {
        if (original == null || original.entry() == null) {
            return refused(Refusal.of(Reason.TRANSFER_UNKNOWN));
        } else if (original.kind() != Kind.POST && original.kind() != Kind.CAPTURE) {
            return refused(Refusal.of(Reason.NOT_REVERSIBLE));
        } else if (ledger.isReversed(original.id())) {
            return refused(Refusal.of(Reason.REVERSED_BEFORE));
        }
        AccountState debit = accountOf(ledger, original.creditAccount());
        AccountState credit = accountOf(ledger, original.debitAccount());
        long amount = Objects.requireNonNull(original.amountMinor(), "an accepted transfer has an amount");
        Refusal refusal = refuseAccounts(debit, credit, debit.currency());
        if (refusal == null) {
            refusal = refuseMoney(debit, credit, amount);
        }
        if (refusal != null) {
            return refused(refusal);
        }
        ledger.reverse(original.id(), transfer.id());
        return write(ledger, transfer, amount, debit.moved(amount, 0, 0, 0), credit.moved(0, amount, 0, 0), null);
    }

    private static AccountState accountOf(Ledger ledger, @Nullable Long id) {
        return Objects.requireNonNull(
                ledger.account(Objects.requireNonNull(id, "an accepted transfer has accounts")),
                "the accounts of what a transfer is about are locked with it");
    }

    private static @Nullable Refusal refuseAccounts(
            @Nullable AccountState debit, @Nullable AccountState credit, @Nullable String currency) {
        if (debit == null) {
            return Refusal.of(Reason.DEBIT_ACCOUNT_UNKNOWN);
        } else if (credit == null) {
            return Refusal.of(Reason.CREDIT_ACCOUNT_UNKNOWN);
        } else if (debit.closed()) {
            return Refusal.of(Reason.DEBIT_ACCOUNT_CLOSED, debit);
        } else if (credit.closed()) {
            return Refusal.of(Reason.CREDIT_ACCOUNT_CLOSED, credit);
        } else if (debit.frozen()) {
            return Refusal.of(Reason.DEBIT_ACCOUNT_FROZEN, debit);
        } else if (credit.frozen()) {
            return Refusal.of(Reason.CREDIT_ACCOUNT_FROZEN, credit);
        } else if (!debit.currency().equals(currency)) {
            return Refusal.of(Reason.DEBIT_ACCOUNT_OF_OTHER_CURRENCY, debit);
        } else if (!credit.currency().equals(currency)) {
            return Refusal.of(Reason.CREDIT_ACCOUNT_OF_OTHER_CURRENCY, credit);
        }
        return null;
    }

    private static @Nullable Refusal refuseMoney(AccountState debit, AccountState credit, long amount) {
        return debit.available() < amount
                ? Refusal.of(Reason.INSUFFICIENT_FUNDS, debit, debit.available(), amount)
                : refuseCounters(debit, credit, amount);
    }

    private static @Nullable Refusal refuseCounters(AccountState debit, AccountState credit, long amount) {
        if (Math.max(debit.debitsPosted(), debit.debitsPending()) > COUNTER_MAX - amount) {
            return Refusal.of(Reason.TOO_MUCH_FOR_ONE_ACCOUNT, debit);
        } else if (Math.max(credit.creditsPosted(), credit.creditsPending()) > COUNTER_MAX - amount) {
            return Refusal.of(Reason.TOO_MUCH_FOR_ONE_ACCOUNT, credit);
        }
        return null;
    }

    private static TransferResult write(
            Ledger ledger,
            Transfer asked,
            long amount,
            AccountState debit,
            AccountState credit,
            @Nullable Instant expiresAt) {
        ledger.move(debit);
        ledger.move(credit);
        Instant effective = asked.effectiveAt();
        UUID of = asked.of();
        var transfer = new RecordedTransfer(
                asked.id(),
                asked.kind(),
                of,
                debit.id(),
                credit.id(),
                amount,
                debit.currency(),
                asked.balancing() ? asked.amountMinor() : asked.isForAll() ? Long.valueOf(amount) : null,
                effective == null || effective.equals(ledger.now()) ? null : effective,
                expiresAt,
                asked.reference(),
                ledger.now(),
                new Entry(debit.entries(), credit.entries(), debit.balance(), credit.balance()),
                null);
        ledger.record(transfer);
        return new TransferResult.Posted(transfer);
    }

    private static TransferResult refused(Refusal refusal) {
        return new TransferResult.Refused(refusal, false);
    }
}
