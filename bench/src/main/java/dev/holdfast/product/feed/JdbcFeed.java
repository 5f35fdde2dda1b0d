package dev.holdfast.product.feed;

import dev.holdfast.product.vendor.Vendor;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * {@link FeedStore}'s statement on plain JDBC. In this package because a benchmark of the statement is worth something
 * only if it is that very statement with those very parameters, and neither needs to be public for anyone else.
 */
public final class JdbcFeed implements AutoCloseable {
    private static final String EVENT_TOPIC = "product.events";
    private static final String CLAIM =
            "INSERT INTO feed_partition (topic, partition, epoch, next_offset) VALUES (?, ?, 1, 0)";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$(\\d+)");

    /** JDBC counts question marks, so a parameter that the statement names twice is bound twice. */
    private static final String APPLY = PLACEHOLDER.matcher(FeedStore.APPLY).replaceAll("?");

    private static final List<Integer> NUMBERS = PLACEHOLDER
            .matcher(FeedStore.APPLY)
            .results()
            .map(placeholder -> Integer.valueOf(placeholder.group(1)))
            .toList();

    private final Connection connection;
    private final PreparedStatement statement;
    private final TopicPartition partition;

    private JdbcFeed(Connection connection, PreparedStatement statement, TopicPartition partition) {
        this.connection = connection;
        this.statement = statement;
        this.partition = partition;
    }

    /** @param columns an array each, in the statement's order */
    public record Batch(long firstOffset, long nextOffset, List<Object> columns) {}

    /** Everything that can be done before the database is needed. */
    public static List<Batch> parse(List<byte[]> values, long firstOffset, int batchSize) {
        MessageParser parser = parser();
        var batches = new ArrayList<Batch>();
        for (int start = 0; start < values.size(); start += batchSize) {
            int end = Math.min(start + batchSize, values.size());
            var messages = new ArrayList<FeedMessage>(end - start);
            for (byte[] value : values.subList(start, end)) {
                messages.add(new FeedMessage(
                        firstOffset + start + messages.size(), null, Buffer.buffer(value), null, parser.parse(value)));
            }
            Tuple columns = Tuple.tuple();
            ChangeColumns.of(messages, true).addTo(columns);
            batches.add(new Batch(firstOffset + start, firstOffset + end, toArrays(columns)));
        }
        return batches;
    }

    /** Of a feed whose vendors are all known, and none metered. */
    static MessageParser parser() {
        return new MessageParser(new MessageRules(
                id -> Optional.of(new Vendor(id, id, true, OptionalLong.empty(), false)), () -> Long.MAX_VALUE));
    }

    private static List<Object> toArrays(Tuple columns) {
        return Stream.iterate(0, i -> i + 1)
                .limit(columns.size())
                .map(columns::getValue)
                .map(column -> column instanceof Buffer[] buffers
                        ? Stream.of(buffers).map(Buffer::getBytes).toArray(byte[][]::new)
                        : column)
                .toList();
    }

    /** Takes the partition, and the connection over; each batch is one transaction on it. */
    public static JdbcFeed claim(Connection connection, String topic, int partition) throws SQLException {
        try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            claim.setString(1, topic);
            claim.setInt(2, partition);
            claim.executeUpdate();
        }
        return new JdbcFeed(connection, connection.prepareStatement(APPLY), new TopicPartition(topic, partition));
    }

    public void apply(Batch batch) throws SQLException {
        var values = new ArrayList<Object>(List.of(
                partition.topic(), partition.partition(), 1L, batch.firstOffset(), batch.nextOffset(), 0, 0, 0, 0));
        for (Object column : batch.columns()) {
            values.add(connection.createArrayOf(elementType(column), (Object[]) column));
        }
        values.addAll(List.of(EVENT_TOPIC, true, true));
        for (int i = 0; i < NUMBERS.size(); i++) {
            statement.setObject(i + 1, values.get(NUMBERS.get(i) - 1));
        }
        try (ResultSet outcomes = statement.executeQuery()) {
            if (!outcomes.next()) {
                throw new IllegalStateException("%s is someone else's".formatted(partition));
            }
        }
    }

    private static String elementType(Object column) {
        return switch (column) {
            case Long[] longs -> "int8";
            case Boolean[] booleans -> "bool";
            case byte[][] bytes -> "bytea";
            case String[] texts -> "text";
            default -> throw new IllegalArgumentException("No array type for " + column.getClass());
        };
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
