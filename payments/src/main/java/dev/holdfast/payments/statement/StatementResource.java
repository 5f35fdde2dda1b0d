package dev.holdfast.payments.statement;

import dev.holdfast.payments.PaymentsConfig;
import dev.holdfast.payments.account.AccountRepresentation;
import dev.holdfast.payments.account.AccountService;
import dev.holdfast.payments.statement.StatementPage.Cursor;
import dev.holdfast.payments.statement.StatementStore.Position;
import dev.holdfast.platform.postgres.StableUntil;
import dev.holdfast.platform.problem.ProblemException;
import dev.holdfast.platform.problem.ProblemType;
import dev.holdfast.platform.security.Caller;
import dev.holdfast.platform.time.Instants;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Statements and past balances over HTTP, for the account's owner and for operators. */
@Path("/accounts/{id}")
@Authenticated
@Tag(name = "Statements")
class StatementResource {
    private static final int LIMIT_MAX = 500;
    private static final Duration CLOCK_SKEW_MAX = Duration.ofMinutes(1);

    private final Pool pool;
    private final AccountService accounts;
    private final PaymentsConfig config;
    private final SecurityIdentity identity;
    private final Clock clock;

    StatementResource(
            Pool pool, AccountService accounts, PaymentsConfig config, SecurityIdentity identity, Clock clock) {
        this.pool = pool;
        this.accounts = accounts;
        this.config = config;
        this.identity = identity;
        this.clock = clock;
    }

    @GET
    @Path("/balance")
    @Operation(
            summary = "What an account had at a moment",
            description =
                    "asOf: what had been recorded by then, which never changes up to stableUntil. effectiveAt: what counts from then or"
                            + " before, as we know now; a transfer that is backdated later changes it. Neither: now.")
    public Uni<BalanceRepresentation> balance(
            @RestPath @Parameter(description = "The account's number") long id,
            @RestQuery @Nullable @Parameter(description = "By recorded time", example = "2026-01-31T12:00:00Z")
                    String asOf,
            @RestQuery @Nullable @Parameter(description = "By effective time", example = "2026-01-31T12:00:00Z")
                    String effectiveAt) {
        if (asOf != null && effectiveAt != null) {
            throw ProblemException.invalidParameter("effectiveAt", "Ask by asOf or by effectiveAt, not by both.");
        }
        if (asOf == null && effectiveAt == null) {
            return account(id)
                    .map(account -> new BalanceRepresentation(
                            id,
                            account.currency(),
                            account.balanceMinor(),
                            clock.instant(),
                            "recorded",
                            account.entries(),
                            null));
        }
        return asOf == null
                ? effective(id, instant("effectiveAt", Objects.requireNonNull(effectiveAt)))
                : recorded(id, instant("asOf", asOf));
    }

    private Uni<BalanceRepresentation> recorded(long id, Instant moment) {
        return account(id)
                .chain(account -> StableUntil.read(pool)
                        .chain(stable -> position(id, moment)
                                .map(found ->
                                        answer(account, found.balanceMinor(), moment, "recorded", found, stable))));
    }

    private Uni<BalanceRepresentation> effective(long id, Instant moment) {
        Instant earliest = moment.minus(config.transfers().backdatingMax());
        return account(id)
                .chain(account -> position(id, moment)
                        .chain(found -> StatementStore.backdated(pool, id, moment, earliest)
                                .map(late -> answer(
                                        account, found.balanceMinor() + late, moment, "effective", found, null))));
    }

    private Uni<Position> position(long id, Instant moment) {
        return StatementStore.asOfRecorded(pool, id, moment).map(found -> found.orElse(new Position(0, 0)));
    }

    private static BalanceRepresentation answer(
            AccountRepresentation account,
            long balanceMinor,
            Instant moment,
            String by,
            Position position,
            @Nullable Instant stableUntil) {
        return new BalanceRepresentation(
                account.id(), account.currency(), balanceMinor, moment, by, position.sequence(), stableUntil);
    }

    @GET
    @Path("/statement")
    @Operation(summary = "What happened to an account, newest first, page by page")
    public Uni<StatementPage> statement(
            @RestPath @Parameter(description = "The account's number") long id,
            @RestQuery @Nullable @Parameter(description = "Only what was recorded by then") String asOf,
            @RestQuery @Nullable @Parameter(description = "nextCursor of the page before") String cursor,
            @RestQuery @DefaultValue("50") @Parameter(description = "1 to 500") int limit) {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw ProblemException.invalidParameter("limit", "limit must be 1 to %d.".formatted(LIMIT_MAX));
        }
        Cursor from =
                cursor != null ? Cursor.parse(cursor) : Cursor.first(asOf == null ? now() : instant("asOf", asOf));
        return account(id)
                .chain(account -> StatementStore.page(pool, id, from.moment(), from.before(), limit + 1))
                .map(found -> StatementPage.of(found, limit));
    }

    /** Entries carry the database's clock: one that has just been written may be a little ahead of ours. */
    private Instant now() {
        return clock.instant().plus(CLOCK_SKEW_MAX);
    }

    private Uni<AccountRepresentation> account(long id) {
        Caller caller = Caller.of(identity);
        return accounts.show(id, owner -> caller.mayActFor(owner, AccountService.OPERATOR))
                .map(found -> found.orElseThrow(
                        () -> ProblemException.of(ProblemType.NOT_FOUND, "You have no account %d.".formatted(id))));
    }

    private static Instant instant(String name, String text) {
        try {
            return Instants.parse(text);
        } catch (DateTimeException unreadable) {
            throw ProblemException.invalidParameter(
                    name, "%s must be an instant such as 2026-01-31T12:00:00Z.".formatted(name));
        }
    }
}
