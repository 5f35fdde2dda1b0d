-- Expand: both names are there, and a trigger keeps them alike whichever of them an application writes. Versions of the
-- application that know one of them run side by side until V4.1 takes the old name away.
SET lock_timeout = '2s';
ALTER TABLE users ADD COLUMN IF NOT EXISTS full_name text;

CREATE OR REPLACE FUNCTION users_keep_names_alike() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.full_name := coalesce(NEW.full_name, NEW.name);
    NEW.name := NEW.full_name;
  ELSIF NEW.full_name IS DISTINCT FROM OLD.full_name THEN
    NEW.name := NEW.full_name;
  ELSE
    NEW.full_name := NEW.name;
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER users_names_on_insert BEFORE INSERT ON users
  FOR EACH ROW EXECUTE FUNCTION users_keep_names_alike();
CREATE OR REPLACE TRIGGER users_names_on_update BEFORE UPDATE ON users
  FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name OR NEW.full_name IS DISTINCT FROM OLD.full_name)
  EXECUTE FUNCTION users_keep_names_alike();

CREATE OR REPLACE PROCEDURE users_backfill_full_name(batch int) LANGUAGE plpgsql AS $$
DECLARE
  position uuid := '00000000-0000-0000-0000-000000000000';
  last     uuid;
BEGIN
  LOOP
    SELECT id INTO last FROM (SELECT id FROM users WHERE id > position ORDER BY id LIMIT batch) AS next ORDER BY id DESC LIMIT 1;
    EXIT WHEN last IS NULL;
    UPDATE users SET full_name = name WHERE id > position AND id <= last AND full_name IS NULL;
    COMMIT;
    position := last;
  END LOOP;
END $$;
CALL users_backfill_full_name(5000);
DROP PROCEDURE users_backfill_full_name;

ALTER TABLE users DROP CONSTRAINT IF EXISTS users_full_name_length;
ALTER TABLE users ADD CONSTRAINT users_full_name_length
  CHECK (full_name IS NOT NULL AND length(full_name) BETWEEN 1 AND 200) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT users_full_name_length;
ALTER TABLE users ALTER COLUMN full_name SET NOT NULL;
RESET lock_timeout;
