-- Accounts with four counters that only ever grow, in minor units. No index on what a transfer changes, and room in each
-- page, so that every update stays in its page (HOT).
CREATE TABLE account (
  id              bigint           PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  debits_posted   bigint           NOT NULL DEFAULT 0 CHECK (debits_posted >= 0),
  credits_posted  bigint           NOT NULL DEFAULT 0 CHECK (credits_posted >= 0),
  debits_pending  bigint           NOT NULL DEFAULT 0 CHECK (debits_pending >= 0),
  credits_pending bigint           NOT NULL DEFAULT 0 CHECK (credits_pending >= 0),
  overdraft_limit bigint           CHECK (overdraft_limit >= 0),
  entries         bigint           NOT NULL DEFAULT 0,
  last_entry_at   timestamptz,
  version         bigint           NOT NULL DEFAULT 1,
  opened_at       timestamptz      NOT NULL DEFAULT clock_timestamp(),
  frozen          boolean          NOT NULL DEFAULT false,
  closed          boolean          NOT NULL DEFAULT false,
  currency        text             NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  owner           text COLLATE "C" NOT NULL CHECK (length(owner) BETWEEN 1 AND 255),
  name            text             NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  opening_key     text COLLATE "C" NOT NULL CHECK (length(opening_key) BETWEEN 1 AND 400),
  CONSTRAINT account_opened_once UNIQUE (opening_key),
  CONSTRAINT account_within_its_limit
    CHECK (overdraft_limit IS NULL OR credits_posted - debits_posted - debits_pending >= -overdraft_limit),
  CONSTRAINT account_empty_when_closed
    CHECK (NOT closed OR (credits_posted = debits_posted AND debits_pending = 0 AND credits_pending = 0))
) WITH (fillfactor = 50);
COMMENT ON COLUMN account.overdraft_limit IS 'How far below zero it may go; null for without limit, where money enters the ledger.';
COMMENT ON COLUMN account.entries IS 'Transfers that touched it; the latest one has this number.';
COMMENT ON COLUMN account.last_entry_at IS 'No entry is recorded before an earlier one, whatever the clock does.';
COMMENT ON COLUMN account.version IS 'Of the settings: limit, flags, name, owner. Money that moves leaves it alone.';
CREATE INDEX account_of_owner ON account (owner, id);

-- The one outcome of each id, accepted or refused. Written once, never changed. An id of version 7 begins with the time it
-- was made, so a month of ids is a range; ids made of an Idempotency-Key begin with ff.
CREATE TABLE transfer (
  id             uuid        NOT NULL,
  of_transfer    uuid,
  debit_account  bigint,
  credit_account bigint,
  amount         bigint      CHECK (amount >= 0),
  recorded_at    timestamptz NOT NULL,
  debit_seq      bigint,
  credit_seq     bigint,
  debit_balance  bigint,
  credit_balance bigint,
  kind           "char"      NOT NULL CHECK (kind IN ('p', 'h', 'c', 'v', 'x', 'r')),
  currency       text        CHECK (length(currency) = 3),
  effective_at   timestamptz,
  expires_at     timestamptz,
  balancing      bigint,
  reference      text        CHECK (length(reference) <= 100),
  PRIMARY KEY (id),
  CONSTRAINT transfer_accepted_whole CHECK (
    (debit_seq IS NULL AND credit_seq IS NULL AND debit_balance IS NULL AND credit_balance IS NULL)
    OR (debit_seq >= 1 AND credit_seq >= 1 AND debit_balance IS NOT NULL AND credit_balance IS NOT NULL
        AND debit_account <> credit_account AND amount IS NOT NULL AND currency IS NOT NULL)),
  CONSTRAINT transfer_effective_before_recorded CHECK (debit_seq IS NULL OR effective_at < recorded_at),
  CONSTRAINT transfer_hold_expires CHECK (kind = 'h' OR expires_at IS NULL)
) PARTITION BY RANGE (id);
COMMENT ON COLUMN transfer.kind IS 'p post, h hold, c capture of a hold, v void of a hold, x expiry of a hold, r reversal.';
COMMENT ON COLUMN transfer.of_transfer IS 'The hold or the transfer that it is about.';
COMMENT ON COLUMN transfer.debit_seq IS 'Number of this entry in its account; null for a refused transfer.';
COMMENT ON COLUMN transfer.debit_balance IS 'Credits less debits posted, after it.';
COMMENT ON COLUMN transfer.effective_at IS 'Null: when it was recorded.';
COMMENT ON COLUMN transfer.balancing IS 'What was asked for at most; the amount is what was there.';
CREATE TABLE transfer_rest PARTITION OF transfer DEFAULT;
CREATE TABLE transfer_keyed PARTITION OF transfer FOR VALUES FROM ('ff000000-0000-0000-0000-000000000000') TO (MAXVALUE);
-- Entries of an account in the order they were recorded: for statements, and to descend to a moment.
CREATE INDEX transfer_debits ON transfer (debit_account, recorded_at) WHERE debit_seq IS NOT NULL;
CREATE INDEX transfer_credits ON transfer (credit_account, recorded_at) WHERE credit_seq IS NOT NULL;
-- The few that count from before they were recorded.
CREATE INDEX transfer_backdated_debits ON transfer (debit_account, effective_at)
  WHERE debit_seq IS NOT NULL AND effective_at IS NOT NULL;
