-- Refuses once somebody has been erased: without the tombstones their images could come back.
DO $$
BEGIN
  IF EXISTS (SELECT FROM erased_owner) THEN
    RAISE EXCEPTION 'it would be forgotten who has been erased: empty erased_owner if that is wanted';
  END IF;
END $$;
DROP INDEX media_ref_of_blob;
CREATE INDEX media_ref_of_blob ON media_ref (blob_id);
DROP TABLE erased_owner;
