CREATE TABLE users (
  id   uuid PRIMARY KEY,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON users TO ${appRole};
