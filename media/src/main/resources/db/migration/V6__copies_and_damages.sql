-- A blob that is moved gets a copy with an id of its own, which is announced as an upload is, and never comes back: who deletes the old one
-- late, or looks for what nobody owns, cannot hit the new one, not even when a blob is moved back to where it was.
ALTER TABLE blob
  DROP COLUMN moving_to,
  ADD COLUMN copy_id        uuid,
  ADD COLUMN former_copy_id uuid,
  ADD COLUMN former_backend text CHECK (former_backend IN ('files', 'postgres', 's3')),
  ADD CHECK (num_nulls(former_copy_id, former_backend) IN (0, 2));
COMMENT ON COLUMN blob.copy_id IS 'Under which its bytes are stored; null for its own id, which the first copy has.';
COMMENT ON COLUMN blob.former_copy_id IS 'Where it was before it moved. Its bytes are gone, or will go when no backup is made.';
CREATE UNIQUE INDEX blob_copy ON blob (copy_id) WHERE copy_id IS NOT NULL;
GRANT UPDATE (copy_id, former_copy_id, former_backend) ON blob TO ${appRole};

-- What the scrub has found of live blobs, until it finds them whole again or they go.
CREATE TABLE damage (
  blob_id       uuid        PRIMARY KEY REFERENCES blob ON DELETE CASCADE,
  copy_id       uuid        NOT NULL,
  kind          text        NOT NULL CHECK (kind IN ('missing', 'corrupt')),
  first_seen_at timestamptz NOT NULL,
  last_seen_at  timestamptz NOT NULL
);
GRANT SELECT, INSERT, DELETE, UPDATE (copy_id, kind, last_seen_at) ON damage TO ${appRole};

-- Up to where the scrub has got, so that it goes on there after a restart.
CREATE TABLE scrub_position (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  after_id uuid    NOT NULL
);
INSERT INTO scrub_position (after_id) VALUES ('00000000-0000-0000-0000-000000000000');
GRANT SELECT, UPDATE (after_id) ON scrub_position TO ${appRole};
