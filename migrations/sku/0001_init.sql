-- One Sku object is the authority for every sale of one SKU. Times are epoch milliseconds.
CREATE TABLE sku (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  sku_key TEXT NOT NULL,
  supply TEXT NOT NULL CHECK (supply IN ('stocked', 'on_demand')),
  goods TEXT NOT NULL,
  next_ordinal INTEGER NOT NULL,
  standing_sale_id TEXT NOT NULL
) STRICT;

CREATE TABLE sales (
  sale_id TEXT PRIMARY KEY,
  status TEXT NOT NULL CHECK (status IN ('draft', 'scheduled', 'open', 'paused', 'closed')),
  epoch INTEGER NOT NULL,
  shelf INTEGER NOT NULL CHECK (shelf >= 0),
  returned INTEGER NOT NULL CHECK (returned >= 0),
  reserve INTEGER NOT NULL CHECK (reserve >= 0),
  live INTEGER NOT NULL CHECK (live >= 0),
  stocked INTEGER NOT NULL,
  moved_out INTEGER NOT NULL CHECK (moved_out >= 0),
  granted INTEGER NOT NULL,
  first_grant_at_ms INTEGER,
  sold_out_at_ms INTEGER,
  closed_at_ms INTEGER,
  next_wave_at_ms INTEGER,
  next_release_at_ms INTEGER,
  version INTEGER NOT NULL,
  -- The version that D1 has; a smaller figure than `version` is the outbox row of the stock projection.
  projected_version INTEGER NOT NULL,
  changed_at_ms INTEGER NOT NULL,
  terms TEXT NOT NULL,
  CHECK (shelf + returned + reserve + live + moved_out = stocked)
) STRICT, WITHOUT ROWID;

CREATE TABLE takes (
  sale_id TEXT NOT NULL,
  member_key TEXT NOT NULL,
  order_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('granted', 'cancelled', 'forgone')),
  epoch INTEGER NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  ordinal INTEGER NOT NULL,
  remaining INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (sale_id, member_key, order_id)
) STRICT, WITHOUT ROWID;

-- A grant that its Account has not acknowledged yet, written in the commit of the take.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  sale_id TEXT NOT NULL,
  member_key TEXT NOT NULL,
  order_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

-- Doors that asked for the live figures of a sale.
CREATE TABLE watchers (
  gate TEXT PRIMARY KEY,
  sale_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
