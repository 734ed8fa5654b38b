-- Takes count up by `position`, so that one figure says up to where every grant is settled. It replaces an outbox row
-- a take, written and deleted again.
CREATE TABLE takes_by_position (
  position INTEGER PRIMARY KEY,
  sale_id TEXT NOT NULL,
  member_key TEXT NOT NULL,
  order_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('granted', 'cancelled', 'forgone')),
  epoch INTEGER NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  ordinal INTEGER NOT NULL,
  remaining INTEGER NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

INSERT INTO takes_by_position (sale_id, member_key, order_id, state, epoch, quantity, ordinal, remaining, at_ms)
  SELECT sale_id, member_key, order_id, state, epoch, quantity, ordinal, remaining, at_ms FROM takes ORDER BY at_ms, ordinal;

-- `settled`: every grant up to here is acknowledged by its Account. It may lag behind the truth: a grant sent again
-- changes nothing.
CREATE TABLE watermarks (
  name TEXT PRIMARY KEY,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO watermarks
  SELECT 'settled', COALESCE(
    (SELECT MIN(t.position) - 1 FROM takes_by_position t JOIN outbox o
       ON o.sale_id = t.sale_id AND o.member_key = t.member_key AND o.order_id = t.order_id),
    (SELECT MAX(position) FROM takes_by_position), 0);

DROP TABLE takes;
ALTER TABLE takes_by_position RENAME TO takes;
CREATE UNIQUE INDEX takes_by_order ON takes (sale_id, member_key, order_id);
DROP TABLE outbox;
