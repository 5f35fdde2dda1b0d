-- Loses nothing.
DROP FUNCTION outbox_sent;
