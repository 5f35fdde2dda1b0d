-- Loses nothing: as V9 left it.
CREATE OR REPLACE FUNCTION pack_email_events(of_user uuid, from_version bigint, to_version bigint, dated timestamptz, packed_body bytea)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  head     email_current;
  count_of bigint;
  earliest timestamptz;
  latest   timestamptz;
  end_hash bytea;
  before   bytea;
BEGIN
  SELECT * INTO head FROM email_current WHERE user_id = of_user FOR NO KEY UPDATE;
  IF NOT FOUND OR head.packed <> from_version - 1 OR head.version <= to_version OR head.op = 'e' THEN
    RETURN false;
  END IF;
  SELECT count(*), min(e.recorded_at), max(e.recorded_at) INTO count_of, earliest, latest
    FROM email_event e JOIN tree_leaf l ON l.user_id = e.user_id AND l.version = e.version AND l.hash = e.hash
   WHERE e.user_id = of_user AND e.version BETWEEN from_version AND to_version;
  IF count_of <> to_version - from_version + 1 THEN
    RETURN false;
  END IF;
  SELECT hash INTO end_hash FROM email_event WHERE user_id = of_user AND version = to_version;
  SELECT last_hash INTO before FROM email_pack WHERE user_id = of_user AND last_version = from_version - 1;
  INSERT INTO email_pack (user_id, first_version, last_version, first_recorded_at, last_recorded_at, dated_from, previous_hash,
                          last_hash, body)
  VALUES (of_user, from_version, to_version, earliest, latest, dated, coalesce(before, decode(repeat('00', 32), 'hex')),
          end_hash, packed_body);
  DELETE FROM email_event WHERE user_id = of_user AND version BETWEEN from_version AND to_version;
  UPDATE email_current SET packed = to_version WHERE user_id = of_user;
  RETURN true;
END $$;

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION pack_email_events SET search_path = %I, pg_temp', current_schema());
END $$;
