-- One Account object holds a bucket of members. Times are epoch milliseconds, points are whole.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- `held` is not a column: it is the sum of the member's pending orders, so a hold writes one row less.
CREATE TABLE members (
  member_key TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  head_hash TEXT NOT NULL,
  granted INTEGER NOT NULL CHECK (granted >= 0),
  spent INTEGER NOT NULL CHECK (spent >= 0),
  expired INTEGER NOT NULL CHECK (expired >= 0),
  lot_seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE lots (
  member_key TEXT NOT NULL,
  lot_id INTEGER NOT NULL,
  source TEXT NOT NULL,
  points INTEGER NOT NULL CHECK (points > 0),
  remaining INTEGER NOT NULL CHECK (remaining >= 0 AND remaining <= points),
  expires_at_ms INTEGER,
  pending_until_ms INTEGER,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (member_key, lot_id)
) STRICT, WITHOUT ROWID;

-- Append-only. `detail` is JSON: slices, order id, balance after, times, hashes, and outside the hash actor and
-- reason, so that a person can be erased. Columns are what is looked up or summed; the rest costs less as one text.
-- Rows are appended in the order of time (a rowid table), so a commit of many members touches few pages.
CREATE TABLE entries (
  member_key TEXT NOT NULL,
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  points INTEGER NOT NULL,
  natural_key TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX entries_by_member ON entries (member_key, seq);
-- What an order does is written once because the order's own state allows it once; everything else is kept once by this.
CREATE UNIQUE INDEX entries_by_natural_key ON entries (member_key, natural_key)
  WHERE type NOT IN ('redeem', 'redeem_rollback');

-- A hold and the order it became are one row; terminal rows are kept, because an id has one outcome for ever.
-- `detail` is JSON: stamp, terms version, slices, refusal, grant, times. A rowid table: what one commit inserts, and
-- soon updates, lies together; by member it would touch a page an order.
CREATE TABLE orders (
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

CREATE UNIQUE INDEX orders_by_member ON orders (member_key, order_id);
CREATE INDEX orders_by_sale ON orders (sale_id);
CREATE INDEX orders_pending ON orders (sale_id) WHERE hold = 'pending';

-- The terms an order was made under, once per sale and version.
CREATE TABLE sale_terms (
  sale_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  terms TEXT NOT NULL,
  PRIMARY KEY (sale_id, version)
) STRICT, WITHOUT ROWID;

-- Nothing of this sale stamped `up_to` or less is granted any more: unknown ids are refused without a row.
CREATE TABLE frozen (
  sale_id TEXT NOT NULL,
  up_to INTEGER NOT NULL,
  refusal TEXT NOT NULL,
  PRIMARY KEY (sale_id, up_to)
) STRICT, WITHOUT ROWID;

-- Effects on other objects, written in the commit of their cause. A `project` row carries what D1 is to mirror as
-- JSON, so that sending it reads nothing else; a `cancel` row names the take.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  topic TEXT NOT NULL CHECK (topic IN ('cancel', 'project')),
  sale_id TEXT,
  member_key TEXT,
  order_id TEXT,
  order_row TEXT,
  entry_row TEXT,
  at_ms INTEGER NOT NULL
) STRICT;

-- Sums for the shallow audit, one row, written once a commit.
CREATE TABLE counters (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  figures TEXT NOT NULL
) STRICT;
