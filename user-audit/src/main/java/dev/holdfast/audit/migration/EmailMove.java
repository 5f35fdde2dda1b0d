package dev.holdfast.audit.migration;

import dev.holdfast.audit.key.BlindIndex;
import dev.holdfast.audit.key.KeyRing;
import dev.holdfast.audit.key.WrappedKey;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Moves plain addresses out of {@code users} into the encrypted history: each becomes the first event of its user, and the plain
 * one is taken away in the same transaction. A batch per commit, so that an application of the version before can go on writing;
 * what it writes meanwhile is moved as well, as long as it does.
 */
public final class EmailMove {
    private static final int BATCH = 500;
    private static final String IS_NEEDED = """
            SELECT EXISTS (SELECT FROM users u
                            WHERE u.email IS NOT NULL OR NOT EXISTS (SELECT FROM email_current c WHERE c.user_id = u.id))
            """;
    private static final String NEXT = """
            SELECT u.id, u.email FROM users u
             WHERE u.email IS NOT NULL OR NOT EXISTS (SELECT FROM email_current c WHERE c.user_id = u.id)
             ORDER BY u.id LIMIT ? FOR NO KEY UPDATE
            """;
    private static final String KEY = """
            INSERT INTO user_key (user_id, key_id, wrapped) VALUES (?, ?, ?)
            """;
    private static final String BEGIN = """
            INSERT INTO email_current (user_id, version, recorded_at, op, event_id, hash)
            VALUES (?, 0, 'epoch', 'r', ?, decode(repeat('00', 32), 'hex'))
            """;
    private static final String APPEND = """
            SELECT append_email_event(?, 0, ?, 'r', NULL, ?, ?, 'migration', NULL, 'migration', NULL, NULL, NULL)
            """;
    private static final String CLEAR = "UPDATE users SET email = NULL WHERE id = ?";

    private final KeyRing keys;
    private final BlindIndex blind;

    public EmailMove(KeyRing keys, BlindIndex blind) {
        this.keys = keys;
        this.blind = blind;
    }

    /** @param connection of the schema's owner */
    public static boolean isNeeded(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(IS_NEEDED)) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    private record User(UUID id, @Nullable String email) {}

    /** @param connection of the schema's owner; it commits */
    public void run(Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            for (List<User> users = next(connection); !users.isEmpty(); users = next(connection)) {
                for (User user : users) {
                    move(connection, user);
                }
                connection.commit();
            }
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }

    private static List<User> next(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
            statement.setInt(1, BATCH);
            try (ResultSet rows = statement.executeQuery()) {
                var users = new ArrayList<User>();
                while (rows.next()) {
                    users.add(new User(rows.getObject("id", UUID.class), rows.getString("email")));
                }
                return users;
            }
        }
    }

    private void move(Connection connection, User user) throws SQLException {
        WrappedKey key = keys.create(user.id());
        execute(connection, KEY, user.id(), key.wrappedBy(), key.bytes());
        String email = user.email();
        if (email == null) {
            execute(connection, BEGIN, user.id(), user.id());
            return;
        }
        byte[] sealed = keys.unwrap(user.id(), key)
                .encrypt(1, user.id(), email.getBytes(StandardCharsets.UTF_8))
                .bytes();
        execute(connection, APPEND, user.id(), user.id(), sealed, blind.of(email.toLowerCase(Locale.ROOT)));
        execute(connection, CLEAR, user.id());
    }

    private static void execute(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.execute();
        }
    }
}
