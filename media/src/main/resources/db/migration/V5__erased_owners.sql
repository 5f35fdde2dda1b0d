-- Owners who are gone for good. As long as one stands here nothing can be attached to it, however late somebody comes.
CREATE TABLE erased_owner (
  owner_type text        NOT NULL CHECK (length(owner_type) BETWEEN 1 AND 40),
  owner_id   text        NOT NULL CHECK (length(owner_id) BETWEEN 1 AND 255),
  erased_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (owner_type, owner_id)
);
GRANT SELECT, INSERT ON erased_owner TO ${appRole};

-- Who uses an image, page by page.
DROP INDEX media_ref_of_blob;
CREATE INDEX media_ref_of_blob ON media_ref (blob_id, owner_type, owner_id, role);
