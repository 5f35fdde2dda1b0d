-- How far each account has been proven: its counters are what its entries come to, up to this number.
CREATE TABLE proof_mark (
  account         bigint PRIMARY KEY,
  entries         bigint NOT NULL,
  last_entry_at   timestamptz,
  debits_posted   bigint NOT NULL,
  credits_posted  bigint NOT NULL,
  debits_pending  bigint NOT NULL,
  credits_pending bigint NOT NULL
) WITH (fillfactor = 50);

GRANT SELECT, INSERT, UPDATE ON proof_mark TO ${appRole};
