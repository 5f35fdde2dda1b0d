-- Who is to be forgotten, and who has been. Two people are needed; the certificate stays when everything else is gone.
CREATE TABLE erasure (
  user_id      uuid        PRIMARY KEY,
  requested_by text        NOT NULL CHECK (length(requested_by) BETWEEN 1 AND 255),
  requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  confirmed_by text        CHECK (length(confirmed_by) BETWEEN 1 AND 255),
  erased_at    timestamptz,
  certificate  text        CHECK (length(certificate) <= 2000),
  CONSTRAINT erasure_needs_two_people CHECK (confirmed_by <> requested_by),
  CONSTRAINT erasure_done_whole CHECK ((confirmed_by IS NULL) = (erased_at IS NULL) AND (erased_at IS NULL) = (certificate IS NULL))
);

-- Why somebody's history must not go, and since when. Append only; the latest counts.
CREATE TABLE legal_hold (
  user_id uuid        NOT NULL,
  set_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  held    boolean     NOT NULL,
  set_by  text        NOT NULL CHECK (length(set_by) BETWEEN 1 AND 255),
  reason  text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
  PRIMARY KEY (user_id, set_at)
);

GRANT SELECT, INSERT, UPDATE (confirmed_by, erased_at, certificate), DELETE ON erasure TO ${appRole};
GRANT SELECT, INSERT ON legal_hold TO ${appRole};
