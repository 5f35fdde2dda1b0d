package dev.holdfast.audit.seal;

import dev.holdfast.audit.email.EmailEvent;
import dev.holdfast.audit.email.EmailEvents;
import dev.holdfast.audit.proof.Hash;
import dev.holdfast.audit.proof.MerkleHash;
import dev.holdfast.audit.proof.Node;
import dev.holdfast.audit.proof.Nodes;
import dev.holdfast.audit.proof.Tile;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The statements around the tree. */
final class SealStore {
    /** Of this schema's tree. */
    private static final String ENTER_ALONE =
            "SELECT pg_try_advisory_xact_lock('tree_leaf'::regclass::oid::int, 7) AS alone";

    private static final String DRAIN = "SELECT user_id, version, hash FROM drain_unsealed($1)";
    private static final String ADD_LEAVES = """
            INSERT INTO tree_leaf (leaf, user_id, version, hash)
            SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bytea[])
            """;
    private static final String ADD_NODES = """
            INSERT INTO tree_node (level, index, hash) SELECT * FROM unnest($1::int[], $2::bigint[], $3::bytea[])
            """;
    private static final String ADD_CHECKPOINT = "INSERT INTO checkpoint (size, root, note) VALUES ($1, $2, $3)";
    private static final String LATEST = "SELECT size, root, note FROM checkpoint ORDER BY size DESC LIMIT 1";
    private static final String CHECKPOINTS = """
            SELECT size, root, note FROM checkpoint WHERE size > $1 AND size <= $2 ORDER BY size
            """;
    private static final String SEALED = """
            SELECT l.leaf, l.user_id AS leaf_user, l.version AS leaf_version, l.hash AS leaf_hash, e.*
              FROM (SELECT * FROM tree_leaf WHERE leaf >= $1 ORDER BY leaf LIMIT $2) AS l
              LEFT JOIN LATERAL (SELECT user_id, version, recorded_at, valid_from, event_id, op::text, address, actor,
                                        reason, source, hash
                                   FROM email_event WHERE user_id = l.user_id AND version = l.version LIMIT 1) AS e ON true
             ORDER BY l.leaf
            """;
    private static final String FORGOTTEN = """
            SELECT p.user_id, p.first_version, p.last_version FROM email_pack p
             WHERE p.user_id = ANY ($1) AND NOT EXISTS (SELECT FROM user_key k WHERE k.user_id = p.user_id)
            """;
    private static final String ALL_NODES =
            "SELECT level, index, hash FROM tree_node WHERE (level, index) > ($1, $2) ORDER BY level, index LIMIT $3";
    private static final String LEAVES = """
            SELECT leaf, hash FROM tree_leaf WHERE leaf >= $1 AND leaf < $2
            """;
    private static final String NODES =
            "SELECT index, hash FROM tree_node WHERE level = $1 AND index >= $2 AND index < $3";
    private static final String LEAF_OF = """
            SELECT l.leaf, l.user_id, l.version, l.hash, before.hash AS previous_hash
              FROM tree_leaf l LEFT JOIN tree_leaf before ON before.user_id = l.user_id AND before.version = l.version - 1
             WHERE l.user_id = $1 AND l.version = $2
            """;
    private static final String LEAVES_OF = """
            SELECT version, hash FROM tree_leaf WHERE user_id = $1 AND version BETWEEN $2 AND $3
            """;
    private static final String TREE = """
            SELECT c.size, c.root, e.recorded_at
              FROM (SELECT size, root FROM checkpoint ORDER BY size DESC LIMIT 1) AS c
              LEFT JOIN tree_leaf l ON l.leaf = c.size - 1
              LEFT JOIN LATERAL (SELECT recorded_at FROM email_event
                                  WHERE user_id = l.user_id AND version = l.version LIMIT 1) AS e ON true
            """;
    private static final String UNCOVERED = """
            SELECT count(*) AS uncovered FROM checkpoint WHERE size > (SELECT coalesce(max(leaf) + 1, 0) FROM tree_leaf)
            """;

    private SealStore() {}

    /** An event that is to be sealed. */
    record Unsealed(UUID userId, long version, Hash hash) {}

    /** What was signed. */
    record Signed(long size, Hash root, String note) {}

