-- Points that pay for part of a bill, at a till of the merchant's or in an order of the mall. A row stays for ever: its id is
-- one offset. Points that are held are part of the wallet's `held`; those that are captured are part of its `spent`.
CREATE TABLE offsets (
  member_key TEXT NOT NULL,
  offset_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held', 'captured', 'voided', 'lapsed')),
  points INTEGER NOT NULL CHECK (points >= 0),
  returned_points INTEGER NOT NULL CHECK (returned_points >= 0 AND returned_points <= points),
  due_at_ms INTEGER,
  detail TEXT NOT NULL,
  PRIMARY KEY (member_key, offset_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX offsets_held ON offsets (member_key) WHERE state = 'held';
CREATE INDEX offsets_due ON offsets (due_at_ms) WHERE due_at_ms IS NOT NULL;
