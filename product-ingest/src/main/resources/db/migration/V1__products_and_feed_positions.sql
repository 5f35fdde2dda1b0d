-- One row per product for ever. Half of each page stays free and no changing column is indexed, so an update finds
-- room beside the old row and touches no index (HOT).
CREATE TABLE product (
  vendor_id    text COLLATE "C" NOT NULL CHECK (length(vendor_id) BETWEEN 1 AND 32),
  sku          text COLLATE "C" NOT NULL CHECK (length(sku) BETWEEN 1 AND 64),
  src_version  bigint           NOT NULL CHECK (src_version >= 0),
  row_version  bigint           NOT NULL DEFAULT 1,
  state        text             NOT NULL CHECK (state IN ('live', 'deleted')),
  gtin         text,
  name         text             NOT NULL CHECK (length(name) <= 200),
  price_minor  bigint           NOT NULL CHECK (price_minor >= 0),
  currency     text             NOT NULL CHECK (length(currency) = 3),
  attributes   jsonb            NOT NULL,
  content_hash bytea            NOT NULL CHECK (length(content_hash) = 16),
  updated_at   timestamptz      NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (vendor_id, sku)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
COMMENT ON COLUMN product.src_version IS 'The vendor''s own version; a message with a lower one is stale.';
COMMENT ON COLUMN product.row_version IS 'Ours: rises by one with each change that is told to others.';
COMMENT ON COLUMN product.content_hash IS 'First 128 bits of SHA-256 over the canonical content.';

-- Where we are in each partition, and what became of everything before. The check is the conservation law.
CREATE TABLE feed_partition (
  topic       text   NOT NULL,
  partition   int    NOT NULL,
  epoch       bigint NOT NULL,
  next_offset bigint NOT NULL,
  received    bigint NOT NULL DEFAULT 0,
  applied     bigint NOT NULL DEFAULT 0,
  unchanged   bigint NOT NULL DEFAULT 0,
  stale       bigint NOT NULL DEFAULT 0,
  duplicate   bigint NOT NULL DEFAULT 0,
  quarantined bigint NOT NULL DEFAULT 0,
  waiting     bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (topic, partition),
  CONSTRAINT feed_partition_conserves_messages
    CHECK (received = applied + unchanged + stale + duplicate + quarantined + waiting)
) WITH (fillfactor = 20);

-- Messages that cannot be applied as they are, with the bytes as they came.
CREATE TABLE quarantine (
  id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic           text        NOT NULL,
  partition       int         NOT NULL,
  "offset"        bigint      NOT NULL,
  message_key     bytea,
  raw             bytea       NOT NULL,
  vendor_id       text,
  sku             text,
  src_version     bigint,
  reason          text        NOT NULL,
  detail          text        NOT NULL,
  sqlstate        text,
  constraint_name text,
  quarantined_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (topic, partition, "offset")
);

-- A rival inserted the same product between our snapshot and our insert: let the caller take a new snapshot.
CREATE FUNCTION lost_to_a_rival() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a rival wrote the same product first' USING ERRCODE = 'serialization_failure';
END $$;

GRANT SELECT, INSERT, UPDATE ON product, feed_partition TO ${appRole};
GRANT SELECT, INSERT ON quarantine TO ${appRole};
GRANT EXECUTE ON FUNCTION lost_to_a_rival() TO ${appRole};
