-- Full snapshots: a vendor lists everything it has, between a begin and an end that may arrive in any order, and what it
-- did not list is deleted. A snapshot's row stays for ever, so that one that is read again does nothing.
CREATE TABLE snapshot (
  vendor_id     text COLLATE "C" NOT NULL,
  number        bigint           NOT NULL CHECK (number >= 0),
  status        text             NOT NULL DEFAULT 'open',
  dry_run       boolean,
  items         bigint,
  first_seen_at timestamptz      NOT NULL DEFAULT now(),
  begun_at      timestamptz,
  ended_at      timestamptz,
  live          bigint,
  missing       bigint,
  held_reason   text,
  swept_sku     text COLLATE "C" NOT NULL DEFAULT '',
  deleted       bigint           NOT NULL DEFAULT 0,
  decided_by    text,
  decided_at    timestamptz,
  note          text,
  finished_at   timestamptz,
  items_kept    boolean          NOT NULL DEFAULT true,
  PRIMARY KEY (vendor_id, number),
  CONSTRAINT snapshot_status_check CHECK (status IN ('open', 'held', 'reported', 'applying', 'applied', 'discarded',
                                                     'superseded', 'expired')),
  CONSTRAINT snapshot_begun_check CHECK ((begun_at IS NULL) = (dry_run IS NULL)),
  CONSTRAINT snapshot_ended_check CHECK ((ended_at IS NULL) = (items IS NULL)),
  -- nothing is ever deleted for a list that is not known to be complete, or by a dry run
  CONSTRAINT snapshot_applied_check
    CHECK (status NOT IN ('applying', 'applied') OR (dry_run IS FALSE AND items IS NOT NULL)),
  CONSTRAINT snapshot_deleted_check CHECK (deleted = 0 OR status IN ('applying', 'applied'))
);
CREATE INDEX snapshot_with_items ON snapshot (vendor_id, number) WHERE items_kept;
COMMENT ON COLUMN snapshot.first_seen_at IS
  'When the transaction began that met its first item or mark; what has changed since is not deleted.';
COMMENT ON COLUMN snapshot.items IS 'How many products its end says it lists.';
COMMENT ON COLUMN snapshot.missing IS 'Live products not listed, when it was complete; live is how many there were in all.';
COMMENT ON COLUMN snapshot.swept_sku IS 'Up to here what is not listed has been deleted.';

CREATE TABLE snapshot_item (
  vendor_id text COLLATE "C" NOT NULL,
  number    bigint           NOT NULL,
  sku       text COLLATE "C" NOT NULL,
  PRIMARY KEY (vendor_id, number, sku)
);

-- How many items were listed. One row per partition, because partitions would wait for each other at a single one.
CREATE TABLE snapshot_count (
  vendor_id text COLLATE "C" NOT NULL,
  number    bigint           NOT NULL,
  slot      int              NOT NULL,
  items     bigint           NOT NULL,
  PRIMARY KEY (vendor_id, number, slot)
) WITH (fillfactor = 20);
COMMENT ON COLUMN snapshot_count.slot IS 'The partition; -1 for what came by HTTP.';

GRANT SELECT, INSERT, UPDATE ON snapshot, snapshot_count TO ${appRole};
GRANT SELECT, INSERT, DELETE ON snapshot_item TO ${appRole};
