-- From whoever may.
DO $$
DECLARE
  app_role text;
BEGIN
  FOR app_role IN
    SELECT grantee FROM information_schema.column_privileges
     WHERE table_schema = current_schema() AND table_name = 'media_ref' AND column_name = 'attached_at'
       AND privilege_type = 'UPDATE' AND grantee <> current_user
  LOOP
    EXECUTE format('REVOKE UPDATE (attached_at) ON media_ref FROM %I', app_role);
  END LOOP;
END $$;
