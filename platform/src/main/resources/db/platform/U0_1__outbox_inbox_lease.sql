DROP TABLE inbox_event;
DROP TABLE inbox_version;
DROP TABLE outbox_parked;
DROP TABLE outbox;
DROP TABLE lease;
