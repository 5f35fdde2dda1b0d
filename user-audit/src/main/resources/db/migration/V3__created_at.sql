-- Without a transaction around it: the backfill commits by the batch, so that it locks a few rows at a time. Each step can be
-- run again, should it have stopped half-way.
SET lock_timeout = '2s';

-- Expand: who writes without knowing the column gets the time of the write.
ALTER TABLE users ADD COLUMN IF NOT EXISTS created_at timestamptz;
ALTER TABLE users ALTER COLUMN created_at SET DEFAULT clock_timestamp();

-- Backfill in the order of the key. An id of version 7 tells when it was made; of others nothing older is known than now.
CREATE OR REPLACE PROCEDURE users_backfill_created_at(batch int) LANGUAGE plpgsql AS $$
DECLARE
  position uuid := '00000000-0000-0000-0000-000000000000';
  last     uuid;
BEGIN
  LOOP
    SELECT id INTO last FROM (SELECT id FROM users WHERE id > position ORDER BY id LIMIT batch) AS next ORDER BY id DESC LIMIT 1;
    EXIT WHEN last IS NULL;
    UPDATE users
       SET created_at = coalesce(CASE WHEN uuid_extract_version(id) = 7 THEN uuid_extract_timestamp(id) END, clock_timestamp())
     WHERE id > position AND id <= last AND created_at IS NULL;
    COMMIT;
    position := last;
  END LOOP;
END $$;
CALL users_backfill_created_at(5000);
DROP PROCEDURE users_backfill_created_at;

-- Contract: a validated check spares SET NOT NULL the look at every row under its lock.
ALTER TABLE users DROP CONSTRAINT IF EXISTS users_created_at_known;
ALTER TABLE users ADD CONSTRAINT users_created_at_known CHECK (created_at IS NOT NULL) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT users_created_at_known;
ALTER TABLE users ALTER COLUMN created_at SET NOT NULL;
ALTER TABLE users DROP CONSTRAINT users_created_at_known;
RESET lock_timeout;
