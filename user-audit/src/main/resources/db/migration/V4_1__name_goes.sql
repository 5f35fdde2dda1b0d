-- Contract: to be run when no application writes the old name any more.
SET LOCAL lock_timeout = '2s';
DROP TRIGGER users_names_on_insert ON users;
DROP TRIGGER users_names_on_update ON users;
DROP FUNCTION users_keep_names_alike;
ALTER TABLE users DROP COLUMN name;
