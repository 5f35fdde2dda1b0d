-- Whoever has this key reads a user's addresses; who deletes it has forgotten them. Wrapped by a key of the configuration.
CREATE TABLE user_key (
  user_id uuid  PRIMARY KEY,
  key_id  text  NOT NULL CHECK (length(key_id) BETWEEN 1 AND 40),
  wrapped bytea NOT NULL CHECK (length(wrapped) = 60)
);
COMMENT ON COLUMN user_key.key_id IS 'Of the configuration''s key that wraps this one.';

-- The end of each user's history. Its row lock is what all changes of a user take first, so they have one order.
CREATE TABLE email_current (
  user_id     uuid        PRIMARY KEY,
  version     bigint      NOT NULL,
  recorded_at timestamptz NOT NULL,
  told        bigint      NOT NULL DEFAULT 0,
  op          "char"      NOT NULL,
  hold        boolean     NOT NULL DEFAULT false,
  event_id    uuid        NOT NULL,
  hash        bytea       NOT NULL
) WITH (fillfactor = 60);
COMMENT ON COLUMN email_current.told IS 'Events about this user on user.events; the latest has this number.';
COMMENT ON COLUMN email_current.hold IS 'A legal hold: no erasure.';

-- What happened to a user's address, for ever. Written once; no role of the service can change or delete a row.
CREATE TABLE email_event (
  user_id     uuid        NOT NULL,
  version     bigint      NOT NULL CHECK (version >= 1),
  recorded_at timestamptz NOT NULL,
  valid_from  timestamptz,
  event_id    uuid        NOT NULL,
  op          "char"      NOT NULL CHECK (op IN ('r', 'c', 'k', 'v', 'e')),
  address     bytea       CHECK (length(address) BETWEEN 31 AND 300),
  actor       text        NOT NULL CHECK (length(actor) BETWEEN 1 AND 255),
  reason      text        CHECK (length(reason) BETWEEN 1 AND 200),
  source      text        NOT NULL CHECK (length(source) BETWEEN 1 AND 40),
  hash        bytea       NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (user_id, recorded_at),
  CONSTRAINT email_event_valid_before_recorded CHECK (valid_from < recorded_at),
  CONSTRAINT email_event_has_an_address_or_none CHECK ((address IS NOT NULL) = (op IN ('r', 'c', 'k')))
) PARTITION BY RANGE (recorded_at);
COMMENT ON COLUMN email_event.op IS 'r registered, c changed, k corrected, v verified, e erased.';
COMMENT ON COLUMN email_event.valid_from IS 'Since when it is so; null: since it was recorded.';
COMMENT ON COLUMN email_event.address IS 'Encrypted with the user''s key: 12 bytes nonce, ciphertext, 16 bytes tag.';
COMMENT ON COLUMN email_event.hash IS 'Of this event and the hash of the one before; version 1 of the encoding, see EventHash.';
CREATE TABLE email_event_rest PARTITION OF email_event DEFAULT;
CREATE INDEX email_event_version ON email_event (user_id, version);
-- The few that say since when.
CREATE INDEX email_event_dated ON email_event (user_id, valid_from DESC, version DESC) WHERE valid_from IS NOT NULL;
CREATE INDEX email_event_verified ON email_event (user_id, recorded_at) WHERE op = 'v';
CREATE INDEX email_event_recorded ON email_event (recorded_at, user_id);

-- Who had an address: a keyed hash of it, once per user. Goes with the user's key.
CREATE TABLE email_holder (
  blind   bytea NOT NULL CHECK (length(blind) = 16),
  user_id uuid  NOT NULL,
  PRIMARY KEY (blind, user_id)
);
CREATE INDEX email_holder_of_user ON email_holder (user_id);

-- Who read whose addresses, and why. Append only.
CREATE TABLE email_read (
  read_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  user_id uuid,
  reader  text        NOT NULL CHECK (length(reader) BETWEEN 1 AND 255),
  purpose text        NOT NULL CHECK (length(purpose) BETWEEN 1 AND 200),
  what    text        NOT NULL CHECK (length(what) BETWEEN 1 AND 60)
);
COMMENT ON COLUMN email_read.user_id IS 'Null: everybody''s.';
CREATE INDEX email_read_of_user ON email_read (user_id, read_at);

