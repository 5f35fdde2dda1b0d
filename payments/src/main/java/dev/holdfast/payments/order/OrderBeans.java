package dev.holdfast.payments.order;

import dev.holdfast.payments.PaymentsConfig;
import dev.holdfast.payments.account.AccountService;
import dev.holdfast.payments.transfer.Transfers;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Wires the plain class of orders. */
class OrderBeans {
    @Produces
    @Singleton
    OrderPayments payments(AccountService accounts, Transfers transfers, PaymentsConfig config) {
        return new OrderPayments(accounts, transfers, config.merchant());
    }
}
