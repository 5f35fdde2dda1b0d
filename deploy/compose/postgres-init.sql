-- What a fresh database needs before the first service starts: one schema and two login roles per service.
--
--   <service>_owner   owns the schema and migrates it; used while a service starts
--   <service>_app     what the running service uses; gets from the migrations just the rights it needs
--
-- No role sees another service's schema, and nothing is granted to PUBLIC. Extensions live in their own schema, which is
-- on every search path, so that no service needs the right to create one.
--
-- LOCAL DEVELOPMENT ONLY: the password of each role is its name. Anywhere else, roles come from the platform's secrets.
--
-- Safe to run again, on every start: a service that comes later gets its roles on old data. It is plain SQL, so that psql
-- (the container's /docker-entrypoint-initdb.d) and JDBC (deploy/local) run the same file.

CREATE SCHEMA IF NOT EXISTS extensions;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA extensions;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

DO $bootstrap$
DECLARE
    service text;
    role_name text;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    IF current_database() <> 'postgres' THEN
        REVOKE ALL ON DATABASE postgres FROM PUBLIC;
    END IF;

    FOREACH service IN ARRAY ARRAY ['product', 'audit', 'payments', 'media', 'todo'] LOOP
        FOREACH role_name IN ARRAY ARRAY [service || '_owner', service || '_app'] LOOP
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
                EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', role_name, role_name);
            END IF;
            EXECUTE format('ALTER ROLE %I SET search_path = %I, extensions', role_name, service);
            EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role_name);
            EXECUTE format('GRANT USAGE ON SCHEMA extensions TO %I', role_name);
        END LOOP;

        EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', service, service || '_owner');
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', service, service || '_app');
        -- a migration may stage rows in a temporary table; a running service has no use for one
        EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO %I', current_database(), service || '_owner');
    END LOOP;

    -- Play money of the race laboratory, apart from the real.
    CREATE SCHEMA IF NOT EXISTS payments_lab AUTHORIZATION payments_owner;
    GRANT USAGE ON SCHEMA payments_lab TO payments_app;

    -- A schema that its DBAs own and migrate. Who may read what in it is said by their scripts; without USAGE, no one else.
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vendor_master_owner') THEN
        CREATE ROLE vendor_master_owner LOGIN PASSWORD 'vendor_master_owner';
    END IF;
    ALTER ROLE vendor_master_owner SET search_path = vendor_master, extensions;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO vendor_master_owner', current_database());
    CREATE SCHEMA IF NOT EXISTS vendor_master AUTHORIZATION vendor_master_owner;
    GRANT USAGE ON SCHEMA vendor_master TO product_app;
END
$bootstrap$;
