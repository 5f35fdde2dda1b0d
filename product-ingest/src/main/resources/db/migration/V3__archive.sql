-- Products that were deleted long ago keep a stub in product, for the foreign keys and the version guard; their content
-- goes to product_archive. History, receipts and archive have a partition per month, so that what is too old can be
-- dropped instead of deleted row by row.

CREATE TABLE product_archive (
  vendor_id        text COLLATE "C" NOT NULL,
  sku              text COLLATE "C" NOT NULL,
  row_version      bigint           NOT NULL,
  content_version  bigint,
  gtin             text,
  name             text             NOT NULL,
  price_minor      bigint           NOT NULL,
  currency         text             NOT NULL,
  attributes       jsonb            NOT NULL,
  source_partition int,
  source_offset    bigint,
  changed_by       text,
  valid_from       timestamptz      NOT NULL,
  archived_at      timestamptz      NOT NULL,
  PRIMARY KEY (vendor_id, sku, row_version, archived_at)
) PARTITION BY RANGE (archived_at);
CREATE TABLE product_archive_rest PARTITION OF product_archive DEFAULT;
COMMENT ON TABLE product_archive IS
  'The deleted version that the archived stub replaced. It is not in product_history as well.';

-- Every version of a product, deleted ones too: what replaced ones were, and the current one, which has no end. A version
-- is in one of the three tables.
CREATE VIEW product_version AS
  SELECT vendor_id, sku, row_version, content_version, state, gtin, name, price_minor, currency, attributes,
         source_partition, source_offset, changed_by, updated_at AS valid_from, NULL::timestamptz AS valid_to
    FROM product
  UNION ALL
  SELECT vendor_id, sku, row_version, content_version, state, gtin, name, price_minor, currency, attributes,
         source_partition, source_offset, changed_by, valid_from, valid_to
    FROM product_history
  UNION ALL
  SELECT vendor_id, sku, row_version, content_version, 'deleted', gtin, name, price_minor, currency, attributes,
         source_partition, source_offset, changed_by, valid_from, archived_at
    FROM product_archive;

-- For the archiver, and for pages of what is gone. Neither has an entry for a live product.
CREATE INDEX product_deleted ON product (deleted_at) WHERE state = 'deleted';
CREATE INDEX product_gone ON product (state, vendor_id, sku) WHERE state <> 'live';

-- Makes the partitions of the month of "today" and of the coming ones, and drops those that ended before "drop_before",
-- which may be null. Rows that found no partition wait in the default one: their month is made too, and they move.
-- The tables are named here and nowhere else, and whatever the caller says, nothing younger than 30 days is dropped.
-- "dry" tells what would be done. The parent is locked before any partition, as by every statement that uses it, and a
-- call concerns one table, so no two wait for each other. Whoever inserts meanwhile waits for a moment and then
-- finds the new partition; two seconds are the most that this waits itself.
CREATE FUNCTION keep_partitions(kind text, today date, months_ahead int, drop_before timestamptz, dry boolean)
RETURNS TABLE (partition_name text, deed text)
LANGUAGE plpgsql SECURITY DEFINER SET timezone = 'UTC' SET lock_timeout = '2s' AS $$
DECLARE
  parent   text := CASE kind WHEN 'history' THEN 'product_history'
                             WHEN 'receipts' THEN 'receipt'
                             WHEN 'archive' THEN 'product_archive' END;
  part_key text := CASE kind WHEN 'history' THEN 'valid_to'
                             WHEN 'receipts' THEN 'received_at'
                             WHEN 'archive' THEN 'archived_at' END;
  rest     text := parent || '_rest';
  horizon  timestamptz := CASE WHEN drop_before < clock_timestamp() - interval '30 days' THEN drop_before
                               WHEN drop_before IS NOT NULL THEN clock_timestamp() - interval '30 days' END;
  month    date;
  child    text;
  existing text[];
  made     text[] := '{}';
BEGIN
  IF parent IS NULL THEN
    RAISE EXCEPTION 'There are no partitions of "%" to keep', kind USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF months_ahead NOT BETWEEN 0 AND 24 THEN
    RAISE EXCEPTION 'months_ahead must be 0 to 24' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  PERFORM pg_advisory_xact_lock(parent::regclass::oid::int, 2);

  SELECT coalesce(array_agg(c.relname::text), '{}') INTO existing
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
   WHERE i.inhparent = parent::regclass AND c.relname <> rest;

  FOR month IN EXECUTE format(
    'SELECT generate_series(date_trunc(''month'', $1), date_trunc(''month'', $1) + $2 * interval ''1 month'', ''1 month'')::date
     UNION SELECT date_trunc(''month'', %I)::date FROM %I ORDER BY 1', part_key, rest)
    USING today::timestamp, months_ahead
  LOOP
    child := parent || to_char(month, '_YYYY_MM');
    CONTINUE WHEN child = ANY (existing);
    made := made || child;
    IF NOT dry THEN
      EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', parent);
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', child, parent);
      EXECUTE format('WITH late AS (DELETE FROM %I WHERE %I >= $1 AND %I < $2 RETURNING *) INSERT INTO %I SELECT * FROM late',
                     rest, part_key, part_key, child)
        USING month::timestamptz, (month + interval '1 month')::timestamptz;
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                     parent, child, month::timestamptz, (month + interval '1 month')::timestamptz);
    END IF;
    partition_name := child; deed := 'made'; RETURN NEXT;
  END LOOP;

  FOREACH child IN ARRAY array(SELECT c FROM unnest(existing || made) AS c ORDER BY 1) LOOP
    IF (to_date(right(child, 7), 'YYYY_MM') + interval '1 month')::timestamptz <= horizon THEN
      IF NOT dry THEN
        EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', parent);
        EXECUTE format('DROP TABLE %I', child);
      END IF;
      partition_name := child; deed := 'dropped'; RETURN NEXT;
    END IF;
  END LOOP;
END $$;

-- Runs with the owner's rights, so it must find the owner's tables and no others.
DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION keep_partitions SET search_path = %I, pg_temp', current_schema());
  PERFORM keep_partitions(kind, current_date, 3, NULL, false) FROM unnest(ARRAY ['history', 'receipts', 'archive']) AS kind;
END $$;

REVOKE ALL ON FUNCTION keep_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION keep_partitions TO ${appRole};
GRANT SELECT, INSERT ON product_archive TO ${appRole};
GRANT SELECT ON product_version TO ${appRole};
