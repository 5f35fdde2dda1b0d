-- Loses nothing: the old name has been kept alike.
DROP TRIGGER users_names_on_insert ON users;
DROP TRIGGER users_names_on_update ON users;
DROP FUNCTION users_keep_names_alike;
ALTER TABLE users DROP COLUMN full_name;
