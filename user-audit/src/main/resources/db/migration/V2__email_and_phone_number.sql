-- Nullable, so that neither existing rows nor a version of the application that does not know them is in the way. A check is
-- added without a look at the rows, under a lock for a moment, and validated under one that lets everyone read and write.
SET LOCAL lock_timeout = '2s';
ALTER TABLE users ADD COLUMN email text, ADD COLUMN phone_number text;
ALTER TABLE users ADD CONSTRAINT users_email_length CHECK (length(email) BETWEEN 3 AND 254) NOT VALID,
                  ADD CONSTRAINT users_phone_number_e164 CHECK (phone_number ~ '^\+[1-9][0-9]{6,14}$') NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT users_email_length;
ALTER TABLE users VALIDATE CONSTRAINT users_phone_number_e164;