CREATE INDEX transfer_backdated_credits ON transfer (credit_account, effective_at)
  WHERE credit_seq IS NOT NULL AND effective_at IS NOT NULL;

-- Why an id is refused for ever, with what was found.
CREATE TABLE refusal (
  id        uuid   PRIMARY KEY,
  account   bigint,
  position  bigint,
  available bigint,
  needed    bigint,
  reason    text   NOT NULL CHECK (length(reason) BETWEEN 1 AND 60)
);
COMMENT ON COLUMN refusal.position IS 'Entries that the account had by then.';

-- What is left of a hold.
CREATE TABLE hold (
  id         uuid        PRIMARY KEY,
  remaining  bigint      NOT NULL,
  expires_at timestamptz NOT NULL,
  state      "char"      NOT NULL CHECK (state IN ('o', 'c', 'v', 'x')),
  CONSTRAINT hold_open_while_something_remains CHECK ((state = 'o') = (remaining > 0))
) WITH (fillfactor = 80);
COMMENT ON COLUMN hold.state IS 'o open, c captured whole, v voided, x expired.';
CREATE INDEX hold_open ON hold (expires_at) WHERE state = 'o';

CREATE TABLE reversal (
  of_transfer uuid PRIMARY KEY,
  id          uuid NOT NULL
);

-- What operators did to accounts and with other people's money. Append only.
CREATE TABLE operator_action (
  id          bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  acted_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  subject     text        NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
  action      text        NOT NULL CHECK (length(action) BETWEEN 1 AND 60),
  account     bigint,
  transfer_id uuid,
  detail      jsonb       NOT NULL DEFAULT '{}'
);
CREATE INDEX operator_action_on_account ON operator_action (account, id);

-- A partition per month of ids, from this month on.
CREATE FUNCTION keep_transfer_partitions(today date, months_ahead int) RETURNS SETOF text
  LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  month date;
  child text;
BEGIN
  IF months_ahead NOT BETWEEN 0 AND 24 THEN
    RAISE EXCEPTION 'months_ahead must be 0 to 24' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock('transfer'::regclass::oid::int, 2);
  FOR month IN SELECT generate_series(date_trunc('month', today::timestamp), date_trunc('month', today::timestamp)
                                      + months_ahead * interval '1 month', '1 month')::date LOOP
    child := 'transfer' || to_char(month, '_YYYY_MM');
    CONTINUE WHEN to_regclass(format('%I.%I', current_schema(), child)) IS NOT NULL;
    EXECUTE format('CREATE TABLE %I (LIKE transfer INCLUDING ALL)', child);
    EXECUTE format('WITH late AS (DELETE FROM transfer_rest WHERE id >= $1 AND id < $2 RETURNING *) INSERT INTO %I SELECT * FROM late', child)
      USING first_id_of(month), first_id_of((month + interval '1 month')::date);
    EXECUTE format('ALTER TABLE transfer ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', child,
                   first_id_of(month), first_id_of((month + interval '1 month')::date));
    RETURN NEXT child;
  END LOOP;
