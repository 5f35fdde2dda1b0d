package dev.holdfast.payments.account;

import dev.holdfast.platform.postgres.FailureClass;
import dev.holdfast.platform.postgres.Transactions;
import dev.holdfast.platform.security.Caller;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Opens accounts once per key, and edits their settings under a version counter. */
public final class AccountService {
    /** Stands above owners. */
    public static final String OPERATOR = "operator";

    private final Pool pool;
    private final Transactions transactions;

    AccountService(Pool pool, Transactions transactions) {
        this.pool = pool;
        this.transactions = transactions;
    }

    /** @param isNew false when the key had opened it before */
    record Opened(Account account, boolean isNew) {}

    /**
     * @param caller who asks, for the trail that operators leave
     * @param overdraftLimitMinor null for without limit
     * @param key names this opening for ever
     */
    Uni<Opened> open(
            Caller caller, String owner, String name, String currency, @Nullable Long overdraftLimitMinor, String key) {
        return transactions.inTransaction(connection -> AccountStore.open(
                        connection, owner, name, currency, overdraftLimitMinor, key)
                .chain(opened -> opened.map(account -> trailIfOperator(
                                        connection,
                                        caller,
                                        "open",
                                        account,
                                        new JsonObject().put("overdraftLimitMinor", overdraftLimitMinor))
                                .replaceWith(new Opened(account, true)))
                        .orElseGet(() -> AccountStore.openedBy(connection, key)
                                .map(found -> new Opened(found.orElseThrow(), false)))));
    }

    /** For a user that another service tells of; the same user opens one account, however often it is told. */
    public static Uni<Void> openFor(SqlConnection connection, String owner, String currency, String key) {
        return AccountStore.open(connection, owner, "main", currency, 0L, key).replaceWithVoid();
    }

    /** The account that an owner pays from, and is paid to, in a currency: the first one that is not closed. */
    public Uni<Optional<Long>> payingAccount(String owner, String currency) {
        return AccountStore.paying(pool, owner, currency);
    }

    /** Opens it on the first occasion. */
    public Uni<Long> payingAccountOrNew(String owner, String currency, String key) {
        return payingAccount(owner, currency)
                .chain(found -> found.map(Uni.createFrom()::item)
                        .orElseGet(() -> transactions
                                .inTransaction(connection -> openFor(connection, owner, currency, key))
                                .chain(() -> AccountStore.openedBy(pool, key))
                                .map(opened -> opened.orElseThrow().id())));
    }

    /** Nobody can tell any more whose the accounts were; the money and its history stay. */
    public static Uni<Integer> pseudonymise(SqlConnection connection, String owner, String pseudonym) {
        return AccountStore.pseudonymise(connection, owner, pseudonym);
    }

    /** Stops an account whose books are wrong, and says so in its trail. */
    public static Uni<Boolean> freeze(SqlConnection connection, long id, String reason) {
        return AccountStore.freeze(connection, id)
                .call(frozen -> frozen
                        ? AccountStore.leaveTrail(
                                connection, "payments", "freeze", id, new JsonObject().put("reason", reason))
                        : Uni.createFrom().voidItem());
    }

    Uni<Optional<Account>> find(long id, Predicate<String> mayActFor) {
        return AccountStore.find(pool, id).map(found -> found.filter(account -> mayActFor.test(account.owner())));
    }

    /** For whoever tells of an account without editing it; empty when the caller may not see it. */
    public Uni<Optional<AccountRepresentation>> show(long id, Predicate<String> mayActFor) {
        return find(id, mayActFor).map(found -> found.map(AccountRepresentation::of));
    }

    Uni<List<Account>> page(@Nullable String owner, long after, int limit) {
        return AccountStore.page(pool, owner, after, limit);
    }

    Uni<List<OperatorActionPage.Item>> actions(long account, long before, int limit) {
        return AccountStore.actions(pool, account, before, limit);
    }

    /** @param version that the caller has seen */
    Uni<EditResult> edit(Caller caller, long id, long version, AccountSettings settings) {
        return transactions
                .inTransaction(connection -> AccountStore.edit(connection, id, version, settings)
                        .call(edited -> edited.map(account -> trailIfOperator(
                                        connection, caller, "edit", account, JsonObject.mapFrom(settings)))
                                .orElseGet(() -> Uni.createFrom().voidItem())))
                .chain(edited -> edited.map(
                                account -> Uni.createFrom().<EditResult>item(new EditResult.Edited(account)))
                        .orElseGet(() -> explain(id)))
                .onFailure(failure -> FailureClass.constraint(failure) != null)
                .recoverWithUni(failure -> explain(id, failure));
    }

    private Uni<EditResult> explain(long id) {
        return AccountStore.find(pool, id)
                .map(found -> found.map(account ->
                                account.closed() ? new EditResult.Closed(account) : new EditResult.Stale(account))
                        .orElseGet(EditResult.Unknown::new));
    }

    private Uni<EditResult> explain(long id, Throwable failure) {
        String rule = FailureClass.constraint(failure);
        return AccountStore.find(pool, id).chain(found -> {
            Account account = found.orElseThrow();
            if (AccountStore.WITHIN_LIMIT.equals(rule)) {
                return Uni.createFrom().item(new EditResult.OverNewLimit(account));
            } else if (AccountStore.EMPTY_WHEN_CLOSED.equals(rule)) {
                return Uni.createFrom().item(new EditResult.NotEmpty(account));
            }
            return Uni.createFrom().failure(failure);
        });
    }

    private static Uni<Void> trailIfOperator(
            SqlConnection connection, Caller caller, String action, Account account, JsonObject detail) {
        return caller.roles().contains(OPERATOR)
                ? AccountStore.leaveTrail(connection, caller.subject(), action, account.id(), detail)
                : Uni.createFrom().voidItem();
    }
}
