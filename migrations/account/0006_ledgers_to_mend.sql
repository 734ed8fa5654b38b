-- Before grace was recorded, a void after its lot had lapsed opened a lot of grace that no entry tells of. Members who have
-- such a lot, or may have one, are looked at once, a few a commit; then the table is empty, as it is in every newer object.
CREATE TABLE ledgers_to_mend (
  member_key TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO ledgers_to_mend (member_key) SELECT DISTINCT member_key FROM lots WHERE source = 'refund_grace';
