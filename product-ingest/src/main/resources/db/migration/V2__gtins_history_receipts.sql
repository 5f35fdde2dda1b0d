-- What a change replaces goes to product_history; what was not applied leaves a receipt; who claims the GTIN of another
-- waits. The current version of a product stays in product alone, so a new product costs no history.

ALTER TABLE product
  ADD COLUMN content_version  bigint,
  ADD COLUMN source_partition int,
  ADD COLUMN source_offset    bigint,
  ADD COLUMN changed_by       text,
  ADD COLUMN deleted_at       timestamptz,
  DROP CONSTRAINT product_state_check,
  ADD CONSTRAINT product_state_check CHECK (state IN ('live', 'deleted', 'archived'));
UPDATE product SET content_version = src_version, deleted_at = CASE state WHEN 'deleted' THEN updated_at END;
ALTER TABLE product
  ADD CONSTRAINT product_deleted_at_check CHECK ((state = 'live') = (deleted_at IS NULL)),
  -- A GTIN-8 is the GTIN-14 with zeros before it. Deferred, so that two products can swap in one transaction.
  ADD CONSTRAINT product_gtin_of_one_live_product
    EXCLUDE (lpad(gtin, 14, '0') WITH =) WHERE (state = 'live' AND gtin IS NOT NULL) DEFERRABLE INITIALLY DEFERRED;
COMMENT ON COLUMN product.content_version IS 'The vendor''s version that brought what is shown; null when a person did.';
COMMENT ON COLUMN product.source_offset IS 'Of the message that brought it; null when it did not come from the topic.';
COMMENT ON COLUMN product.changed_by IS 'Who deleted, restored or archived it by hand or by rule; null when a message did.';
COMMENT ON COLUMN product.content_hash IS
  'First 128 bits of SHA-256 over the canonical content of the message with src_version.';

-- Everything that shows or uses products reads this; deleted ones are not even on its pages of the index.
CREATE INDEX product_live ON product (vendor_id, sku) WHERE state = 'live';
CREATE VIEW live_product AS
  SELECT vendor_id, sku, src_version, row_version, gtin, name, price_minor, currency, attributes, updated_at
    FROM product WHERE state = 'live';

-- What products were before, by the moment it ended.
CREATE TABLE product_history (
  vendor_id        text COLLATE "C" NOT NULL,
  sku              text COLLATE "C" NOT NULL,
  row_version      bigint           NOT NULL,
  content_version  bigint,
  state            text             NOT NULL,
  gtin             text,
  name             text             NOT NULL,
  price_minor      bigint           NOT NULL,
  currency         text             NOT NULL,
  attributes       jsonb            NOT NULL,
  source_partition int,
  source_offset    bigint,
  changed_by       text,
  valid_from       timestamptz      NOT NULL,
  valid_to         timestamptz      NOT NULL,
  PRIMARY KEY (vendor_id, sku, row_version, valid_to)
) PARTITION BY RANGE (valid_to);
CREATE TABLE product_history_rest PARTITION OF product_history DEFAULT;

-- The fate of messages that changed nothing. An applied one has its fate in product or product_history, a rejected one
-- in quarantine, and a copy shares the fate of the first.
CREATE TABLE receipt (
  vendor_id        text COLLATE "C" NOT NULL,
  sku              text COLLATE "C" NOT NULL,
  src_version      bigint           NOT NULL,
  outcome          text             NOT NULL CHECK (outcome IN ('unchanged', 'stale')),
  superseded_by    bigint,
  source_partition int,
  source_offset    bigint,
  received_at      timestamptz      NOT NULL DEFAULT clock_timestamp()
) PARTITION BY RANGE (received_at);
CREATE INDEX receipt_of_version ON receipt (vendor_id, sku, src_version);
CREATE TABLE receipt_rest PARTITION OF receipt DEFAULT;

-- Messages that can be applied once something else has happened.
CREATE TABLE waiting_message (
  vendor_id         text COLLATE "C" NOT NULL,
  sku               text COLLATE "C" NOT NULL,
  src_version       bigint           NOT NULL,
  content_hash      bytea            NOT NULL,
  reason            text             NOT NULL CHECK (reason IN ('gtin', 'quota', 'share')),
  gtin              text,
  not_before        timestamptz      NOT NULL DEFAULT clock_timestamp(),
  topic             text,
  partition         int,
  "offset"          bigint,
  message_key       bytea,
  raw               bytea            NOT NULL,
  waiting_since     timestamptz      NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (vendor_id, sku, src_version),
  CHECK ((reason = 'gtin') = (gtin IS NOT NULL))
);
CREATE INDEX waiting_message_due ON waiting_message (reason, topic, partition, waiting_since);
COMMENT ON COLUMN waiting_message.gtin IS 'In 14 digits. Who has it now is in product.';

-- Messages taken from vendors that have a daily quota.
CREATE TABLE vendor_day (
  vendor_id text COLLATE "C" NOT NULL,
  day       date             NOT NULL,
  taken     bigint           NOT NULL CHECK (taken >= 0),
  PRIMARY KEY (vendor_id, day)
) WITH (fillfactor = 20);

