package dev.holdfast.payments.user;

import dev.holdfast.payments.PaymentsConfig;
import dev.holdfast.payments.account.AccountService;
import dev.holdfast.platform.event.CloudEvents;
import dev.holdfast.platform.event.UnusableRecordException;
import dev.holdfast.platform.inbox.Inbox;
import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * The payments' end of {@code user.events}: {@code user.registered} opens an account, {@code user.erased} gives all accounts of
 * the user a pseudonym. Who it is about is the event's subject. Each event takes effect once: one that comes again after the
 * erasure must not bring the user back.
 */
@ApplicationScoped
class UserConsumer {
    private static final Logger LOG = Logger.getLogger(UserConsumer.class);
    private static final String CONSUMER = "users";
    private static final int USER_LENGTH_MAX = 255;

    private final Transactions transactions;
    private final PaymentsConfig config;

    UserConsumer(Transactions transactions, PaymentsConfig config) {
        this.transactions = transactions;
        this.config = config;
    }

    @Incoming("user-events")
    Uni<Void> take(ConsumerRecord<byte[], byte[]> message) {
        String type = CloudEvents.type(message);
        if (type == null) {
            return setAside(message, "not_a_cloudevent", "The header ce_type is missing.");
        } else if (!type.equals("user.registered") && !type.equals("user.erased")) {
            return Uni.createFrom().voidItem();
        }
        UUID id = CloudEvents.id(message).orElse(null);
        String user = CloudEvents.subject(message);
        if (id == null || user == null || user.isEmpty() || user.length() > USER_LENGTH_MAX) {
            return setAside(
                    message,
                    "incomplete",
                    "The headers ce_id, a UUID, and ce_subject, the user in at most %d characters, are needed."
                            .formatted(USER_LENGTH_MAX));
        }
        return Uni.createFrom()
                .deferred(() -> transactions.inTransaction(connection -> Inbox.receiveOnce(connection, CONSUMER, id)
                        .chain(isNew -> isNew
                                ? apply(connection, type, user)
                                : Uni.createFrom().voidItem())))
                .onFailure(failure -> FailureClass.of(failure) == FailureClass.DATA)
                .transform(UserConsumer::refusedByDatabase)
                .onFailure(UserConsumer::isOfTheSurroundings)
                .invoke(failure -> LOG.warnf("%s waits, and is tried again: %s", place(message), failure))
                .onFailure(UserConsumer::isOfTheSurroundings)
                .retry()
                .withBackOff(
                        config.consumers().retryDelayMin(), config.consumers().retryDelayMax())
                .indefinitely();
    }

    private Uni<Void> apply(SqlConnection connection, String type, String user) {
        return type.equals("user.registered")
                ? AccountService.openFor(connection, user, config.currency(), "user " + user)
                : AccountService.pseudonymise(connection, user, "erased:" + UUID.randomUUID())
                        .replaceWithVoid();
    }

    private static Uni<Void> setAside(ConsumerRecord<?, ?> message, String reason, String detail) {
        LOG.warnf("%s goes to the dead-letter topic: %s", place(message), detail);
        return Uni.createFrom().failure(new UnusableRecordException(reason, detail));
    }

    private static UnusableRecordException refusedByDatabase(Throwable failure) {
        return new UnusableRecordException(
                "refused_by_database", "The database refuses it: %s".formatted(FailureClass.constraint(failure)));
    }

    private static boolean isOfTheSurroundings(Throwable failure) {
        return !(failure instanceof UnusableRecordException);
    }

    private static String place(ConsumerRecord<?, ?> message) {
        return "%s-%d offset %d".formatted(message.topic(), message.partition(), message.offset());
    }
}
