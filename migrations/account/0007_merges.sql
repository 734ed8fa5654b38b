-- Records that went into another one of the same person, at the Account of the one that left. What is still written to such a
-- record (a cancel brings points back) makes it stale, in the same commit, and is sent after the rest.
CREATE TABLE merges (
  member_key TEXT PRIMARY KEY,
  merge_id TEXT NOT NULL,
  into_key TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  is_stale INTEGER NOT NULL,
  next_parcel INTEGER NOT NULL,
  moved_points INTEGER NOT NULL,
  -- The units that count against limits, as they were sent last.
  sent_units TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX merges_stale ON merges (member_key) WHERE is_stale = 1;

-- On their way to the record that stays, each written in the commit that took its points out. Gone when it was taken in.
CREATE TABLE merge_parcels (
  member_key TEXT NOT NULL,
  parcel INTEGER NOT NULL,
  points INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (member_key, parcel)
) STRICT, WITHOUT ROWID;

-- What came, at the Account of the record that stays: each parcel counts once.
CREATE TABLE merge_arrivals (
  member_key TEXT NOT NULL,
  from_key TEXT NOT NULL,
  parcel INTEGER NOT NULL,
  points INTEGER NOT NULL,
  PRIMARY KEY (member_key, from_key, parcel)
) STRICT, WITHOUT ROWID;

-- Units that the other records redeemed: they count against the limits of the record that stays.
CREATE TABLE merged_units (
  member_key TEXT NOT NULL,
  from_key TEXT NOT NULL,
  sale_id TEXT NOT NULL,
  day INTEGER NOT NULL,
  units INTEGER NOT NULL,
  PRIMARY KEY (member_key, from_key, sale_id, day)
) STRICT, WITHOUT ROWID;
