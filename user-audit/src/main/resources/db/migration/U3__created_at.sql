-- Loses when users were created.
ALTER TABLE users DROP COLUMN created_at;
