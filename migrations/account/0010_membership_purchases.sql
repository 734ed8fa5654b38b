-- What members bought memberships for. `detail` is JSON; `bought_at_ms` is null where it was bought before this was kept.
CREATE TABLE membership_purchases (
  member_key TEXT NOT NULL,
  request_id TEXT NOT NULL,
  bought_at_ms INTEGER,
  detail TEXT NOT NULL,
  PRIMARY KEY (member_key, request_id)
) STRICT, WITHOUT ROWID;

INSERT INTO membership_purchases (member_key, request_id, bought_at_ms, detail)
  SELECT member_key, request_id, NULL, json_object(
    'tierId', json_extract(body, '$[1]'), 'months', json_extract(body, '$[2]'), 'untilMs', NULL, 'paid', NULL, 'by', NULL)
  FROM earn_requests WHERE body LIKE '["membership",%';
