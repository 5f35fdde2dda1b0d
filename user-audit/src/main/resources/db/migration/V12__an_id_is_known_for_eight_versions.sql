-- A client that has lost an answer, has looked again, and sends the same id behind the version that it sees now, must not be recorded
-- twice. The ids of the last eight versions lie where the append looks anyway.
ALTER TABLE email_current ADD COLUMN recent uuid[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN email_current.recent IS 'Ids of the last eight versions, the latest first; of those since this column is there.';

-- Appends an event to each of these users' histories and tells it (never the address), or says why not; in the order asked for. A
-- user is among them once. Times rise strictly per user, whatever the clock does. An event that is there already, under the same id
-- and behind the same version, is answered as it was recorded. One of the last eight ids behind another version stands for what was
-- recorded under it, and records nothing more.
--
-- The users' rows are locked first, in the order of their ids; what is read after that, by statements with snapshots of their own, is
-- theirs to the end of the transaction. The joins are of a few rows with a few: the planner, who may have seen the tables when they
-- were empty, is given no other way.
CREATE OR REPLACE FUNCTION append_email_events(users uuid[], expected_versions bigint[], event_ids uuid[], ops text[], valid_froms timestamptz[],
                                    addresses bytea[], blinds bytea[], actors text[], reasons text[], sources text[], topic text,
                                    types text[], traceparents text[])
RETURNS TABLE (outcome text, at_version bigint, recorded timestamptz, number_told bigint) LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  IF (SELECT count(DISTINCT u) FROM unnest(users) AS u) <> cardinality(users) THEN
    RAISE EXCEPTION 'a user is among them twice' USING ERRCODE = 'cardinality_violation';
  END IF;
  IF 'r' = ANY (ops) THEN
    INSERT INTO email_current (user_id, version, recorded_at, told, op, event_id, hash)
    SELECT a.of_user, 0, 'epoch', 0, 'r', a.event_id, decode(repeat('00', 32), 'hex')
      FROM unnest(users, expected_versions, event_ids, ops, valid_froms) AS a (of_user, expected, event_id, op, valid)
     WHERE a.op = 'r' AND a.expected = 0 AND a.valid IS NULL
     ORDER BY a.of_user
        ON CONFLICT DO NOTHING;
  END IF;
  PERFORM FROM email_current WHERE user_id = ANY (users) ORDER BY user_id FOR NO KEY UPDATE;
  RETURN QUERY
  WITH asked AS MATERIALIZED (
    SELECT a.*, h.version AS head, h.recorded_at AS head_recorded, h.op AS head_op, h.event_id AS head_event, h.hash AS head_hash, h.told, h.recent,
           greatest(clock_timestamp(), h.recorded_at + interval '1 microsecond') AS moment
      FROM unnest(users, expected_versions, event_ids, ops::"char"[], valid_froms, addresses, blinds, actors, reasons, sources, types,
                  traceparents) WITH ORDINALITY
           AS a (of_user, expected, event_id, op, valid, address, blind, actor, reason, source, type, traceparent, place)
      LEFT JOIN email_current h ON h.user_id = a.of_user
  ), known AS MATERIALIZED (
    SELECT a.place, e.version, e.recorded_at,
           e.op = a.op AND e.address IS NOT DISTINCT FROM a.address AND (a.valid IS NULL OR coalesce(e.valid_from, e.recorded_at) = a.valid)
             AND e.reason IS NOT DISTINCT FROM a.reason AS alike
      FROM (SELECT * FROM asked WHERE head > 0 AND (head <> expected OR head_event = event_id OR event_id = ANY (recent)) OFFSET 0) AS a
      JOIN email_event e ON e.user_id = a.of_user AND e.event_id = a.event_id
                        AND e.version IN (a.expected + 1, a.head + 1 - coalesce(array_position(a.recent, a.event_id), 1))
  ), decided AS MATERIALIZED (
    SELECT a.*, a.expected + 1 AS version, k.version AS known_version, k.recorded_at AS known_recorded,
           CASE WHEN a.head IS NULL THEN 'unknown'
                WHEN k.alike THEN 'exists'
                WHEN k.version IS NOT NULL THEN 'different'
                WHEN a.head_op = 'e' AND a.head > 0 THEN 'erased'
                WHEN a.head <> a.expected THEN 'stale'
                WHEN a.valid > a.moment THEN 'valid_in_the_future'
                ELSE 'appended' END AS outcome
      FROM asked a LEFT JOIN known k ON k.place = a.place
  ), appended AS MATERIALIZED (
    SELECT d.*, email_event_hash(d.of_user, d.version, d.event_id, d.op, d.moment, coalesce(d.valid, d.moment), d.address, d.actor,
                                 d.reason, d.source, d.head_hash) AS hash
      FROM decided d WHERE d.outcome = 'appended'
  ), histories AS (
    INSERT INTO email_event (user_id, version, recorded_at, valid_from, event_id, op, address, actor, reason, source, hash)
    SELECT of_user, version, moment, nullif(valid, moment), event_id, op, address, actor, reason, source, hash FROM appended
  ), heads AS (
    UPDATE email_current h
       SET version = n.version, recorded_at = n.moment, told = n.told + 1, op = n.op, event_id = n.event_id, hash = n.hash,
           recent = (n.event_id || h.recent)[1:8]
      FROM appended n WHERE h.user_id = n.of_user
  ), queued AS (
    INSERT INTO unsealed (user_id, version, hash) SELECT of_user, version, hash FROM appended ORDER BY place
  ), holders AS (
    INSERT INTO email_holder (blind, user_id) SELECT blind, of_user FROM appended WHERE blind IS NOT NULL ON CONFLICT DO NOTHING
  ), news AS (
    INSERT INTO outbox (event_id, topic, type, aggregate_id, aggregate_version, occurred_at, traceparent, payload)
    SELECT event_id, append_email_events.topic, type, of_user::text, told + 1, moment, traceparent,
           json_build_object('userId', of_user, 'emailVersion', version, 'recordedAt',
                             to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text
      FROM appended WHERE append_email_events.topic IS NOT NULL
  )
  SELECT d.outcome,
         CASE d.outcome WHEN 'appended' THEN d.version ELSE coalesce(d.known_version, d.head, 0) END,
         CASE d.outcome WHEN 'appended' THEN d.moment ELSE coalesce(d.known_recorded, d.head_recorded) END,
         CASE d.outcome WHEN 'appended' THEN d.told + 1 END
    FROM decided d ORDER BY d.place;
END $$;
