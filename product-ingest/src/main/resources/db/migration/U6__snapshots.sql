-- Lossy: what is known of snapshots is gone; one that is read again would count as new.
DROP TABLE snapshot_count, snapshot_item, snapshot;
