package dev.holdfast.payments.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.TestSchema;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Instant;

/** A ledger for tests of other features. */
public final class TransferFixture implements AutoCloseable {
    private final Bank bank;

    public TransferFixture(TestSchema schema) {
        bank = Bank.in(schema);
    }

    public Pool pool() {
        return bank.pool;
    }

    public TestSchema schema() {
        return bank.schema;
    }

    /** Where money comes from and goes to. */
    public long world() {
        return bank.world;
    }

    /** In euros, without a limit. */
    public long account(String owner) {
        return bank.open(owner, "EUR", null);
    }

    /** When it was recorded. */
    public Instant move(long from, long to, long amount, Instant effectiveAt) {
        Transfer transfer = Transfer.post(Bank.id(), from, to, amount, "EUR");
        TransferResult result = bank.execute(effectiveAt == null ? transfer : transfer.effectiveAt(effectiveAt));
        assertThat(result).isInstanceOf(TransferResult.Posted.class);
        return ((TransferResult.Posted) result).transfer().recordedAt();
    }

    /** Sets money aside, and gives a part of it to the payee. */
    public void holdAndCapture(long from, long to, long held, long captured) {
        var hold = Bank.id();
        assertThat(bank.execute(Transfer.hold(hold, from, to, held, "EUR", null)))
                .isInstanceOf(TransferResult.Posted.class);
        assertThat(bank.execute(Transfer.capture(Bank.id(), hold, captured))).isInstanceOf(TransferResult.Posted.class);
    }

    @Override
    public void close() {
        bank.close();
    }
}
