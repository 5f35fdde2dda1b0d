-- Contract: to be run when no application appends one by one any more.
DROP FUNCTION append_email_event;
