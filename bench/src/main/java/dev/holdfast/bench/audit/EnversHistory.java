package dev.holdfast.bench.audit;

import dev.holdfast.bench.Schema;
import dev.holdfast.bench.Servers;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.envers.AuditReaderFactory;
import org.hibernate.envers.exception.RevisionDoesNotExistException;
import org.jspecify.annotations.Nullable;

/**
 * Hibernate Envers in the schema that it makes for itself, with or without the indexes that its queries can use and that it does
 * not make. Each change is a session of its own, as in a service: the user is found, gets another address, and the commit writes
 * the user, the revision and the version.
 */
final class EnversHistory extends SqlHistory {
    /** How it finds the version of a moment, and what it writes for that. */
    enum Strategy {
        /** A version knows when it began, only. */
        DEFAULT("DefaultAuditStrategy"),
        /** A version also knows when it ended, which each change writes into the one before. */
        VALIDITY("ValidityAuditStrategy");

        private final String implementation;

        Strategy(String implementation) {
            this.implementation = "org.hibernate.envers.strategy.internal." + implementation;
        }
    }

    private static final String REVISIONS = """
            INSERT INTO revinfo (rev, revtstmp)
            SELECT position, extract(epoch FROM recorded_at) * 1000 FROM past ORDER BY position
            """;
    /** Beyond the block of numbers that the next session takes. */
    private static final String SEQUENCE = "SELECT setval('revinfo_seq', (SELECT max(rev) FROM revinfo) + 100)";

    private static final String VERSIONS = """
            INSERT INTO app_user_aud (rev, revtype, id, email)
            SELECT position, CASE WHEN row_number() OVER (PARTITION BY user_id ORDER BY position) = 1 THEN 0 ELSE 1 END,
                   user_id, address
              FROM past
             ORDER BY position
            """;
    private static final String ENDING_VERSIONS = """
            INSERT INTO app_user_aud (rev, revtype, id, email, revend)
            SELECT position, CASE WHEN row_number() OVER of_user = 1 THEN 0 ELSE 1 END, user_id, address,
                   lead(position) OVER of_user
              FROM past
            WINDOW of_user AS (PARTITION BY user_id ORDER BY position)
             ORDER BY position
            """;
    private static final String USERS = """
            INSERT INTO app_user (id, email)
            SELECT DISTINCT ON (user_id) user_id, address FROM past ORDER BY user_id, position DESC
            """;
    /**
     * To find the revision of a moment, PostgreSQL goes through all revisions from the last one backwards, as long as it
     * takes. With both columns in this order it need not look into the table for each, which is three times as fast. One on
     * {@code (revtstmp, rev)} it uses for the very first moments only.
     */
    static final List<String> INDEXES =
            List.of("CREATE INDEX ON revinfo (rev, revtstmp)", "CREATE INDEX ON app_user_aud (id, rev)");

    private static final String BROKEN = """
            SELECT count(*)
              FROM app_user
              LEFT JOIN (SELECT DISTINCT ON (id) id, email FROM app_user_aud ORDER BY id, rev DESC) AS last USING (id)
             WHERE app_user.email IS DISTINCT FROM last.email
            """;
    private static final String BROKEN_ENDS = """
            SELECT count(*)
              FROM (SELECT revend IS DISTINCT FROM lead(rev) OVER (PARTITION BY id ORDER BY rev) AS broken
                      FROM app_user_aud) AS version
             WHERE broken
            """;

    private final Strategy strategy;
    private final SessionFactory sessions;

    private EnversHistory(Schema schema, Strategy strategy, int connectionsMax) {
        super(schema, connectionsMax);
        this.strategy = strategy;
        var configuration = new Configuration()
                .addAnnotatedClass(User.class)
                .setProperty("hibernate.hbm2ddl.auto", "create")
                // the validation on the class path is another peer's
                .setProperty("jakarta.persistence.validation.mode", "none")
                .setProperty("org.hibernate.envers.audit_strategy", strategy.implementation);
        configuration.getProperties().put("hibernate.connection.datasource", dataSource());
        this.sessions = configuration.buildSessionFactory();
    }

    /**
     * In place of whatever the schema had.
     *
     * @param indexes more than Envers makes
     */
    static EnversHistory filled(Servers servers, Strategy strategy, List<String> indexes, Past past, int connectionsMax)
            throws SQLException {
        var history = new EnversHistory(Schema.empty(servers, "audit"), strategy, connectionsMax);
        String versions = strategy == Strategy.VALIDITY ? ENDING_VERSIONS : VERSIONS;
        history.fill(
                past,
                Stream.concat(Stream.of(REVISIONS, SEQUENCE, versions, USERS), indexes.stream())
                        .toList(),
                List.of("revinfo", "app_user_aud", "app_user"));
        return history;
    }

    @Override
    public void change(long user, String address) {
        sessions.inTransaction(session -> session.find(User.class, user).setEmail(address));
    }

    @Override
    public @Nullable String asOf(long user, Instant moment) {
        var local = LocalDateTime.ofInstant(moment, ZoneId.systemDefault());
        return sessions.fromSession(session -> {
            try {
                User found = AuditReaderFactory.get(session).find(User.class, user, local);
                return found == null ? null : found.getEmail();
            } catch (RevisionDoesNotExistException before) {
                return null;
            }
        });
    }

    @Override
    public long versions() throws SQLException {
        return number("SELECT count(*) FROM app_user_aud");
    }

    @Override
    public long bytes() throws SQLException {
        return number("SELECT pg_total_relation_size('app_user_aud') + pg_total_relation_size('revinfo')");
    }

    @Override
    public void check() throws SQLException {
        refuse(BROKEN);
        if (strategy == Strategy.VALIDITY) {
            refuse(BROKEN_ENDS);
        }
    }

    @Override
    public void close() {
        sessions.close();
        super.close();
    }

    @Override
    public String toString() {
        return "Envers, " + strategy;
    }
}
