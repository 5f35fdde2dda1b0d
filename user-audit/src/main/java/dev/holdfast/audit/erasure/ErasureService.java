package dev.holdfast.audit.erasure;

import dev.holdfast.audit.AuditConfig;
import dev.holdfast.audit.email.AppendResult;
import dev.holdfast.audit.email.EmailAppender;
import dev.holdfast.audit.email.EmailChange;
import dev.holdfast.audit.email.EmailOp;
import dev.holdfast.audit.erasure.ErasureStore.Locked;
import dev.holdfast.audit.proof.CheckpointSigner;
import dev.holdfast.platform.id.DerivedIds;
import dev.holdfast.platform.postgres.Transactions;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;

/**
 * Forgets a user in one transaction: the last event of the history, the key, whatever finds the user by an address, and the
 * profile. The user's row of the history is locked first, so nothing is added behind the end.
 */
@Singleton
class ErasureService {
    private final Pool pool;
    private final Transactions transactions;
    private final EmailAppender appender;
    private final CheckpointSigner signer;
    private final String origin;

    ErasureService(
            Pool pool, Transactions transactions, EmailAppender appender, CheckpointSigner signer, AuditConfig config) {
        this.pool = pool;
        this.transactions = transactions;
        this.appender = appender;
        this.signer = signer;
        this.origin = config.sealer().origin();
    }

    /** Asks for it; the first who does is the one who did. */
    Uni<ErasureResult> request(UUID user, String by) {
        return transactions.inTransaction(connection -> locked(
                connection,
                user,
                locked -> locked.hold()
                        ? onHold(connection, user)
                        : ErasureStore.request(connection, user, by).chain(() -> state(connection, user))));
    }

    /** Takes the request back, as long as it is not done. */
    Uni<ErasureResult> withdraw(UUID user) {
        return transactions.inTransaction(connection -> locked(
                connection,
                user,
                locked -> ErasureStore.withdraw(connection, user).chain(() -> state(connection, user))));
    }

    /** Does it. What is done is answered as it was done. */
    Uni<ErasureResult> confirm(UUID user, String by) {
        return transactions
                .inTransaction(connection -> locked(
                        connection,
                        user,
                        locked -> ErasureStore.find(connection, user)
                                .chain(found -> confirm(connection, user, by, locked, found))))
                .invoke(result -> {
                    if (result instanceof ErasureResult.State) {
                        appender.announceEnd(user);
                    }
                });
    }

    private Uni<ErasureResult> confirm(
            SqlConnection connection, UUID user, String by, Locked locked, Optional<ErasureResult.State> found) {
        if (found.isEmpty()) {
            return Uni.createFrom().item(new ErasureResult.NotRequested());
        }
        ErasureResult.State request = found.get();
        if (request.erasedAt() != null) {
            return Uni.createFrom().item(request);
        } else if (request.requestedBy().equals(by)) {
            return Uni.createFrom().item(new ErasureResult.SamePerson());
        } else if (locked.hold()) {
            return onHold(connection, user);
        }
        var erased = new EmailChange(
                user,
                locked.version(),
                DerivedIds.of("erasure", user.toString()),
                EmailOp.ERASED,
                null,
                null,
                by,
                null,
                "api");
        return appender.end(connection, erased)
                .map(result -> {
                    if (result instanceof AppendResult.Appended appended) {
                        return appended;
                    }
                    throw new IllegalStateException("A locked history takes its end, but answered " + result);
                })
                .chain(appended -> ErasureStore.forget(connection, user)
                        .chain(() -> ErasureStore.confirm(
                                connection, user, by, appended.recordedAt(), certificate(user, appended))))
                .chain(() -> state(connection, user));
    }

    /** Whose history ended when, and with which version; a signed note, so that it can be shown to anybody. */
    private String certificate(UUID user, AppendResult.Appended end) {
        return signer.sign("%s\nerasure\n%s\n%d\n%s\n".formatted(origin, user, end.version(), end.recordedAt()));
    }

    Uni<ErasureResult> find(UUID user) {
        return state(pool, user);
    }

    private static Uni<ErasureResult> state(SqlClient client, UUID user) {
        return ErasureStore.find(client, user)
                .map(found -> found.<ErasureResult>map(state -> state).orElseGet(ErasureResult.NotRequested::new));
    }

    /** Keeps a history from being erased, or lets it go again. */
    Uni<ErasureResult> hold(UUID user, boolean held, String by, String reason) {
        return transactions.inTransaction(connection -> locked(
                connection,
                user,
                locked -> ErasureStore.hold(connection, user, held, by, reason).chain(() -> state(connection, user))));
    }

    private static Uni<ErasureResult> onHold(SqlConnection connection, UUID user) {
        return ErasureStore.holdReason(connection, user).map(ErasureResult.OnHold::new);
    }

    private interface Step {
        Uni<ErasureResult> take(Locked locked);
    }

    private static Uni<ErasureResult> locked(SqlConnection connection, UUID user, Step step) {
        return ErasureStore.lock(connection, user)
                .chain(found ->
                        found.map(step::take).orElseGet(() -> Uni.createFrom().item(new ErasureResult.Unknown())));
    }
}
