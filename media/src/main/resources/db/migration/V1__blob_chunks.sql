-- Bytes of the images that are kept in the database, in chunks of 256 KiB that are read one by one. An empty image has one
-- chunk, so that it is there at all.
CREATE TABLE blob_chunk (
  blob_id uuid  NOT NULL,
  number  int   NOT NULL CHECK (number >= 0),
  bytes   bytea NOT NULL CHECK (octet_length(bytes) <= 262144),
  PRIMARY KEY (blob_id, number)
);
COMMENT ON COLUMN blob_chunk.number IS 'From 0 on; all but the last one are full.';
-- Images are compressed already; and of what is stored as it is, a part can be read without the rest.
ALTER TABLE blob_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- What is stored is never changed.
GRANT SELECT, INSERT, DELETE ON blob_chunk TO ${appRole};