-- Events that are not in the tree yet. Drained by presence, never by a cursor: a row that becomes visible late is drained late.
CREATE TABLE unsealed (
  seq     bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (CACHE 1),
  user_id uuid   NOT NULL,
  version bigint NOT NULL,
  hash    bytea  NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

-- A partition per month, from this month on.
CREATE FUNCTION keep_email_partitions(today date, months_ahead int) RETURNS SETOF text
  LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  month date;
  child text;
BEGIN
  IF months_ahead NOT BETWEEN 0 AND 24 THEN
    RAISE EXCEPTION 'months_ahead must be 0 to 24' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock('email_event'::regclass::oid::int, 2);
  FOR month IN SELECT generate_series(date_trunc('month', today::timestamp), date_trunc('month', today::timestamp)
                                      + months_ahead * interval '1 month', '1 month')::date LOOP
    child := 'email_event' || to_char(month, '_YYYY_MM');
    CONTINUE WHEN to_regclass(format('%I.%I', current_schema(), child)) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I (LIKE email_event INCLUDING ALL)', child);
    EXECUTE format('WITH late AS (DELETE FROM email_event_rest WHERE recorded_at >= $1 AND recorded_at < $2 RETURNING *) INSERT INTO %I SELECT * FROM late', child)
      USING month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month')::timestamp AT TIME ZONE 'UTC';
    EXECUTE format('ALTER TABLE email_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', child,
                   month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
    RETURN NEXT child;
  END LOOP;
END $$;

-- The same bytes as EventHash, version 1.
CREATE FUNCTION email_event_hash(of_user uuid, of_version bigint, of_event uuid, of_op "char", recorded timestamptz,
                                 valid timestamptz, of_address bytea, of_actor text, of_reason text, of_source text, previous bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN sha256('\x01'::bytea || uuid_send(of_user) || int8send(of_version) || uuid_send(of_event) || charsend(of_op)
  || int8send((extract(epoch FROM recorded) * 1000000)::bigint) || int8send((extract(epoch FROM valid) * 1000000)::bigint)
  || CASE WHEN of_address IS NULL THEN int4send(-1) ELSE int4send(length(of_address)) || of_address END
  || int4send(octet_length(convert_to(of_actor, 'UTF8'))) || convert_to(of_actor, 'UTF8')
  || CASE WHEN of_reason IS NULL THEN int4send(-1)
          ELSE int4send(octet_length(convert_to(of_reason, 'UTF8'))) || convert_to(of_reason, 'UTF8') END
  || int4send(octet_length(convert_to(of_source, 'UTF8'))) || convert_to(of_source, 'UTF8')
  || previous);

-- Appends one event to a user's history and tells it (never the address), or says why not. Times rise strictly per user, whatever the clock does. An event that
-- is there already, under the same id and behind the same version, is answered as it was recorded.
CREATE FUNCTION append_email_event(of_user uuid, expected bigint, new_event uuid, new_op "char", valid timestamptz,
                                   new_address bytea, new_blind bytea, new_actor text, new_reason text, new_source text,
                                   topic text, event_type text, traceparent text)
RETURNS TABLE (outcome text, at_version bigint, recorded timestamptz, number_told bigint) LANGUAGE plpgsql AS $$
DECLARE
  now_is     email_current;
  known      email_event;
  new_hash   bytea;
BEGIN
  IF new_op = 'r' AND expected = 0 AND valid IS NULL THEN
    INSERT INTO email_current (user_id, version, recorded_at, told, op, event_id, hash)
    VALUES (of_user, 0, 'epoch', 0, 'r', new_event, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
  END IF;
  SELECT * INTO now_is FROM email_current WHERE user_id = of_user FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'unknown', 0::bigint, NULL::timestamptz, NULL::bigint;
    RETURN;
  END IF;
  IF now_is.version > 0 AND (now_is.version <> expected OR now_is.event_id = new_event) THEN
    SELECT * INTO known FROM email_event
     WHERE user_id = of_user AND event_id = new_event AND version IN (expected + 1, now_is.version);
    IF FOUND THEN
      RETURN QUERY SELECT CASE WHEN known.op = new_op AND known.address IS NOT DISTINCT FROM new_address
                                AND (valid IS NULL OR known.valid_from = valid) AND known.reason IS NOT DISTINCT FROM new_reason
                               THEN 'exists' ELSE 'different' END,
                          known.version, known.recorded_at, NULL::bigint;
      RETURN;
    END IF;
  END IF;
  IF now_is.op = 'e' AND now_is.version > 0 THEN
    RETURN QUERY SELECT 'erased', now_is.version, now_is.recorded_at, NULL::bigint;
    RETURN;
  ELSIF now_is.version <> expected THEN
    RETURN QUERY SELECT 'stale', now_is.version, now_is.recorded_at, NULL::bigint;
    RETURN;
  END IF;
  recorded := greatest(clock_timestamp(), now_is.recorded_at + interval '1 microsecond');
  IF valid > recorded THEN
    RETURN QUERY SELECT 'valid_in_the_future', now_is.version, recorded, NULL::bigint;
    RETURN;
  END IF;
  at_version := expected + 1;
  new_hash := email_event_hash(of_user, at_version, new_event, new_op, recorded, coalesce(valid, recorded), new_address,
                               new_actor, new_reason, new_source, now_is.hash);
  INSERT INTO email_event (user_id, version, recorded_at, valid_from, event_id, op, address, actor, reason, source, hash)
  VALUES (of_user, at_version, recorded, nullif(valid, recorded), new_event, new_op, new_address, new_actor, new_reason,
          new_source, new_hash);
  UPDATE email_current
     SET version = at_version, recorded_at = append_email_event.recorded, told = told + 1, op = new_op, event_id = new_event,
         hash = new_hash
   WHERE user_id = of_user;
  INSERT INTO unsealed (user_id, version, hash) VALUES (of_user, at_version, new_hash);
  IF new_blind IS NOT NULL THEN
    INSERT INTO email_holder (blind, user_id) VALUES (new_blind, of_user) ON CONFLICT DO NOTHING;
  END IF;
  number_told := now_is.told + 1;
  IF topic IS NOT NULL THEN
    INSERT INTO outbox (event_id, topic, type, aggregate_id, aggregate_version, occurred_at, traceparent, payload)
    VALUES (new_event, append_email_event.topic, event_type, of_user::text, number_told, recorded,
            append_email_event.traceparent,
            json_build_object('userId', of_user, 'emailVersion', at_version, 'recordedAt',
                              to_char(recorded AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text);
  END IF;
  outcome := 'appended';
  RETURN NEXT;
END $$;

CREATE FUNCTION email_as_of(asked_user uuid, asked_recorded timestamptz, asked_valid timestamptz) RETURNS SETOF email_event
LANGUAGE sql STABLE ROWS 1 AS $$
  SELECT * FROM (
    (SELECT * FROM email_event
      WHERE user_id = asked_user AND recorded_at <= least(asked_recorded, asked_valid) AND valid_from IS NULL AND op <> 'v'
      ORDER BY recorded_at DESC LIMIT 1)
    UNION ALL
    (SELECT * FROM email_event
      WHERE user_id = asked_user AND valid_from <= asked_valid AND recorded_at <= asked_recorded AND valid_from IS NOT NULL
      ORDER BY valid_from DESC, version DESC LIMIT 1)) AS latest
  ORDER BY coalesce(valid_from, recorded_at) DESC, version DESC LIMIT 1
$$;

-- A user's state at a recorded and a valid time, in one trip. Until when an answer is final is asked first: what commits behind
-- that question is seen by the ones after it, which have snapshots of their own. The note of a reader need not wait for the disk.
--
-- Events that do not say since when are so since they were recorded: of those the latest counts, one descent. Those that do say
-- are few, and have an index of their own. A verification is of the address that was valid when it was recorded: of none that
-- was of the past by then, nor of one that a later valid time had replaced.
CREATE FUNCTION email_state(asked_user uuid, asked_recorded timestamptz, asked_valid timestamptz, note_reader text, note_purpose text)
RETURNS TABLE (head bigint, key_id text, wrapped bytea, stable timestamptz, verified boolean,
               user_id uuid, version bigint, recorded_at timestamptz, valid_from timestamptz, event_id uuid, op text, address bytea,
               actor text, reason text, source text, hash bytea)
LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  final timestamptz;
BEGIN
  IF note_reader IS NOT NULL THEN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO email_read (user_id, reader, purpose, what) VALUES (asked_user, note_reader, note_purpose, 'state');
  END IF;
  SELECT least(statement_timestamp(), min(a.xact_start) - interval '1 microsecond') INTO final
    FROM pg_stat_activity a
   WHERE a.datname = current_database() AND a.usename = current_user AND a.pid <> pg_backend_pid() AND a.xact_start IS NOT NULL;
  RETURN QUERY
  SELECT h.version, k.key_id, k.wrapped, final,
         EXISTS (SELECT FROM email_event v
                  WHERE v.user_id = asked_user AND v.op = 'v' AND v.recorded_at > f.recorded_at AND v.recorded_at <= asked_recorded
                    AND NOT EXISTS (SELECT FROM email_event later
                                     WHERE later.user_id = asked_user AND later.op IN ('c', 'k')
                                       AND later.recorded_at > f.recorded_at AND later.recorded_at < v.recorded_at
                                       AND coalesce(later.valid_from, later.recorded_at) >= coalesce(f.valid_from, f.recorded_at)))
           AND (f.valid_from IS NULL
                OR NOT EXISTS (SELECT FROM email_event earlier
                                WHERE earlier.user_id = asked_user AND earlier.op <> 'v' AND earlier.recorded_at < f.recorded_at
                                  AND coalesce(earlier.valid_from, earlier.recorded_at) > f.valid_from)),
         f.user_id, f.version, f.recorded_at, f.valid_from, f.event_id, f.op::text, f.address, f.actor, f.reason, f.source, f.hash
    FROM email_current h
    LEFT JOIN user_key k ON k.user_id = h.user_id
    LEFT JOIN LATERAL email_as_of(asked_user, asked_recorded, asked_valid) f ON true
   WHERE h.user_id = asked_user;
END $$;

-- Runs with the owner's rights, so it must find the owner's tables and no others.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION keep_email_partitions SET search_path = %I, pg_temp', current_schema());
  PERFORM keep_email_partitions(current_date, 2);
END $$;
REVOKE ALL ON FUNCTION keep_email_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_email_partitions, email_event_hash, append_email_event, email_as_of, email_state TO ${appRole};
GRANT SELECT, INSERT ON email_event, email_read TO ${appRole};
GRANT SELECT, INSERT, UPDATE ON email_current TO ${appRole};
GRANT SELECT, INSERT, DELETE, UPDATE (key_id, wrapped) ON user_key TO ${appRole};
GRANT SELECT, INSERT, DELETE ON email_holder, unsealed TO ${appRole};
