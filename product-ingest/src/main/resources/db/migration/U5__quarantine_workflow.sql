-- Lossy: who did what is gone, edited messages are gone, and replayed and discarded messages look like open ones.
DROP TABLE feed_audit, quarantine_audit;
DROP INDEX quarantine_of_version;
ALTER TABLE quarantine
  DROP COLUMN state, DROP COLUMN edited, DROP COLUMN edits, DROP COLUMN settled_by, DROP COLUMN settled_at;
