-- Points that a merchant takes back, and points that a member owes because nothing was left to take.
ALTER TABLE members ADD COLUMN clawed_back INTEGER NOT NULL DEFAULT 0 CHECK (clawed_back >= 0);
ALTER TABLE members ADD COLUMN deficit INTEGER NOT NULL DEFAULT 0 CHECK (deficit >= 0);

-- When a lot of this member lapses next. It may say a moment too early, never one too late: a redemption that empties the
-- lot leaves it as it is, so that no redemption writes this index. The sweep reads members by it.
ALTER TABLE members ADD COLUMN due_at_ms INTEGER;
UPDATE members SET due_at_ms = (
  SELECT MIN(expires_at_ms) FROM lots WHERE lots.member_key = members.member_key AND remaining > 0
);
CREATE INDEX members_due ON members (due_at_ms) WHERE due_at_ms IS NOT NULL;

-- What a lot came from, so that a claw-back finds it, and the event it waits for.
ALTER TABLE lots ADD COLUMN origin_id TEXT;
ALTER TABLE lots ADD COLUMN pending_event TEXT;

-- The newest terms an Account was told, a row a programme. D1 is the authority.
CREATE TABLE points_terms (
  programme_id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  terms TEXT NOT NULL
) STRICT, WITHOUT ROWID;
