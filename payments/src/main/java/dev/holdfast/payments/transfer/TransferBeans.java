package dev.holdfast.payments.transfer;

import dev.holdfast.payments.PaymentsConfig;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Wires the plain classes of transfers. */
class TransferBeans {
    @Produces
    @Singleton
    TransferService service(Pool pool, Transactions transactions, Outbox outbox, PaymentsConfig config) {
        return new TransferService(pool, transactions, TransferService.rules(config), outbox, config.eventTopic());
    }

    @Produces
    @Singleton
    TransferBatcher batcher(TransferService service, PaymentsConfig config, MeterRegistry meters) {
        PaymentsConfig.Transfers transfers = config.transfers();
        return new TransferBatcher(
                service, transfers.batchSize(), transfers.lanes(), transfers.waitingMax(), new TransferMetrics(meters));
    }

    @Produces
    @Singleton
    Transfers transfers(TransferBatcher batcher) {
        return new Transfers(batcher);
    }
}
