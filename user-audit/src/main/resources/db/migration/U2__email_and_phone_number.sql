-- Loses both columns.
ALTER TABLE users DROP COLUMN email, DROP COLUMN phone_number;
