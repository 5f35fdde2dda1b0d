-- What is not kept for ever: who read what, and checkpoints between those that are enough. The service cannot delete either by itself;
-- these can, with the owner's rights, and nothing that is young. E-mail events, their leaves and nodes stay until their user is forgotten,
-- and the proofs of them for ever.
CREATE FUNCTION forget_reads(older_than timestamptz, at_most int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  deleted int;
BEGIN
  IF older_than > clock_timestamp() - interval '30 days' THEN
    RAISE EXCEPTION 'who read what is kept for 30 days at least' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  DELETE FROM email_read WHERE ctid = ANY (ARRAY (SELECT ctid FROM email_read WHERE read_at < older_than LIMIT at_most));
  GET DIAGNOSTICS deleted = ROW_COUNT;
  RETURN deleted;
END $$;

-- Of those that lie more than so many leaves back, the last of each thousand leaves stays. What they say follows from the later ones; who
-- kept one that is gone can still have it proven that the tree has only grown.
CREATE FUNCTION thin_checkpoints(leaves_back bigint, at_most int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  deleted int;
BEGIN
  IF leaves_back < 10000 THEN
    RAISE EXCEPTION 'checkpoints of the latest 10000 leaves are kept at least' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  DELETE FROM checkpoint WHERE size = ANY (ARRAY (
    SELECT old.size
      FROM (SELECT size, lead(size) OVER (ORDER BY size) AS later FROM checkpoint) AS old
     WHERE old.size <= (SELECT max(size) FROM checkpoint) - leaves_back AND old.size / 1000 = old.later / 1000
     LIMIT at_most));
  GET DIAGNOSTICS deleted = ROW_COUNT;
  RETURN deleted;
END $$;

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION forget_reads SET search_path = %I, pg_temp', current_schema());
  EXECUTE format('ALTER FUNCTION thin_checkpoints SET search_path = %I, pg_temp', current_schema());
END $$;
REVOKE ALL ON FUNCTION forget_reads, thin_checkpoints FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_reads, thin_checkpoints TO ${appRole};
