-- Loses nothing: the column was empty. The addresses stay in the history.
ALTER TABLE users ADD COLUMN email text CONSTRAINT users_email_length CHECK (length(email) BETWEEN 3 AND 254);
