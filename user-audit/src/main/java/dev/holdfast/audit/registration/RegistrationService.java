package dev.holdfast.audit.registration;

import dev.holdfast.audit.email.AppendResult;
import dev.holdfast.audit.email.EmailAddress;
import dev.holdfast.audit.email.EmailAppender;
import dev.holdfast.audit.email.EmailChange;
import dev.holdfast.audit.email.EmailOp;
import dev.holdfast.audit.profile.Profile;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.UUID;

/** Registers a user once per id. */
@Singleton
class RegistrationService {
    private final Transactions transactions;
    private final EmailAppender appender;

    RegistrationService(Transactions transactions, EmailAppender appender) {
        this.transactions = transactions;
        this.appender = appender;
    }

    /** @param id names this registration for ever */
    Uni<AppendResult> register(UUID id, Profile profile, EmailAddress email, String actor) {
        var registered = new EmailChange(id, 0, id, EmailOp.REGISTERED, email, null, actor, null, "api");
        return transactions
                .inTransaction(connection -> RegistrationStore.insert(connection, id, profile)
                        .chain(isNew -> isNew
                                ? appender.begin(connection, registered).invoke(RegistrationService::requireBegun)
                                : appender.appendIn(connection, registered)))
                .onFailure(NotBegunException.class)
                .recoverWithItem(NotBegunException::result)
                .invoke(result -> appender.announce());
    }

    /** Whoever is forgotten does not come back under the same key: all of it is taken back. */
    private static void requireBegun(AppendResult result) {
        if (!(result instanceof AppendResult.Appended)) {
            throw new NotBegunException(result);
        }
    }

    private static final class NotBegunException extends RuntimeException {
        private final transient AppendResult result;

        NotBegunException(AppendResult result) {
            super("The history did not begin: " + result, null, false, false);
            this.result = result;
        }

        AppendResult result() {
            return result;
        }
    }
}
