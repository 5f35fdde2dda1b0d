package dev.holdfast.audit.email;

import dev.holdfast.audit.AuditConfig;
import dev.holdfast.audit.key.BlindIndex;
import dev.holdfast.audit.key.KeyRing;
import dev.holdfast.audit.key.UserKeys;
import dev.holdfast.platform.batch.NaturalBatcher;
import dev.holdfast.platform.outbox.Outbox;
import dev.holdfast.platform.postgres.TransactionRetry;
import dev.holdfast.platform.postgres.Transactions;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Wires the plain classes of the history. */
class EmailBeans {
    @Produces
    @Singleton
    Packer packer(Pool pool, Transactions transactions, KeyRing keys, AuditConfig config) {
        return new Packer(
                pool,
                transactions,
                keys,
                config.packs().hotVersions(),
                config.packs().size());
    }

    @Produces
    @Singleton
    EmailHistory history(Pool pool, UserKeys keys, BlindIndex blind) {
        return new EmailHistory(pool, keys, blind);
    }

    @Produces
    @Singleton
    EmailAppender appender(
            Pool pool,
            TransactionRetry retry,
            UserKeys keys,
            BlindIndex blind,
            Outbox outbox,
            Event<EmailAppender.Appended> appended,
            AuditConfig config) {
        AuditConfig.Appends appends = config.appends();
        return new EmailAppender(
                pool,
                retry,
                keys,
                blind,
                new NaturalBatcher.Limits(appends.batchSize(), appends.lanes(), appends.waitingMax()),
                outbox,
                appended::fire,
                config.eventTopic());
    }
}
