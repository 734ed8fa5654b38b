-- Earning. What a programme says, as the Worker handed it over last; D1 is the authority.
CREATE TABLE programme_terms (
  programme_id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  terms TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One row a member: facts, check-in, tier, when reminders are next planned. `due_at_ms` is the earliest moment at which
-- anything of it needs attention.
CREATE TABLE earners (
  member_key TEXT PRIMARY KEY,
  due_at_ms INTEGER,
  profile TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX earners_due ON earners (due_at_ms) WHERE due_at_ms IS NOT NULL;

-- What happened, once each. `detail` is JSON: the event, what the member was then, what it gave, what was returned since.
-- A dry run reads them by time.
CREATE TABLE earn_events (
  position INTEGER PRIMARY KEY,
  member_key TEXT NOT NULL,
  event_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX earn_events_by_member ON earn_events (member_key, event_id);
CREATE INDEX earn_events_by_time ON earn_events (at_ms);

CREATE TABLE cap_usage (
  member_key TEXT NOT NULL,
  cap_key TEXT NOT NULL,
  points INTEGER NOT NULL CHECK (points >= 0),
  times INTEGER NOT NULL CHECK (times >= 0),
  PRIMARY KEY (member_key, cap_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE task_progress (
  member_key TEXT NOT NULL,
  task_id TEXT NOT NULL,
  period INTEGER NOT NULL,
  progress TEXT NOT NULL,
  PRIMARY KEY (member_key, task_id, period)
) STRICT, WITHOUT ROWID;

-- By whom a member was invited: at the invited one's Account.
CREATE TABLE invites (
  invitee_key TEXT PRIMARY KEY,
  inviter_key TEXT NOT NULL,
  invite TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Whom a member invited: at the inviter's Account, which counts what is rewarded and decides once.
CREATE TABLE invited (
  inviter_key TEXT NOT NULL,
  invite_id TEXT NOT NULL,
  state TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  counts_in INTEGER,
  decision TEXT,
  PRIMARY KEY (inviter_key, invite_id)
) STRICT, WITHOUT ROWID;

-- Keyed hashes for the guard of invites, never the things themselves.
CREATE TABLE fingerprints (
  member_key TEXT NOT NULL,
  trait TEXT NOT NULL,
  value TEXT NOT NULL,
  seen_at_ms INTEGER NOT NULL,
  PRIMARY KEY (member_key, trait, value)
) STRICT, WITHOUT ROWID;

-- What this Account owes other objects, or itself after the commit. The natural key makes an errand exist once.
CREATE TABLE errands (
  errand_id INTEGER PRIMARY KEY,
  member_key TEXT NOT NULL,
  natural_key TEXT NOT NULL,
  body TEXT NOT NULL,
  not_before_ms INTEGER NOT NULL,
  tries INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX errands_by_key ON errands (member_key, natural_key);

-- Uses of till codes, at the Account that the code's own name leads to.
CREATE TABLE code_uses (
  code_key TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  member_key TEXT NOT NULL,
  request_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (code_key, ordinal)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX code_uses_by_request ON code_uses (code_key, member_key, request_id);

-- Requests that have no natural key of their own, and what they were answered.
CREATE TABLE earn_requests (
  member_key TEXT NOT NULL,
  request_id TEXT NOT NULL,
  body TEXT NOT NULL,
  reply TEXT,
  PRIMARY KEY (member_key, request_id)
) STRICT, WITHOUT ROWID;

-- The delivery log of reminders.
CREATE TABLE reminders (
  member_key TEXT NOT NULL,
  natural_key TEXT NOT NULL,
  channel TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
  points INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  days_left INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  PRIMARY KEY (member_key, natural_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX reminders_waiting ON reminders (at_ms) WHERE state = 'waiting';
