-- The same facts as the product's, in one database. Times are epoch milliseconds, points are whole.
CREATE TABLE sales (
  sale_id text PRIMARY KEY,
  price_points integer NOT NULL,
  limit_per_member integer NOT NULL,
  quantity_max integer NOT NULL,
  opens_at_ms bigint NOT NULL,
  closes_at_ms bigint NOT NULL
);

-- The hot row stands alone, so that reading the terms never walks its versions; an empty page keeps its updates HOT.
CREATE TABLE stock (
  sale_id text PRIMARY KEY REFERENCES sales,
  units integer NOT NULL,
  remaining integer NOT NULL CHECK (remaining BETWEEN 0 AND units)
) WITH (fillfactor = 10);

CREATE TABLE members (
  member_key text PRIMARY KEY,
  credited bigint NOT NULL,
  balance bigint NOT NULL CHECK (balance >= 0),
  held bigint NOT NULL CHECK (held >= 0),
  seq integer NOT NULL
) WITH (fillfactor = 50);

-- `first` and `second` are the figures of the answer, so that a repeat is answered the same.
CREATE TABLE orders (
  member_key text NOT NULL,
  order_id text NOT NULL,
  sale_id text NOT NULL,
  quantity integer NOT NULL CHECK (quantity > 0),
  epoch integer NOT NULL,
  code text NOT NULL,
  first bigint NOT NULL,
  second bigint NOT NULL,
  ordinal integer NOT NULL,
  is_reserved boolean NOT NULL,
  at_ms bigint NOT NULL,
  PRIMARY KEY (member_key, order_id)
) WITH (fillfactor = 70);

CREATE TABLE ledger (
  member_key text NOT NULL,
  seq integer NOT NULL,
  type text NOT NULL,
  points bigint NOT NULL,
  balance_after bigint NOT NULL,
  order_id text,
  at_ms bigint NOT NULL,
  PRIMARY KEY (member_key, seq)
);

CREATE TYPE word AS (code text, first bigint, second bigint, ordinal integer, is_replay boolean);

-- The outcome of a known order: its stored figures, or in which fields the repeat differs.
CREATE FUNCTION replay(o orders, p_sale text, p_quantity integer, p_epoch integer) RETURNS word
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  differing integer := 0;
BEGIN
  IF o.sale_id <> p_sale THEN differing := differing + 1; END IF;
  IF o.quantity <> p_quantity THEN differing := differing + 2; END IF;
  IF o.epoch <> p_epoch THEN differing := differing + 4; END IF;
  IF differing > 0 THEN RETURN ROW('mismatch', differing, 0, 0, false)::word; END IF;
  RETURN ROW(o.code, o.first, o.second, o.ordinal, true)::word;
END $$;

-- Units of a sale that a member has. The member's row is locked, so the sum cannot grow meanwhile.
CREATE FUNCTION taken_of(p_member text, p_sale text) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
DECLARE
  taken integer;
BEGIN
  SELECT coalesce(sum(quantity), 0) INTO taken FROM orders
    WHERE member_key = p_member AND sale_id = p_sale AND code = 'granted';
  RETURN taken;
END $$;

-- One redemption, whole. The member's row is locked first, the hot row last, because it stays locked until the commit
-- is on disk. Everything that can be written before it is.
CREATE FUNCTION redeem(
  p_member text, p_sale text, p_order text, p_quantity integer, p_epoch integer, p_now_ms bigint
) RETURNS word LANGUAGE plpgsql AS $$
DECLARE
  s sales;
  m members;
  o orders;
  stocked stock;
  taken integer;
  cost bigint;
