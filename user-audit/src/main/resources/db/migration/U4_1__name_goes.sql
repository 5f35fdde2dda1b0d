-- Loses nothing: as V4 left it.
ALTER TABLE users ADD COLUMN name text;
CREATE FUNCTION users_keep_names_alike() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER users_names_on_insert BEFORE INSERT ON users
  FOR EACH ROW EXECUTE FUNCTION users_keep_names_alike();
CREATE TRIGGER users_names_on_update BEFORE UPDATE ON users
  FOR EACH ROW WHEN (NEW.name IS DISTINCT FROM OLD.name OR NEW.full_name IS DISTINCT FROM OLD.full_name)
  EXECUTE FUNCTION users_keep_names_alike();
UPDATE users SET name = full_name;
ALTER TABLE users ALTER COLUMN name SET NOT NULL,
                  ADD CONSTRAINT users_name_check CHECK (length(name) BETWEEN 1 AND 200);
