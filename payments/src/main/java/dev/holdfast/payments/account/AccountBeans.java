package dev.holdfast.payments.account;

import dev.holdfast.platform.postgres.Transactions;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Wires the plain classes of accounts. */
class AccountBeans {
    @Produces
    @Singleton
    AccountService service(Pool pool, Transactions transactions) {
        return new AccountService(pool, transactions);
    }
}
