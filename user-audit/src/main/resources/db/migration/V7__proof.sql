-- The tree of all events, in the order in which they were sealed (RFC 6962). Of its inner nodes only each eighth level is kept.
CREATE TABLE tree_leaf (
  leaf    bigint PRIMARY KEY CHECK (leaf >= 0),
  user_id uuid   NOT NULL,
  version bigint NOT NULL,
  hash    bytea  NOT NULL CHECK (length(hash) = 32)
);
COMMENT ON COLUMN tree_leaf.hash IS 'Of the event; the leaf''s own is made of it.';
CREATE UNIQUE INDEX tree_leaf_of_event ON tree_leaf (user_id, version);

CREATE TABLE tree_node (
  level smallint NOT NULL CHECK (level % 8 = 0 AND level > 0),
  index bigint   NOT NULL CHECK (index >= 0),
  hash  bytea    NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (level, index)
);

-- What was signed and published.
CREATE TABLE checkpoint (
  size      bigint      PRIMARY KEY CHECK (size >= 1),
  root      bytea       NOT NULL CHECK (length(root) = 32),
  note      text        NOT NULL CHECK (length(note) <= 1000)
);

-- What waits, in its order. The planner has no idea how full a queue is; an index scan remembers which entries are dead.
CREATE FUNCTION drain_unsealed(at_most int) RETURNS SETOF unsealed LANGUAGE sql VOLATILE
  SET enable_seqscan = off SET enable_bitmapscan = off AS $$
  WITH drained AS (
    DELETE FROM unsealed WHERE seq IN (SELECT seq FROM unsealed ORDER BY seq LIMIT at_most) RETURNING *
  )
  SELECT * FROM drained ORDER BY seq
$$;

GRANT EXECUTE ON FUNCTION drain_unsealed TO ${appRole};
GRANT SELECT, INSERT ON tree_leaf, tree_node, checkpoint TO ${appRole};