BEGIN
  SELECT * INTO m FROM members WHERE member_key = p_member FOR NO KEY UPDATE;
  SELECT * INTO o FROM orders WHERE member_key = p_member AND order_id = p_order;
  IF FOUND THEN RETURN replay(o, p_sale, p_quantity, p_epoch); END IF;
  SELECT * INTO s FROM sales WHERE sale_id = p_sale;
  IF NOT FOUND THEN RETURN ROW('not_found', 0, 0, 0, false)::word; END IF;
  IF p_now_ms < s.opens_at_ms THEN
    RETURN ROW('not_open', s.opens_at_ms - p_now_ms, 0, 0, false)::word;
  END IF;
  IF p_now_ms >= s.closes_at_ms THEN RETURN ROW('closed', s.closes_at_ms, 0, 0, false)::word; END IF;
  IF p_quantity > s.quantity_max THEN RETURN ROW('too_many', s.quantity_max, 0, 0, false)::word; END IF;

  taken := taken_of(p_member, p_sale);
  cost := p_quantity::bigint * s.price_points;
  -- A refusal that later credits or limits could undo is written down, so that the id keeps its outcome.
  IF taken + p_quantity > s.limit_per_member THEN
    INSERT INTO orders VALUES (p_member, p_order, p_sale, p_quantity, p_epoch, 'limit_reached',
      s.limit_per_member, taken, 0, false, p_now_ms);
    RETURN ROW('limit_reached', s.limit_per_member, taken, 0, false)::word;
  END IF;
  IF coalesce(m.balance, 0) < cost THEN
    INSERT INTO orders VALUES (p_member, p_order, p_sale, p_quantity, p_epoch, 'points_insufficient',
      cost, coalesce(m.balance, 0), 0, false, p_now_ms);
    RETURN ROW('points_insufficient', cost, coalesce(m.balance, 0), 0, false)::word;
  END IF;

  -- Units never come back to a shelf here, so a shelf read as too short stays so: no lock for a refusal.
  SELECT * INTO stocked FROM stock WHERE sale_id = p_sale;
  IF stocked.remaining < p_quantity THEN
    RETURN ROW('sold_out', stocked.remaining, 0, 0, false)::word;
  END IF;
  UPDATE members SET balance = balance - cost, seq = seq + 1 WHERE member_key = p_member;
  INSERT INTO ledger VALUES (p_member, m.seq + 1, 'redeem', -cost, m.balance + m.held - cost, p_order, p_now_ms);
  UPDATE stock SET remaining = remaining - p_quantity
    WHERE sale_id = p_sale AND remaining >= p_quantity RETURNING * INTO stocked;
  -- The shelf emptied since it was read: undo all of this redemption. The caller reads the code.
  IF NOT FOUND THEN RAISE EXCEPTION USING ERRCODE = 'QD001', MESSAGE = 'sold_out'; END IF;
  INSERT INTO orders VALUES (p_member, p_order, p_sale, p_quantity, p_epoch, 'granted', cost, stocked.remaining,
    stocked.units - stocked.remaining - p_quantity + 1, false, p_now_ms);
  RETURN ROW('granted', cost, stocked.remaining,
    stocked.units - stocked.remaining - p_quantity + 1, false)::word;
END $$;

-- The take of an order whose points are held: stock, once per order, limit, order row. No balance, no ledger.
CREATE FUNCTION take(
  p_member text, p_sale text, p_order text, p_quantity integer, p_epoch integer, p_now_ms bigint
) RETURNS word LANGUAGE plpgsql AS $$
DECLARE
  s sales;
  o orders;
  stocked stock;
  answer word;
  taken integer;
BEGIN
  PERFORM 1 FROM members WHERE member_key = p_member FOR NO KEY UPDATE;
  SELECT * INTO o FROM orders WHERE member_key = p_member AND order_id = p_order;
  IF NOT FOUND THEN RETURN ROW('not_found', 0, 0, 0, false)::word; END IF;
  answer := replay(o, p_sale, p_quantity, p_epoch);
  IF answer.code <> 'held' THEN RETURN answer; END IF;
  SELECT * INTO s FROM sales WHERE sale_id = p_sale;
  IF p_now_ms < s.opens_at_ms THEN
    RETURN ROW('not_open', s.opens_at_ms - p_now_ms, 0, 0, false)::word;
  END IF;
  IF p_now_ms >= s.closes_at_ms THEN RETURN ROW('closed', s.closes_at_ms, 0, 0, false)::word; END IF;
  taken := taken_of(p_member, p_sale);
  IF taken + p_quantity > s.limit_per_member THEN
    RETURN ROW('limit_reached', s.limit_per_member, taken, 0, false)::word;
  END IF;
  UPDATE stock SET remaining = remaining - p_quantity
    WHERE sale_id = p_sale AND remaining >= p_quantity RETURNING * INTO stocked;
  IF NOT FOUND THEN
    SELECT * INTO stocked FROM stock WHERE sale_id = p_sale;
    RETURN ROW('sold_out', stocked.remaining, 0, 0, false)::word;
  END IF;
  UPDATE orders SET code = 'granted', second = stocked.remaining, at_ms = p_now_ms,
    ordinal = stocked.units - stocked.remaining - p_quantity + 1
    WHERE member_key = p_member AND order_id = p_order;
  RETURN ROW('granted', o.first, stocked.remaining,
    stocked.units - stocked.remaining - p_quantity + 1, false)::word;
END $$;

-- Redemptions that waited for each other, in one transaction with one commit; answers in the order of the arrays.
CREATE FUNCTION decide_many(
  p_kinds text[], p_members text[], p_sales text[], p_orders text[], p_quantities integer[], p_epochs integer[],
  p_now_ms bigint[]
) RETURNS SETOF word LANGUAGE plpgsql AS $$
BEGIN
  FOR at IN 1 .. cardinality(p_orders) LOOP
    IF p_kinds[at] = 'take' THEN
      RETURN NEXT take(p_members[at], p_sales[at], p_orders[at], p_quantities[at], p_epochs[at], p_now_ms[at]);
    ELSE
      RETURN NEXT redeem(p_members[at], p_sales[at], p_orders[at], p_quantities[at], p_epochs[at], p_now_ms[at]);
    END IF;
  END LOOP;
END $$;
