-- Loses every address and its history, so it does nothing where there is one.
DO $$
BEGIN
  IF EXISTS (SELECT FROM email_event) THEN
    RAISE EXCEPTION 'the e-mail history would be lost: it can only be undone while it is empty';
  END IF;
END $$;
DROP FUNCTION email_state, email_as_of, append_email_event, email_event_hash, keep_email_partitions;
DROP TABLE email_read, unsealed, email_holder, email_event, email_current, user_key;
