-- Loses preferences and addresses.
ALTER TABLE users
  DROP COLUMN preferences, DROP COLUMN address_street, DROP COLUMN address_postal_code, DROP COLUMN address_city,
  DROP COLUMN address_country, DROP COLUMN version;
