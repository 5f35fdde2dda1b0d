-- What an upload that goes on after a break must be known by, beside its intent: whose it is, and what it is to become. How much of it
-- has come is not written here; the file itself says so.
CREATE TABLE resumable_upload (
  id         uuid        PRIMARY KEY,
  subject    text        NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
  owner_type text        NOT NULL CHECK (length(owner_type) BETWEEN 1 AND 40),
  owner_id   text        NOT NULL CHECK (length(owner_id) BETWEEN 1 AND 255),
  role       text        NOT NULL CHECK (length(role) BETWEEN 1 AND 40),
  metadata   text        NOT NULL CHECK (length(metadata) <= 4096),
  length     bigint      NOT NULL CHECK (length > 0),
  begun_at   timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  sha256     bytea       CHECK (octet_length(sha256) = 32),
  media_type text        CHECK (length(media_type) BETWEEN 3 AND 100),
  width      int         CHECK (width > 0),
  height     int         CHECK (height > 0),
  CHECK (num_nulls(sha256, media_type, width, height) IN (0, 4))
);
COMMENT ON COLUMN resumable_upload.id IS 'Of its intent, which goes when the upload is kept; this row stays, for whoever has missed the answer.';
COMMENT ON COLUMN resumable_upload.expires_at IS 'With its intent.';
COMMENT ON COLUMN resumable_upload.sha256 IS 'Of all of it, with what it shows, when all of it has come and was accepted; before it is kept.';
CREATE INDEX resumable_upload_of_subject ON resumable_upload (subject);
CREATE INDEX resumable_upload_expiry ON resumable_upload (expires_at);

GRANT SELECT, INSERT, DELETE, UPDATE (expires_at, sha256, media_type, width, height) ON resumable_upload TO ${appRole};
