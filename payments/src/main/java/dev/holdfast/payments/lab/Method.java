package dev.holdfast.payments.lab;

import dev.holdfast.payments.lab.LabStore.LabAccount;
import dev.holdfast.payments.lab.Load.Planned;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.Objects;

/**
 * One transfer in a transaction that is open: moves the money or finds that there is not enough.
 *
 * @see Mode
 */
@FunctionalInterface
interface Method {
    /** Whether the money moved; failing with {@link OutpacedException} rolls back and begins again. */
    Uni<Boolean> move(SqlConnection connection, Planned transfer, Recorder.Transaction recorder);

    /** Tells the transaction that somebody else was faster. */
    final class OutpacedException extends RuntimeException {
        OutpacedException() {
            super("somebody else was faster", null, false, false);
        }
    }

    /** There is not enough, and something has been written already: rolls back. */
    final class NotEnoughException extends RuntimeException {
        NotEnoughException() {
            super("not enough money", null, false, false);
        }
    }

    /**
     * @param meeting where the first transfers of all clients wait for each other once they have read, so that what can go
     *     wrong does
     */
    static Method of(Mode mode, LabStore store, Meeting meeting) {
        var steps = new Steps(store, meeting);
        return switch (mode) {
            case NAIVE, SERIALIZABLE -> steps::readCheckWrite;
            case UNORDERED_LOCKS -> steps::lockAsNamed;
            case FOR_UPDATE -> steps::lockInOrder;
            case OPTIMISTIC -> steps::writeIfUnchanged;
            case ADVISORY_LOCK -> steps::lockNumbers;
            case ATOMIC_UPDATE -> steps::subtractAndCheck;
            case LOCK_COMPUTE_APPLY -> throw new IllegalArgumentException("goes by batches");
        };
    }

    /** What the modes do. */
    record Steps(LabStore store, Meeting meeting) {

        Uni<Boolean> readCheckWrite(SqlConnection connection, Planned transfer, Recorder.Transaction recorder) {
            return read(connection, transfer.from(), recorder)
                    .chain(from -> read(connection, transfer.to(), recorder)
                            .chain(to -> waitIfFirst(transfer)
                                    .chain(() -> write(connection, transfer, from, to, recorder))));
        }

        Uni<Boolean> lockAsNamed(SqlConnection connection, Planned transfer, Recorder.Transaction recorder) {
            return store.readAndLock(connection, transfer.from())
                    .invoke(from -> recorder.did(Step.Deed.READS, from.id(), from.balance()))
                    .chain(from -> waitIfFirst(transfer)
                            .chain(() -> store.readAndLock(connection, transfer.to()))
                            .invoke(to -> recorder.did(Step.Deed.READS, to.id(), to.balance()))
                            .chain(to -> write(connection, transfer, from, to, recorder)));
        }

        Uni<Boolean> lockInOrder(SqlConnection connection, Planned transfer, Recorder.Transaction recorder) {
            return store.readAndLock(connection, new Integer[] {transfer.from(), transfer.to()})
                    .invoke(found ->
                            found.values().forEach(one -> recorder.did(Step.Deed.READS, one.id(), one.balance())))
                    .chain(found -> waitIfFirst(transfer)
                            .chain(() -> write(
                                    connection,
                                    transfer,
                                    Objects.requireNonNull(found.get(transfer.from())),
                                    Objects.requireNonNull(found.get(transfer.to())),
                                    recorder)));
        }

        Uni<Boolean> writeIfUnchanged(SqlConnection connection, Planned transfer, Recorder.Transaction recorder) {
            return read(connection, transfer.from(), recorder)
                    .chain(from -> read(connection, transfer.to(), recorder)
                            .chain(to -> waitIfFirst(transfer)
                                    .chain(() -> from.balance() < transfer.amount()
                                            ? Uni.createFrom().item(false)
                                            : writeBothIfUnchanged(connection, transfer, from, to, recorder))));
        }

