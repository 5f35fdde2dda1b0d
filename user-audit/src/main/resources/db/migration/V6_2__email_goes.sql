-- Contract: to be run when no application writes the plain column any more, and V6.1 has moved what was there.
SET LOCAL lock_timeout = '2s';
DO $$
BEGIN
  LOCK TABLE users IN ACCESS EXCLUSIVE MODE;
  IF EXISTS (SELECT FROM users WHERE email IS NOT NULL) THEN
    RAISE EXCEPTION 'users.email still has addresses: an application of an older version writes them; stop it, and migrate again';
  END IF;
END $$;
ALTER TABLE users DROP COLUMN email;