END $$;

CREATE FUNCTION first_id_of(day date) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT (lpad(to_hex((extract(epoch FROM day::timestamp AT TIME ZONE 'UTC') * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- A plain transfer in one call, for when nobody else is there to share a batch with. It decides nothing that is not plain:
-- then there is no row, nothing has happened, and the rules of the service decide and say why.
CREATE FUNCTION transfer_alone(transfer_id uuid, debit bigint, credit bigint, moved bigint, in_currency text, about text,
                               payer text, topic text, event_id uuid, payload text, traceparent text)
RETURNS TABLE (recorded timestamptz, debit_entry bigint, credit_entry bigint, debit_left bigint, credit_left bigint)
LANGUAGE plpgsql AS $$
DECLARE
  one   account;
  payee account;
  giver account;
BEGIN
  FOR one IN SELECT * FROM account WHERE id IN (debit, credit) ORDER BY id FOR NO KEY UPDATE LOOP
    IF one.id = debit THEN giver := one; ELSE payee := one; END IF;
  END LOOP;
  IF giver.id IS NULL OR payee.id IS NULL OR giver.frozen OR payee.frozen OR giver.closed OR payee.closed
     OR giver.currency <> in_currency OR payee.currency <> in_currency OR giver.owner <> payer
     OR giver.credits_posted - giver.debits_posted - giver.debits_pending + giver.overdraft_limit < moved
     OR giver.debits_posted > 9000000000000000000 - moved OR payee.credits_posted > 9000000000000000000 - moved THEN
    RETURN;
  END IF;
  recorded := greatest(clock_timestamp(), giver.last_entry_at, payee.last_entry_at);
  debit_entry := giver.entries + 1;
  credit_entry := payee.entries + 1;
  debit_left := giver.credits_posted - giver.debits_posted - moved;
  credit_left := payee.credits_posted - payee.debits_posted + moved;
  INSERT INTO transfer (id, debit_account, credit_account, amount, recorded_at, debit_seq, credit_seq, debit_balance,
                        credit_balance, kind, currency, reference)
  VALUES (transfer_id, debit, credit, moved, recorded, debit_entry, credit_entry, debit_left, credit_left, 'p', in_currency, about)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  UPDATE account SET debits_posted = debits_posted + CASE id WHEN debit THEN moved ELSE 0 END,
                     credits_posted = credits_posted + CASE id WHEN credit THEN moved ELSE 0 END,
                     entries = entries + 1,
                     last_entry_at = recorded
   WHERE id IN (debit, credit);
  INSERT INTO outbox (event_id, topic, type, aggregate_id, aggregate_version, occurred_at, traceparent, payload)
  VALUES (transfer_alone.event_id, transfer_alone.topic, 'transfer.posted', transfer_id::text, 1, recorded,
          transfer_alone.traceparent, transfer_alone.payload);
  RETURN NEXT;
END $$;

-- Stands where a batch finds out that a row is not as it was locked; the transaction is run again.
CREATE FUNCTION lost_to_a_rival() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a rival wrote the same transfer first' USING ERRCODE = 'serialization_failure';
END $$;

-- Runs with the owner's rights, so it must find the owner's tables and no others.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION keep_transfer_partitions SET search_path = %I, pg_temp', current_schema());
  PERFORM keep_transfer_partitions(current_date, 2);
END $$;
REVOKE ALL ON FUNCTION keep_transfer_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_transfer_partitions, transfer_alone, lost_to_a_rival TO ${appRole};
GRANT SELECT, INSERT,
      UPDATE (debits_posted, credits_posted, debits_pending, credits_pending, entries, last_entry_at, overdraft_limit, frozen,
              closed, name, owner, opening_key, version) ON account TO ${appRole};
GRANT SELECT, INSERT ON transfer, refusal, reversal, operator_action TO ${appRole};
GRANT SELECT, INSERT, UPDATE (remaining, state) ON hold TO ${appRole};
