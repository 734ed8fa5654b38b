-- The card codes of one SKU. A code is free, issued to one order, or withdrawn; it never changes hands once somebody saw it.
CREATE TABLE codes (
  code_id INTEGER PRIMARY KEY,
  -- AES-256-GCM under the programme's data key.
  sealed TEXT NOT NULL,
  -- Keyed hash: the same code is not taken in twice.
  print TEXT NOT NULL UNIQUE,
  batch_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('free', 'issued', 'withdrawn')),
  order_key TEXT,
  imported_at_ms INTEGER NOT NULL,
  CHECK ((state = 'issued') = (order_key IS NOT NULL))
) STRICT;
CREATE INDEX codes_free ON codes (code_id) WHERE state = 'free';
CREATE INDEX codes_by_order ON codes (order_key) WHERE order_key IS NOT NULL;

CREATE TABLE issues (
  order_key TEXT NOT NULL PRIMARY KEY,
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  state TEXT NOT NULL CHECK (state IN ('issued', 'returned')),
  issued_at_ms INTEGER NOT NULL,
  first_revealed_at_ms INTEGER
) STRICT, WITHOUT ROWID;

-- Who saw the codes of an order. Only ever added to.
CREATE TABLE reveals (
  position INTEGER PRIMARY KEY,
  order_key TEXT NOT NULL,
  by TEXT NOT NULL,
  reason TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX reveals_by_order ON reveals (order_key, at_ms);
