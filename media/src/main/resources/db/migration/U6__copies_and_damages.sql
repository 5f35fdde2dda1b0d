-- Refuses as long as there are blobs that have moved: earlier versions look for their bytes under another name.
DO $$
BEGIN
  IF EXISTS (SELECT FROM blob WHERE copy_id IS NOT NULL) THEN
    RAISE EXCEPTION 'images would be lost: some have moved, which version 5 does not know of';
  END IF;
END $$;
DROP TABLE scrub_position;
DROP TABLE damage;
ALTER TABLE blob
  DROP COLUMN former_backend,
  DROP COLUMN former_copy_id,
  DROP COLUMN copy_id,
  ADD COLUMN moving_to text CHECK (moving_to IN ('files', 'postgres', 's3') AND moving_to <> backend);
COMMENT ON COLUMN blob.moving_to IS 'Where it is being copied to; its bytes may be in both.';
-- To whoever may update the state.
DO $$
DECLARE
  app_role text;
BEGIN
  FOR app_role IN
    SELECT grantee FROM information_schema.column_privileges
     WHERE table_schema = current_schema() AND table_name = 'blob' AND column_name = 'state' AND privilege_type = 'UPDATE'
       AND grantee <> current_user
  LOOP
    EXECUTE format('GRANT UPDATE (moving_to) ON blob TO %I', app_role);
  END LOOP;
END $$;
