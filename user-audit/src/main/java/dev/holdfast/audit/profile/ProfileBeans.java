package dev.holdfast.audit.profile;

import dev.holdfast.platform.postgres.SessionTransactions;
import dev.holdfast.platform.postgres.TransactionRetry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Wires the plain classes of profiles. */
class ProfileBeans {
    @Produces
    @Singleton
    SessionTransactions transactions(TransactionRetry retry) {
        return new SessionTransactions(retry);
    }
}
