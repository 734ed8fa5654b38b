-- Money that members left with the merchant. The law stands in the row: what came in is there, held, or spent.
CREATE TABLE stored_wallets (
  member_key TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  head_hash TEXT NOT NULL,
  balance_fen INTEGER NOT NULL CHECK (balance_fen >= 0),
  held_fen INTEGER NOT NULL CHECK (held_fen >= 0),
  topped_up_fen INTEGER NOT NULL CHECK (topped_up_fen >= 0),
  spent_fen INTEGER NOT NULL CHECK (spent_fen >= 0),
  CHECK (balance_fen + held_fen + spent_fen = topped_up_fen)
) STRICT, WITHOUT ROWID;

-- Its ledger, append-only, a chain for each member.
CREATE TABLE stored_entries (
  position INTEGER PRIMARY KEY,
  member_key TEXT NOT NULL,
  seq INTEGER NOT NULL,
  natural_key TEXT NOT NULL,
  detail TEXT NOT NULL,
  UNIQUE (member_key, seq),
  UNIQUE (member_key, natural_key)
) STRICT;

-- Payments by which money comes in. `due_at_ms` is when the provider is asked next.
CREATE TABLE stored_top_ups (
  member_key TEXT NOT NULL,
  top_up_id TEXT NOT NULL,
  due_at_ms INTEGER,
  detail TEXT NOT NULL,
  PRIMARY KEY (member_key, top_up_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX stored_top_ups_due ON stored_top_ups (due_at_ms) WHERE due_at_ms IS NOT NULL;
