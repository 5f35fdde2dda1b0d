-- What people do about quarantined messages and about partitions, and who did it. The message as it came stays as it
-- is: an edited one lies beside it.
ALTER TABLE quarantine
  ADD COLUMN state      text NOT NULL DEFAULT 'open',
  ADD COLUMN edited     bytea,
  ADD COLUMN edits      int  NOT NULL DEFAULT 0,
  ADD COLUMN settled_by text,
  ADD COLUMN settled_at timestamptz,
  ADD CONSTRAINT quarantine_state_check CHECK (state IN ('open', 'replayed', 'discarded')),
  ADD CONSTRAINT quarantine_edited_check CHECK ((edits = 0) = (edited IS NULL)),
  ADD CONSTRAINT quarantine_settled_check
    CHECK ((state = 'open') = (settled_by IS NULL) AND (state = 'open') = (settled_at IS NULL));
COMMENT ON COLUMN quarantine.edits IS 'Rises with each edit; whoever edits says which one was seen.';
CREATE INDEX quarantine_open ON quarantine (id) WHERE state = 'open';
CREATE INDEX quarantine_of_version ON quarantine (vendor_id, sku, src_version);

CREATE TABLE quarantine_audit (
  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  quarantine_id bigint      NOT NULL REFERENCES quarantine,
  action        text        NOT NULL CHECK (action IN ('edited', 'replayed', 'discarded', 'reopened')),
  subject       text        NOT NULL,
  at            timestamptz NOT NULL DEFAULT clock_timestamp(),
  note          text,
  edited        bytea,
  outcome       text,
  reason        text,
  detail        text,
  CHECK ((action = 'edited') = (edited IS NOT NULL)),
  CHECK ((action IN ('replayed', 'reopened')) = (outcome IS NOT NULL))
);
CREATE INDEX quarantine_audit_of_item ON quarantine_audit (quarantine_id, id);

CREATE TABLE feed_audit (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic       text        NOT NULL,
  partition   int         NOT NULL,
  action      text        NOT NULL CHECK (action IN ('paused', 'resumed', 'rewound')),
  subject     text        NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  reason      text,
  from_offset bigint      NOT NULL,
  to_offset   bigint      NOT NULL
);
CREATE INDEX feed_audit_of_partition ON feed_audit (topic, partition, id);
COMMENT ON COLUMN feed_audit.to_offset IS 'Where the feed stands after it; from_offset is where it stood.';

GRANT UPDATE (state, edited, edits, settled_by, settled_at) ON quarantine TO ${appRole};
GRANT SELECT, INSERT ON quarantine_audit, feed_audit TO ${appRole};
