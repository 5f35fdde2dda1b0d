-- Defaults that are constants are kept in the catalogue: no row is rewritten.
SET LOCAL lock_timeout = '2s';
ALTER TABLE users
  ADD COLUMN preferences         jsonb  NOT NULL DEFAULT '{}',
  ADD COLUMN address_street      text,
  ADD COLUMN address_postal_code text,
  ADD COLUMN address_city        text,
  ADD COLUMN address_country     text,
  ADD COLUMN version             bigint NOT NULL DEFAULT 1;
ALTER TABLE users
  ADD CONSTRAINT users_preferences_small CHECK (jsonb_typeof(preferences) = 'object' AND length(preferences::text) <= 4000) NOT VALID,
  ADD CONSTRAINT users_address_whole_or_none CHECK (
    (address_street IS NULL) = (address_city IS NULL) AND (address_street IS NULL) = (address_country IS NULL)
    AND (address_street IS NULL) = (address_postal_code IS NULL)) NOT VALID,
  ADD CONSTRAINT users_address_country_code CHECK (address_country ~ '^[A-Z]{2}$') NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT users_preferences_small;
ALTER TABLE users VALIDATE CONSTRAINT users_address_whole_or_none;
ALTER TABLE users VALIDATE CONSTRAINT users_address_country_code;
COMMENT ON COLUMN users.version IS 'Of the profile; its ETag.';
