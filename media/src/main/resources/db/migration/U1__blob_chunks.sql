-- Images would be lost, so it does nothing where there is one.
DO $$
BEGIN
  IF EXISTS (SELECT FROM blob_chunk) THEN
    RAISE EXCEPTION 'images would be lost: move them to another store first';
  END IF;
END $$;
DROP TABLE blob_chunk;
