-- An upload has an intent first and a blob afterwards, under one id that never comes again; one replaces the other in one transaction.
-- So whatever bytes live have exactly one of the two, and bytes that have neither now will never have one.
CREATE TABLE upload_intent (
  id         uuid        PRIMARY KEY,
  owner      text        NOT NULL CHECK (length(owner) BETWEEN 1 AND 255),
  expires_at timestamptz NOT NULL
);
CREATE INDEX upload_intent_expiry ON upload_intent (expires_at);

-- Bytes that are stored. They never change; the same bytes can be there twice only while the older ones are condemned.
CREATE TABLE blob (
  id         uuid        PRIMARY KEY,
  sha256     bytea       NOT NULL CHECK (octet_length(sha256) = 32),
  size       bigint      NOT NULL CHECK (size >= 0),
  media_type text        NOT NULL CHECK (length(media_type) BETWEEN 3 AND 100),
  width      int         NOT NULL CHECK (width > 0),
  height     int         NOT NULL CHECK (height > 0),
  backend    text        NOT NULL CHECK (backend IN ('files', 'postgres', 's3')),
  moving_to  text        CHECK (moving_to IN ('files', 'postgres', 's3') AND moving_to <> backend),
  state      "char"      NOT NULL DEFAULT 'l' CHECK (state IN ('l', 'c')),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN blob.moving_to IS 'Where it is being copied to; its bytes may be in both.';
COMMENT ON COLUMN blob.state IS 'l live, c condemned: nobody refers to it any more, nor ever will.';
CREATE UNIQUE INDEX blob_of_live_bytes ON blob (sha256) WHERE state = 'l';
CREATE INDEX blob_condemned ON blob (id) WHERE state = 'c';

-- Who uses a blob, and as what.
CREATE TABLE media_ref (
  owner_type  text        NOT NULL CHECK (length(owner_type) BETWEEN 1 AND 40),
  owner_id    text        NOT NULL CHECK (length(owner_id) BETWEEN 1 AND 255),
  role        text        NOT NULL CHECK (length(role) BETWEEN 1 AND 40),
  blob_id     uuid        NOT NULL REFERENCES blob,
  attached_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (owner_type, owner_id, role, blob_id)
);
CREATE INDEX media_ref_of_blob ON media_ref (blob_id);

-- While one of these lasts, no bytes are deleted: somebody copies the database, then the files.
CREATE TABLE backup_hold (
  id         uuid        PRIMARY KEY,
  expires_at timestamptz NOT NULL
);

GRANT SELECT, INSERT, DELETE ON upload_intent, media_ref, backup_hold TO ${appRole};
GRANT UPDATE (expires_at) ON upload_intent, backup_hold TO ${appRole};
GRANT SELECT, INSERT, DELETE, UPDATE (backend, moving_to, state) ON blob TO ${appRole};
