-- What becomes of an order after its grant: legs, payments, refunds, deadlines. Most redemptions never need a row: one for
-- points alone has none until its goods move. `detail` is JSON; `due_at_ms` is when time acts on it by itself.
CREATE TABLE order_lives (
  member_key TEXT NOT NULL,
  order_id TEXT NOT NULL,
  state TEXT NOT NULL,
  due_at_ms INTEGER,
  detail TEXT NOT NULL,
  PRIMARY KEY (member_key, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX order_lives_due ON order_lives (due_at_ms) WHERE due_at_ms IS NOT NULL;

-- Points that after-sales gave back while the order itself stands.
ALTER TABLE orders ADD COLUMN returned_points INTEGER NOT NULL DEFAULT 0
  CHECK (returned_points >= 0 AND returned_points <= points);

-- Orders that D1 has to hear of although no ledger entry tells of them. A change while one is on its way gets a new number.
CREATE TABLE order_changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  member_key TEXT NOT NULL,
  order_id TEXT NOT NULL,
  UNIQUE (member_key, order_id) ON CONFLICT REPLACE
) STRICT;
