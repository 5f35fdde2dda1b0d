DROP TABLE inbox_event;
DROP TABLE inbox_version;
DROP FUNCTION outbox_due;
DROP TABLE outbox_parked;
DROP TABLE outbox;
DROP TABLE lease;