    /**
     * An event's place in the log.
     *
     * @param previousHash of the event before it in the user's history
     */
    record Leaf(long number, UUID userId, long version, Hash hash, Hash previousHash) {}

    /** False while another instance is at it; true until the end of the transaction. */
    static Uni<Boolean> enterAlone(SqlConnection connection) {
        return connection
                .preparedQuery(ENTER_ALONE)
                .execute()
                .map(rows -> rows.iterator().next().getBoolean("alone"));
    }

    /** Takes out what waits, in the order it came. */
    static Uni<List<Unsealed>> drain(SqlConnection connection, int atMost) {
        return connection
                .preparedQuery(DRAIN)
                .execute(Tuple.of(atMost))
                .map(rows -> rows.stream()
                        .map(row -> new Unsealed(row.getUUID("user_id"), row.getLong("version"), hash(row)))
                        .toList());
    }

    static Uni<Void> addLeaves(SqlConnection connection, long first, List<Unsealed> events) {
        return connection
                .preparedQuery(ADD_LEAVES)
                .execute(Tuple.tuple()
                        .addArrayOfLong(LongStream.range(first, first + events.size())
                                .boxed()
                                .toArray(Long[]::new))
                        .addArrayOfUUID(events.stream().map(Unsealed::userId).toArray(UUID[]::new))
                        .addArrayOfLong(events.stream().map(Unsealed::version).toArray(Long[]::new))
                        .addValue(buffers(events, Unsealed::hash)))
                .replaceWithVoid();
    }

    static Uni<Void> addNodes(SqlConnection connection, List<Node> nodes) {
        return nodes.isEmpty()
                ? Uni.createFrom().voidItem()
                : connection
                        .preparedQuery(ADD_NODES)
                        .execute(Tuple.tuple()
                                .addArrayOfInteger(
                                        nodes.stream().map(Node::level).toArray(Integer[]::new))
                                .addArrayOfLong(nodes.stream().map(Node::index).toArray(Long[]::new))
                                .addValue(buffers(nodes, Node::hash)))
                        .replaceWithVoid();
    }

    private static <T> Buffer[] buffers(List<T> rows, Function<T, Hash> hash) {
        return rows.stream().map(row -> Buffer.buffer(hash.apply(row).bytes())).toArray(Buffer[]::new);
    }

    static Uni<Void> addCheckpoint(SqlConnection connection, long size, Hash root, String note) {
        return connection
                .preparedQuery(ADD_CHECKPOINT)
                .execute(Tuple.of(size, Buffer.buffer(root.bytes()), note))
                .replaceWithVoid();
    }

    static Uni<Optional<Signed>> latest(SqlClient client) {
        return client.preparedQuery(LATEST)
                .execute()
                .map(rows -> rows.stream().findFirst().map(SealStore::toSigned));
    }

    /** Of these sizes, the second one included; the smallest first. */
    static Uni<List<Signed>> checkpoints(SqlClient client, long behind, long upTo) {
        return client.preparedQuery(CHECKPOINTS)
                .execute(Tuple.of(behind, upTo))
                .map(rows -> rows.stream().map(SealStore::toSigned).toList());
    }

    /**
     * A leaf, and what is found under its user and version.
     *
     * @param hash as the tree has it
     * @param gone its user is forgotten, and it was packed
     */
    record Sealed(long leaf, UUID userId, long version, Hash hash, Optional<EmailEvent> event, boolean gone) {
        Sealed with(Optional<EmailEvent> found) {
            return new Sealed(leaf, userId, version, hash, found, gone);
        }

        Sealed asGone() {
            return new Sealed(leaf, userId, version, hash, event, true);
        }
    }

    /** Versions in a pack that nobody can open any more. */
    record Forgotten(UUID userId, long from, long to) {
        boolean covers(UUID user, long version) {
            return userId.equals(user) && from <= version && version <= to;
        }
    }

    static Uni<List<Forgotten>> packedAndForgotten(SqlClient client, UUID[] users) {
        return client.preparedQuery(FORGOTTEN)
                .execute(Tuple.tuple().addArrayOfUUID(users))
                .map(rows -> rows.stream()
                        .map(row -> new Forgotten(
                                row.getUUID("user_id"), row.getLong("first_version"), row.getLong("last_version")))
                        .toList());
    }

