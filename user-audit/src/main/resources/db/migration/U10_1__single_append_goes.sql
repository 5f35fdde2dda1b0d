-- Loses nothing: as V6 left it.
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