-- Two laws: every message has one outcome, and every offset has been met.
ALTER TABLE feed_partition
  ADD COLUMN skipped       bigint NOT NULL DEFAULT 0,
  ADD COLUMN rewound       bigint NOT NULL DEFAULT 0,
  ADD COLUMN high_offset   bigint NOT NULL DEFAULT 0,
  ADD COLUMN paused_reason text,
  ADD COLUMN paused_at     timestamptz;
UPDATE feed_partition SET skipped = next_offset - received, high_offset = next_offset;
ALTER TABLE feed_partition
  ADD CONSTRAINT feed_partition_meets_every_offset CHECK (next_offset + rewound = received + skipped),
  ADD CONSTRAINT feed_partition_paused_check CHECK ((paused_reason IS NULL) = (paused_at IS NULL));
COMMENT ON COLUMN feed_partition.skipped IS 'Offsets without a message: expired, compacted, or of a transaction''s marker.';
COMMENT ON COLUMN feed_partition.rewound IS 'Offsets that were given back to be read again.';
COMMENT ON COLUMN feed_partition.high_offset IS 'The furthest next_offset ever was; before it, messages have their receipts.';

-- A batch of the feed as rows, each with how its product stands. The products are found by the index, whatever the planner
-- thinks of a table that was empty when the plan was made: it would read all of it for every batch until statistics change
-- its mind. Not inlined for its settings, so that its estimate of 1,000 rows holds: for bare arrays a plan is either made
-- anew each time, which takes a millisecond, or expects ten rows and joins by nested loops.
CREATE FUNCTION feed_messages(vendors text[], skus text[], versions bigint[], leads bool[], states text[], gtins text[],
                              names text[], prices bigint[], currencies text[], attributes text[], hashes bytea[],
                              traceparents text[], source_offsets bigint[])
RETURNS TABLE (vendor_id text, sku text, version bigint, leads bool, state text, gtin text, name text, price_minor bigint,
               currency text, attributes text, hash bytea, traceparent text, source_offset bigint, "position" bigint,
               known_version bigint, known_hash bytea)
LANGUAGE sql STABLE ROWS 1000
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off AS $$
  SELECT m.*, p.src_version, p.content_hash
    FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) WITH ORDINALITY
         AS m (vendor_id, sku, version, leads, state, gtin, name, price_minor, currency, attributes, hash, traceparent,
               source_offset, "position")
    LEFT JOIN product p ON p.vendor_id = m.vendor_id AND p.sku = m.sku
$$;

-- Likewise by the index, whatever the planner thinks of a table that is empty most of the time, and fills up within seconds.
CREATE FUNCTION waiting_of(vendors text[], skus text[])
RETURNS TABLE (vendor_id text, sku text, src_version bigint, content_hash bytea) LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off AS $$
  SELECT w.vendor_id, w.sku, w.src_version, w.content_hash
    FROM (SELECT DISTINCT * FROM unnest($1, $2)) AS m (vendor_id, sku)
    JOIN waiting_message w ON w.vendor_id = m.vendor_id AND w.sku = m.sku
$$;
CREATE FUNCTION take_waiting(vendors text[], skus text[], versions bigint[])
RETURNS TABLE (vendor_id text, sku text, src_version bigint) LANGUAGE sql VOLATILE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET enable_bitmapscan = off AS $$
  DELETE FROM waiting_message w
   USING unnest($1, $2, $3) AS m (vendor_id, sku, src_version)
   WHERE w.vendor_id = m.vendor_id AND w.sku = m.sku AND w.src_version = m.src_version
  RETURNING w.vendor_id, w.sku, w.src_version
$$;

-- What others are told of a live product: the message as its vendor would send it. STABLE, as format() is: only then is
-- the function inlined, which makes it six times as fast.
CREATE FUNCTION product_payload(vendor text, sku text, version bigint, gtin text, name text, price bigint, currency text,
                                attributes text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT format('{"version":%s,"vendor":"%s","sku":"%s","op":"upsert"%s,"name":%s,"price":{"amountMinor":%s,"currency":"%s"},"attributes":%s}',
                version, vendor, sku, ',"gtin":"' || gtin || '"', to_json(name), price, currency, attributes)
$$;

-- And of one that is gone.
CREATE FUNCTION product_gone_payload(vendor text, sku text, version bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT format('{"version":%s,"vendor":"%s","sku":"%s","op":"delete"}', version, vendor, sku)
$$;

GRANT SELECT ON live_product TO ${appRole};
GRANT SELECT, INSERT ON product_history, receipt TO ${appRole};
GRANT SELECT, INSERT, UPDATE, DELETE ON waiting_message TO ${appRole};
GRANT SELECT, INSERT, UPDATE ON vendor_day TO ${appRole};
GRANT EXECUTE ON FUNCTION feed_messages, waiting_of, take_waiting, product_payload, product_gone_payload TO ${appRole};
