-- Rows count up by `position`, so that one figure says how far D1 has the ledger and where the oldest pending hold lies.
-- It replaces an outbox row and two index entries an order: what is written is what is billed.
CREATE TABLE orders_by_position (
  position INTEGER PRIMARY KEY,
  member_key TEXT NOT NULL,
  order_id TEXT NOT NULL,
  sale_id TEXT NOT NULL,
  hold TEXT NOT NULL CHECK (hold IN ('pending', 'posted', 'voided', 'refused')),
  is_cancelled INTEGER NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  points INTEGER NOT NULL CHECK (points >= 0),
  day INTEGER NOT NULL,
  created_at_ms INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;

INSERT INTO orders_by_position
  SELECT rowid, member_key, order_id, sale_id, hold, is_cancelled, quantity, points, day, created_at_ms, detail
  FROM orders ORDER BY rowid;
DROP TABLE orders;
ALTER TABLE orders_by_position RENAME TO orders;
CREATE UNIQUE INDEX orders_by_member ON orders (member_key, order_id);

CREATE TABLE entries_by_position (
  position INTEGER PRIMARY KEY,
  member_key TEXT NOT NULL,
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  points INTEGER NOT NULL,
  natural_key TEXT NOT NULL,
  recorded_at_ms INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;

INSERT INTO entries_by_position
  SELECT rowid, member_key, seq, type, points, natural_key, detail ->> '$.occurredAtMs', detail FROM entries ORDER BY rowid;
DROP TABLE entries;
ALTER TABLE entries_by_position RENAME TO entries;
CREATE UNIQUE INDEX entries_by_member ON entries (member_key, seq);
CREATE UNIQUE INDEX entries_by_natural_key ON entries (member_key, natural_key)
  WHERE type NOT IN ('redeem', 'redeem_rollback');

-- The first order of a sale lies here or later.
ALTER TABLE sale_terms ADD COLUMN from_position INTEGER NOT NULL DEFAULT 1;

-- `projected`: D1 has every entry up to here. `pending_from`: no pending hold lies before. Either may lag behind the
-- truth, which costs a repetition at the next start and nothing else.
CREATE TABLE watermarks (
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO watermarks
  SELECT 'projected', CASE WHEN EXISTS (SELECT 1 FROM outbox WHERE topic = 'project') THEN 0
    ELSE COALESCE((SELECT MAX(position) FROM entries), 0) END;
INSERT INTO watermarks SELECT 'pending_from', COALESCE((SELECT MIN(position) FROM orders WHERE hold = 'pending'), 1);

-- A cancel on its way to its Sku, written in the commit of the cancel.
CREATE TABLE cancels (
  seq INTEGER PRIMARY KEY,
  sale_id TEXT NOT NULL,
  member_key TEXT NOT NULL,
  order_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO cancels SELECT seq, sale_id, member_key, order_id, at_ms FROM outbox WHERE topic = 'cancel';
DROP TABLE outbox;
