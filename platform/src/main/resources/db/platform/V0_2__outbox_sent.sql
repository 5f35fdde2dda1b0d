-- Deletes what was sent. As with outbox_due, any plan but the index scan looks at every deleted row again, and the planner cannot know.
CREATE FUNCTION outbox_sent(of_shard smallint, ids bigint[]) RETURNS bigint LANGUAGE sql VOLATILE
  SET enable_bitmapscan = off SET enable_seqscan = off AS $$
  WITH sent AS (DELETE FROM outbox WHERE shard = of_shard AND id = ANY (ids) RETURNING 1)
  SELECT count(*) FROM sent
$$;
GRANT EXECUTE ON FUNCTION outbox_sent TO ${appRole};
