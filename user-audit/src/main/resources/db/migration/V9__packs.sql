-- Old versions of those who change often, many in a row: compressed, then encrypted with the user's key.
CREATE TABLE email_pack (
  user_id           uuid        NOT NULL,
  first_version     bigint      NOT NULL,
  last_version      bigint      NOT NULL CHECK (last_version >= first_version),
  first_recorded_at timestamptz NOT NULL,
  last_recorded_at  timestamptz NOT NULL CHECK (last_recorded_at >= first_recorded_at),
  dated_from        timestamptz,
  previous_hash     bytea       NOT NULL CHECK (length(previous_hash) = 32),
  last_hash         bytea       NOT NULL CHECK (length(last_hash) = 32),
  body              bytea       NOT NULL,
  PRIMARY KEY (user_id, first_recorded_at)
);
COMMENT ON COLUMN email_pack.dated_from IS 'The earliest valid time that one of them says; null when none does.';
COMMENT ON COLUMN email_pack.previous_hash IS 'Of the event before the first one. With it all hashes of the pack can be made again.';
ALTER TABLE email_pack ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX email_pack_version ON email_pack (user_id, first_version);
CREATE INDEX email_pack_dated ON email_pack (user_id, dated_from) WHERE dated_from IS NOT NULL;

ALTER TABLE email_current ADD COLUMN packed bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN email_current.packed IS 'Versions up to this one are in packs.';

-- Who has enough for another pack, as far as is known.
CREATE TABLE pack_due (user_id uuid PRIMARY KEY);
CREATE FUNCTION note_pack_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO pack_due (user_id) VALUES (NEW.user_id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER email_current_pack_due AFTER UPDATE OF version ON email_current
  FOR EACH ROW WHEN (NEW.version - NEW.packed >= 192 AND NEW.version % 64 = 0) EXECUTE FUNCTION note_pack_due();

-- Puts a pack in the place of its events, all or nothing. The service cannot delete events; this can, with the owner's rights, and
-- only those that are sealed, without a gap behind those that are packed, and with the hash that the pack ends with.
CREATE FUNCTION pack_email_events(of_user uuid, from_version bigint, to_version bigint, dated timestamptz, packed_body bytea)
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
REVOKE ALL ON FUNCTION pack_email_events FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pack_email_events, note_pack_due TO ${appRole};
GRANT SELECT ON email_pack TO ${appRole};
GRANT SELECT, INSERT, DELETE ON pack_due TO ${appRole};
