package dev.holdfast.payments.user;

import dev.holdfast.payments.PaymentsConfig;
import dev.holdfast.payments.account.AccountService;
import dev.holdfast.platform.event.CloudEvents;
import dev.holdfast.platform.inbox.Inbox;
import dev.holdfast.platform.inbox.RecordReceiver;
import dev.holdfast.platform.inbox.UnusableRecordException;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * The payments' end of {@code user.events}: {@code user.registered} opens an account, {@code user.erased} gives all accounts of
 * the user a pseudonym. Who it is about is the event's subject. Each event takes effect once: one that comes again after the
 * erasure must not bring the user back.
 */
@ApplicationScoped
class UserConsumer {
    private static final String CONSUMER = "users";
    private static final int USER_LENGTH_MAX = 255;

    private final Transactions transactions;
    private final RecordReceiver receiver;
    private final PaymentsConfig config;

    UserConsumer(Transactions transactions, RecordReceiver receiver, PaymentsConfig config) {
        this.transactions = transactions;
        this.receiver = receiver;
        this.config = config;
    }

    @Incoming("user-events")
    Uni<Void> take(ConsumerRecord<byte[], byte[]> message) {
        return receiver.receive(message, Uni.createFrom().deferred(() -> takeOnce(message)));
    }

    private Uni<Void> takeOnce(ConsumerRecord<byte[], byte[]> message) {
        String type = CloudEvents.type(message);
        if (type == null) {
            throw new UnusableRecordException("not_a_cloudevent", "The header ce_type is missing.");
        } else if (!type.equals("user.registered") && !type.equals("user.erased")) {
            return Uni.createFrom().voidItem();
        }
        UUID id = CloudEvents.id(message).orElse(null);
        String user = CloudEvents.subject(message);
        if (id == null || user == null || user.isEmpty() || user.length() > USER_LENGTH_MAX) {
            throw new UnusableRecordException(
                    "incomplete",
                    "The headers ce_id, a UUID, and ce_subject, the user in at most %d characters, are needed."
                            .formatted(USER_LENGTH_MAX));
        }
        return transactions.inTransaction(connection -> Inbox.receiveOnce(connection, CONSUMER, id)
                .chain(isNew ->
                        isNew ? apply(connection, type, user) : Uni.createFrom().voidItem()));
    }

    private Uni<Void> apply(SqlConnection connection, String type, String user) {
        return type.equals("user.registered")
                ? AccountService.openFor(connection, user, config.currency(), "user " + user)
                : AccountService.pseudonymise(connection, user, "erased:" + UUID.randomUUID())
                        .replaceWithVoid();
    }
}
