-- The tables every service has. ${appRole} is the role of the running service.

CREATE TABLE lease (
  name       text PRIMARY KEY,
  holder     text        NOT NULL,
  epoch      bigint      NOT NULL,
  expires_at timestamptz NOT NULL
) WITH (fillfactor = 50);
COMMENT ON COLUMN lease.epoch IS 'Rises with each grant; a transaction that names an older one is fenced off.';

-- Claimed by presence in (shard, id) order. The aggregate's row lock is taken before the id, so for one
-- aggregate the order of ids is the order of commits; CACHE 1 keeps it so across sessions.
CREATE TABLE outbox (
  id                bigint      NOT NULL GENERATED ALWAYS AS IDENTITY (CACHE 1),
  shard             smallint    NOT NULL GENERATED ALWAYS AS ((hashtext(aggregate_id) & 7)::smallint) STORED,
  event_id          uuid        NOT NULL,
  topic             text        NOT NULL,
  type              text        NOT NULL,
  aggregate_id      text        NOT NULL,
  aggregate_version bigint      NOT NULL,
  occurred_at       timestamptz NOT NULL,
  traceparent       text,
  payload           text        NOT NULL,
  PRIMARY KEY (shard, id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
        autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_threshold = 1000000);

-- An aggregate here is left alone by the relay; deleting the row lets it go on where it stopped.
CREATE TABLE outbox_parked (
  aggregate_id text PRIMARY KEY,
  event_id     uuid        NOT NULL,
  reason       text        NOT NULL,
  parked_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What a shard may send now, in its order. The planner has no idea how full a queue is and likes to gather the rows by
-- a bitmap, which visits every deleted one again each time; an index scan remembers which entries are dead.
CREATE FUNCTION outbox_due(of_shard smallint, at_most int) RETURNS SETOF outbox LANGUAGE sql STABLE
  SET enable_bitmapscan = off SET enable_seqscan = off AS $$
  SELECT * FROM outbox
   WHERE shard = of_shard
     AND aggregate_id <> ALL (ARRAY (SELECT aggregate_id FROM outbox_parked))
   ORDER BY id
   LIMIT at_most
$$;

CREATE TABLE inbox_version (
  consumer     text   NOT NULL,
  aggregate_id text   NOT NULL,
  version      bigint NOT NULL,
  PRIMARY KEY (consumer, aggregate_id)
) WITH (fillfactor = 70);

CREATE TABLE inbox_event (
  consumer    text        NOT NULL,
  event_id    uuid        NOT NULL,
  received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (consumer, event_id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON lease, outbox_parked, inbox_version, inbox_event TO ${appRole};
GRANT SELECT, INSERT, DELETE ON outbox TO ${appRole};
