-- What the latest comparison of the stores has measured, a row for each. It is small, and would be missed after a restart.
CREATE TABLE comparison (
  id                  uuid        NOT NULL,
  store               text        NOT NULL CHECK (store IN ('files', 'postgres', 's3')),
  measured_at         timestamptz NOT NULL,
  images              int         NOT NULL CHECK (images > 0),
  bytes               bigint      NOT NULL CHECK (bytes > 0),
  write_median_micros bigint      NOT NULL,
  write_p95_micros    bigint      NOT NULL,
  read_median_micros  bigint      NOT NULL,
  read_p95_micros     bigint      NOT NULL,
  wal_bytes           bigint      NOT NULL,
  space_bytes         bigint      NOT NULL,
  backup_micros       bigint      NOT NULL CHECK (backup_micros > 0),
  PRIMARY KEY (id, store)
);
COMMENT ON COLUMN comparison.id IS 'Of the comparison; later ones have larger ids.';

GRANT SELECT, INSERT, DELETE ON comparison TO ${appRole};
