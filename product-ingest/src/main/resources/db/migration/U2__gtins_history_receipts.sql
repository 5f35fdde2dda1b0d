-- Lossy: history, receipts and the messages that wait are gone; archived products become deleted ones.
DROP FUNCTION product_gone_payload, product_payload, take_waiting, waiting_of, feed_messages;
ALTER TABLE feed_partition
  DROP COLUMN skipped, DROP COLUMN rewound, DROP COLUMN high_offset, DROP COLUMN paused_reason, DROP COLUMN paused_at;
DROP TABLE vendor_day, waiting_message, receipt, product_history;
DROP VIEW live_product;
DROP INDEX product_live;
UPDATE product SET state = 'deleted' WHERE state = 'archived';
ALTER TABLE product
  DROP CONSTRAINT product_gtin_of_one_live_product,
  DROP CONSTRAINT product_deleted_at_check,
  DROP CONSTRAINT product_state_check,
  ADD CONSTRAINT product_state_check CHECK (state IN ('live', 'deleted')),
  DROP COLUMN content_version, DROP COLUMN source_partition, DROP COLUMN source_offset, DROP COLUMN changed_by,
  DROP COLUMN deleted_at;
COMMENT ON COLUMN product.content_hash IS 'First 128 bits of SHA-256 over the canonical content.';
