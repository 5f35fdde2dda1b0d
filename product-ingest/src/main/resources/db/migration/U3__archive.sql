-- What was archived becomes history; nothing is lost. Rows of the months go back to the default partitions.
DROP FUNCTION keep_partitions;
DROP VIEW product_version;
DROP INDEX product_gone, product_deleted;
INSERT INTO product_history (vendor_id, sku, row_version, content_version, state, gtin, name, price_minor, currency,
                             attributes, source_partition, source_offset, changed_by, valid_from, valid_to)
SELECT vendor_id, sku, row_version, content_version, 'deleted', gtin, name, price_minor, currency, attributes,
       source_partition, source_offset, changed_by, valid_from, archived_at
  FROM product_archive;
DROP TABLE product_archive;
DO $$
DECLARE
  parent text;
  child  text;
BEGIN
  FOREACH parent IN ARRAY ARRAY ['product_history', 'receipt'] LOOP
    FOR child IN SELECT inhrelid::regclass FROM pg_inherits
                  WHERE inhparent = parent::regclass AND inhrelid <> (parent || '_rest')::regclass LOOP
      EXECUTE format('ALTER TABLE %I DETACH PARTITION %s', parent, child);
      EXECUTE format('INSERT INTO %I SELECT * FROM %s', parent, child);
      EXECUTE format('DROP TABLE %s', child);
    END LOOP;
  END LOOP;
END $$;
