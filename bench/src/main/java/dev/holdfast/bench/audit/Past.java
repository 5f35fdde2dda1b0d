package dev.holdfast.bench.audit;

import dev.holdfast.bench.Scale;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What every history is filled with: 10 versions of each of 10,000 users, 1,000 of one more and 100,000 of another, one each
 * second, in a random order that is the same each time.
 */
final class Past {
    /** Numbered from 1. */
    static final int USERS = Scale.of(10_000);

    static final int FEW = 10;
    static final int MANY = Scale.of(1_000);
    static final int MOST = Scale.of(100_000);

    private static final long USER_WITH_FEW = USERS / 2 + 1L;
    private static final long USER_WITH_MANY = USERS + 1L;
    private static final long USER_WITH_MOST = USERS + 2L;

    private static final Instant BEGIN = Instant.parse("2025-01-01T00:00:00Z");

    private static final String TABLE = """
            CREATE TEMPORARY TABLE past (
              position int PRIMARY KEY, recorded_at timestamptz NOT NULL, user_id bigint NOT NULL, address text NOT NULL)
            """;
    private static final String ROWS = """
            INSERT INTO past
            SELECT position - 1, ?::timestamptz + (position - 1) * interval '1 second', user_id, address
              FROM unnest(?, ?) WITH ORDINALITY AS version (user_id, address, position)
            """;

    /** Whose version each second brings. */
    private final int[] users;
    /** The which of theirs it is, from 1. */
    private final int[] numbers;

    Past() {
        users = new int[USERS * FEW + MANY + MOST];
        for (int i = 0; i < USERS * FEW; i++) {
            users[i] = i / FEW + 1;
        }
        Arrays.fill(users, USERS * FEW, USERS * FEW + MANY, (int) USER_WITH_MANY);
        Arrays.fill(users, USERS * FEW + MANY, users.length, (int) USER_WITH_MOST);
        shuffle(users, new Random(7));
        numbers = new int[users.length];
        var counts = new int[USERS + 3];
        for (int i = 0; i < users.length; i++) {
            numbers[i] = ++counts[users[i]];
        }
    }

    private static void shuffle(int[] values, Random random) {
        for (int i = values.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int value = values[i];
            values[i] = values[other];
            values[other] = value;
        }
    }

    /** The versions of one user. */
    final class Timeline {
        private final long user;
        private final int[] positions;

        private Timeline(long user) {
            this.user = user;
            this.positions = IntStream.range(0, users.length)
                    .filter(position -> users[position] == user)
                    .toArray();
        }

        long user() {
            return user;
        }

        int versions() {
            return positions.length;
        }

        /** A millisecond between the first version and the second after the last. */
        Instant randomMoment(Random random) {
            int seconds = positions[positions.length - 1] + 1 - positions[0];
            return at(positions[0]).plusMillis(random.nextLong(seconds * 1000L));
        }

        /** The right answer. */
        String addressAt(Instant moment) {
            int second = (int) Duration.between(BEGIN, moment).toSeconds();
            int found = Arrays.binarySearch(positions, second);
            return address(positions[found < 0 ? -found - 2 : found]);
        }
    }

    Timeline few() {
        return new Timeline(USER_WITH_FEW);
    }

    Timeline many() {
        return new Timeline(USER_WITH_MANY);
    }

    Timeline most() {
        return new Timeline(USER_WITH_MOST);
    }

    int versions() {
        return users.length;
    }

    /**
     * Somebody's address from a moment on.
     *
     * @param number which of theirs, from 1
     */
    record Version(Instant recordedAt, long user, int number, String address) {}

    /** All of them as they were recorded. */
    Iterable<Version> inOrder() {
        return () -> IntStream.range(0, users.length)
                .mapToObj(position -> new Version(at(position), users[position], numbers[position], address(position)))
                .iterator();
    }

    private static Instant at(int position) {
        return BEGIN.plusSeconds(position);
    }

    private String address(int position) {
        return Addresses.of(users[position], numbers[position]);
    }

    /** Puts all of it into the connection's temporary table {@code past (position, recorded_at, user_id, address)}. */
    void stage(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(TABLE);
            try (PreparedStatement rows = connection.prepareStatement(ROWS)) {
                rows.setObject(1, BEGIN.atOffset(ZoneOffset.UTC));
                rows.setArray(
                        2,
                        connection.createArrayOf(
                                "int", IntStream.of(users).boxed().toArray()));
                rows.setArray(
                        3,
                        connection.createArrayOf(
                                "text",
                                IntStream.range(0, users.length)
                                        .mapToObj(this::address)
                                        .toArray()));
                rows.executeUpdate();
            }
            statement.execute("ANALYZE past");
        }
    }
}