    /** From this leaf on, in their order. */
    static Uni<List<Sealed>> sealed(SqlClient client, long from, int limit) {
        return client.preparedQuery(SEALED)
                .execute(Tuple.of(from, limit))
                .map(rows -> rows.stream()
                        .map(row -> new Sealed(
                                row.getLong("leaf"),
                                row.getUUID("leaf_user"),
                                row.getLong("leaf_version"),
                                Hash.of(row.getBuffer("leaf_hash").getBytes()),
                                row.getUUID("user_id") == null ? Optional.empty() : Optional.of(EmailEvents.of(row)),
                                false))
                        .toList());
    }

    /** Behind this one, in the order of levels and indexes. */
    static Uni<List<Node>> nodes(SqlClient client, int level, long index, int limit) {
        return client.preparedQuery(ALL_NODES)
                .execute(Tuple.of(level, index, limit))
                .map(rows -> rows.stream()
                        .map(row -> new Node(row.getInteger("level"), row.getLong("index"), hash(row)))
                        .toList());
    }

    private static Signed toSigned(Row row) {
        return new Signed(row.getLong("size"), Hash.of(row.getBuffer("root").getBytes()), row.getString("note"));
    }

    /** Empty for an event that is not sealed, or that nobody knows. */
    static Uni<Optional<Leaf>> leafOf(SqlClient client, UUID user, long version) {
        return client.preparedQuery(LEAF_OF)
                .execute(Tuple.of(user, version))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new Leaf(
                                row.getLong("leaf"),
                                row.getUUID("user_id"),
                                row.getLong("version"),
                                hash(row),
                                row.getBuffer("previous_hash") == null
                                        ? Hash.ZERO
                                        : Hash.of(row.getBuffer("previous_hash").getBytes()))));
    }

    /** Hashes of one user's events that are in the tree, by version. */
    static Uni<Map<Long, Hash>> leaves(SqlClient client, UUID user, long from, long to) {
        return client.preparedQuery(LEAVES_OF)
                .execute(Tuple.of(user, from, to))
                .map(rows -> rows.stream().collect(Collectors.toMap(row -> row.getLong("version"), SealStore::hash)));
    }

    /** As it was signed last. */
    static Uni<Optional<ChainStatus.Tree>> tree(SqlClient client) {
        return client.preparedQuery(TREE)
                .execute()
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new ChainStatus.Tree(
                                row.getLong("size"),
                                Hash.of(row.getBuffer("root").getBytes()),
                                Optional.ofNullable(row.getOffsetDateTime("recorded_at"))
                                        .map(OffsetDateTime::toInstant))));
    }

    /** Checkpoints of more leaves than there are. */
    static Uni<Long> checkpointsWithoutLeaves(SqlClient client) {
        return client.preparedQuery(UNCOVERED)
                .execute()
                .map(rows -> rows.iterator().next().getLong("uncovered"));
    }

    /** The hashes of these tiles. */
    static Uni<Nodes> read(SqlClient client, List<Tile> tiles) {
        return Multi.createFrom()
                .iterable(tiles)
                .onItem()
                .transformToUniAndConcatenate(tile -> read(client, tile))
                .collect()
                .in(ArrayList<Node>::new, List::addAll)
                .map(Nodes::of);
    }

    private static Uni<List<Node>> read(SqlClient client, Tile tile) {
        long end = tile.first() + tile.count();
        return tile.level() == 0
                ? client.preparedQuery(LEAVES)
                        .execute(Tuple.of(tile.first(), end))
                        .map(rows -> rows.stream()
                                .map(row -> new Node(0, row.getLong("leaf"), MerkleHash.leaf(hash(row))))
                                .toList())
                : client.preparedQuery(NODES)
                        .execute(Tuple.of(tile.level(), tile.first(), end))
                        .map(rows -> rows.stream()
                                .map(row -> new Node(tile.level(), row.getLong("index"), hash(row)))
                                .toList());
    }

    private static Hash hash(Row row) {
        return Hash.of(row.getBuffer("hash").getBytes());
    }
}
