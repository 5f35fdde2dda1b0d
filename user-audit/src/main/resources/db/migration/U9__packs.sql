-- Packs can only be opened with their users' keys, so it does nothing where there is one.
DO $$
BEGIN
  IF EXISTS (SELECT FROM email_pack) THEN
    RAISE EXCEPTION 'packed versions would be lost: unpack them with the service first';
  END IF;
END $$;
DROP TRIGGER email_current_pack_due ON email_current;
DROP FUNCTION note_pack_due, pack_email_events;
DROP TABLE pack_due, email_pack;
ALTER TABLE email_current DROP COLUMN packed;
