-- Play money. A run has accounts of its own, and no constraint keeps it from going wrong: that is what is to be seen.
CREATE TABLE lab_account (
  run     uuid   NOT NULL,
  id      int    NOT NULL,
  balance bigint NOT NULL,
  version bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (run, id)
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE, DELETE ON lab_account TO ${appRole};
