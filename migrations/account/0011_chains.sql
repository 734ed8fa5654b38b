-- A member's entries are a chain: each carries the position of the one before it, the member's row that of the newest. It
-- replaces an index entry for every entry. That no number is given twice stands in the member's row now, which is advanced
-- by compare-and-set in the commit that writes the entries. An entry points back, so a walk ends whatever the rows say.
ALTER TABLE entries ADD COLUMN prev_position INTEGER CHECK (prev_position < position);
UPDATE entries SET prev_position = (
  SELECT e.position FROM entries AS e
  WHERE e.member_key = entries.member_key AND e.seq < entries.seq AND e.position < entries.position
  ORDER BY e.seq DESC LIMIT 1
);
ALTER TABLE members ADD COLUMN last_position INTEGER;
UPDATE members SET last_position = (
  SELECT position FROM entries WHERE entries.member_key = members.member_key ORDER BY seq DESC LIMIT 1
);
DROP INDEX entries_by_member;
-- Anchors, one in 32 entries: a walk to an old entry begins at the next one above it, so it is short however long the ledger.
CREATE UNIQUE INDEX entries_anchors ON entries (member_key, seq) WHERE seq % 32 = 0;
