-- What customers have ordered. Once written, a row changes only in the columns that the running service may update.
CREATE TABLE orders (
  id                  uuid        PRIMARY KEY,
  customer            text        NOT NULL CHECK (length(customer) BETWEEN 1 AND 255),
  idempotency_key     text        NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 64),
  request_fingerprint bytea       NOT NULL CHECK (length(request_fingerprint) = 32),
  status              text        NOT NULL CHECK (status IN ('placed', 'confirmed', 'cancelled')),
  cancel_reason       text        CHECK (length(cancel_reason) BETWEEN 1 AND 200),
  currency            text        NOT NULL CHECK (length(currency) = 3),
  total_minor         bigint      NOT NULL CHECK (total_minor >= 0),
  version             bigint      NOT NULL CHECK (version >= 1),
  placed_at           timestamptz NOT NULL,
  due_at              timestamptz NOT NULL,
  settled_at          timestamptz,
  transfer_id         uuid,
  refunds             int         NOT NULL DEFAULT 0 CHECK (refunds >= 0),
  CONSTRAINT orders_key_names_one_order UNIQUE (customer, idempotency_key),
  CONSTRAINT orders_due_after_placed CHECK (due_at > placed_at),
  CONSTRAINT orders_settled_unless_placed CHECK ((status = 'placed') = (settled_at IS NULL)),
  CONSTRAINT orders_cancelled_for_a_reason CHECK ((status = 'cancelled') = (cancel_reason IS NOT NULL)),
  CONSTRAINT orders_confirmed_by_a_transfer CHECK ((status = 'confirmed') = (transfer_id IS NOT NULL))
) WITH (fillfactor = 80);
COMMENT ON COLUMN orders.version IS 'Rises by one with each change that is told to others; 1 is the placing.';
COMMENT ON COLUMN orders.due_at IS 'An order that is still placed by then is cancelled.';
COMMENT ON COLUMN orders.transfer_id IS 'The payment that confirmed it.';
COMMENT ON COLUMN orders.refunds IS 'Payments that came for it and must go back: rows of order_refund.';
-- ids are UUIDv7: newest first is the order of the index, read backwards
CREATE INDEX orders_of_customer ON orders (customer, id);
CREATE INDEX orders_waiting_for_payment ON orders (due_at) WHERE status = 'placed';

-- Name and price as they were; the product may change and go, its row stays.
CREATE TABLE order_line (
  order_id         uuid             NOT NULL REFERENCES orders,
  line_no          int              NOT NULL CHECK (line_no BETWEEN 1 AND 100),
  vendor_id        text COLLATE "C" NOT NULL,
  sku              text COLLATE "C" NOT NULL,
  product_version  bigint           NOT NULL,
  name             text             NOT NULL,
  unit_price_minor bigint           NOT NULL CHECK (unit_price_minor >= 0),
  quantity         int              NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
  PRIMARY KEY (order_id, line_no),
  CONSTRAINT order_line_names_a_product_once UNIQUE (order_id, vendor_id, sku),
  FOREIGN KEY (vendor_id, sku) REFERENCES product
);
COMMENT ON COLUMN order_line.product_version IS 'product.row_version when it was ordered.';

-- Append only, like everything below: what became of an order, and when.
CREATE TABLE order_status_change (
  order_id      uuid        NOT NULL REFERENCES orders,
  order_version bigint      NOT NULL,
  status        text        NOT NULL CHECK (status IN ('placed', 'confirmed', 'cancelled')),
  reason        text,
  changed_at    timestamptz NOT NULL,
  PRIMARY KEY (order_id, order_version),
  CHECK ((status = 'cancelled') = (reason IS NOT NULL))
);

-- Money that came for an order that does not take it (any more).
CREATE TABLE order_refund (
  order_id     uuid        NOT NULL REFERENCES orders,
  transfer_id  uuid        NOT NULL,
  amount_minor bigint      NOT NULL CHECK (amount_minor >= 0),
  currency     text        NOT NULL CHECK (length(currency) = 3),
  noted_at     timestamptz NOT NULL,
  PRIMARY KEY (order_id, transfer_id)
);

-- The total is the sum of the lines. Looked at when the transaction commits, because the lines come after the order.
CREATE FUNCTION order_total_is_the_sum_of_its_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new.total_minor IS DISTINCT FROM
     (SELECT sum(unit_price_minor * quantity) FROM order_line WHERE order_id = new.id) THEN
    RAISE EXCEPTION 'the total of order % is not the sum of its lines', new.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'order_total_is_the_sum_of_its_lines';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER order_total_is_the_sum_of_its_lines AFTER INSERT ON orders
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION order_total_is_the_sum_of_its_lines();

GRANT SELECT, INSERT, UPDATE (status, cancel_reason, version, settled_at, transfer_id, refunds) ON orders TO ${appRole};
GRANT SELECT, INSERT ON order_line, order_status_change, order_refund TO ${appRole};