        /** In the order of the ids, or two that meet would wait for each other. */
        private Uni<Boolean> writeBothIfUnchanged(
                SqlConnection connection,
                Planned transfer,
                LabAccount from,
                LabAccount to,
                Recorder.Transaction recorder) {
            boolean payerFirst = from.id() < to.id();
            long left = from.balance() - transfer.amount();
            long arrived = to.balance() + transfer.amount();
            return writeOneIfUnchanged(connection, payerFirst ? from : to, payerFirst ? left : arrived, recorder)
                    .chain(() -> writeOneIfUnchanged(
                            connection, payerFirst ? to : from, payerFirst ? arrived : left, recorder))
                    .replaceWith(true);
        }

        private Uni<Void> writeOneIfUnchanged(
                SqlConnection connection, LabAccount read, long balance, Recorder.Transaction recorder) {
            return store.writeIfUnchanged(connection, read, balance)
                    .invoke(unchanged -> {
                        if (!unchanged) {
                            throw new OutpacedException();
                        }
                        recorder.did(Step.Deed.WRITES, read.id(), balance);
                    })
                    .replaceWithVoid();
        }

        Uni<Boolean> lockNumbers(SqlConnection connection, Planned transfer, Recorder.Transaction recorder) {
            int low = Math.min(transfer.from(), transfer.to());
            int high = Math.max(transfer.from(), transfer.to());
            return store.lockNumber(connection, low)
                    .chain(() -> store.lockNumber(connection, high))
                    .chain(() -> readCheckWrite(connection, transfer, recorder));
        }

        Uni<Boolean> subtractAndCheck(SqlConnection connection, Planned transfer, Recorder.Transaction recorder) {
            boolean payerFirst = transfer.from() < transfer.to();
            int first = payerFirst ? transfer.from() : transfer.to();
            int second = payerFirst ? transfer.to() : transfer.from();
            long amount = payerFirst ? -transfer.amount() : transfer.amount();
            return waitIfFirst(transfer)
                    .chain(() -> add(connection, first, amount, recorder))
                    .chain(() -> add(connection, second, -amount, recorder))
                    .replaceWith(true);
        }

        private Uni<Void> add(SqlConnection connection, int account, long amount, Recorder.Transaction recorder) {
            return store.add(connection, account, amount)
                    .invoke(balance ->
                            recorder.did(Step.Deed.WRITES, account, balance.orElseThrow(NotEnoughException::new)))
                    .replaceWithVoid();
        }

        private Uni<LabAccount> read(SqlConnection connection, int account, Recorder.Transaction recorder) {
            return store.read(connection, account)
                    .invoke(found -> recorder.did(Step.Deed.READS, found.id(), found.balance()));
        }

        private Uni<Void> waitIfFirst(Planned transfer) {
            return transfer.isFirst()
                    ? meeting.arrive(transfer.client())
                    : Uni.createFrom().voidItem();
        }

        private Uni<Boolean> write(
                SqlConnection connection,
                Planned transfer,
                LabAccount from,
                LabAccount to,
                Recorder.Transaction recorder) {
            if (from.balance() < transfer.amount()) {
                return Uni.createFrom().item(false);
            }
            long left = from.balance() - transfer.amount();
            long arrived = to.balance() + transfer.amount();
            boolean payerFirst = from.id() < to.id();
            return write(connection, payerFirst ? from.id() : to.id(), payerFirst ? left : arrived, recorder)
                    .chain(() ->
                            write(connection, payerFirst ? to.id() : from.id(), payerFirst ? arrived : left, recorder))
                    .replaceWith(true);
        }

        private Uni<Void> write(SqlConnection connection, int account, long balance, Recorder.Transaction recorder) {
            return store.write(connection, account, balance)
                    .invoke(() -> recorder.did(Step.Deed.WRITES, account, balance));
        }
    }
}
