-- What happened to a sale, in order: what staff did, what the clock did, and when the last unit went.
CREATE TABLE sale_events (
  position INTEGER PRIMARY KEY,
  sale_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT,
  figures TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX sale_events_by_sale ON sale_events (sale_id, position);

-- Counts for people, as JSON: answers by kind, latency, the curve. Written every few seconds, so a crash costs the last of them
-- and no unit.
CREATE TABLE sale_figures (
  sale_id TEXT PRIMARY KEY,
  figures TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
