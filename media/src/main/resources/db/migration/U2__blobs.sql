-- Refuses as long as there are images: their rows say what the bytes in the stores are.
DO $$
BEGIN
  IF EXISTS (SELECT FROM blob) THEN
    RAISE EXCEPTION 'images would be lost: delete them first';
  END IF;
END $$;
DROP TABLE backup_hold;
DROP TABLE media_ref;
DROP TABLE blob;
DROP TABLE upload_intent;
