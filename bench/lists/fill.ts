/**
 * Fills the D1 of a product with as many rows as a large merchant has, in SQL: series of rows that follow from their number. The
 * product is not running meanwhile: its file is written directly, which takes minutes where statements over its socket take hours.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DAY_MS } from "../../worker/kernel/clock.ts";

export interface Size {
  readonly members: number;
  readonly entries: number;
  readonly goods: number;
  readonly orders: number;
}

const PROGRAMME = "demo";
/** Rows of one statement. */
const CHUNK = 50_000;
// Numbers are bound as they are in JavaScript; ids and shares are made of whole ones.
const SERIES =
  "WITH RECURSIVE n(x) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT x + 1 FROM n WHERE x < ?2)";

/** A number that looks like chance and follows from x. */
const mixed = (factor: number, range: number): string => `((x * ${factor} + x / 7) % ${range})`;

/** Whose orders are more than are sorted; of a few hundred others each has some hundred. */
export const LARGE_SUPPLIER = "云山供货";
export const SMALL_SUPPLIER = "供应商 021";

const FILL = {
  members: `INSERT INTO members (programme_id, member_id, display_name, phone_tail, first_seen_at_ms, seq, active, pending, tier_id,
      next_expires_at_ms, next_expiring, last_active_at_ms, last_redeemed_at_ms, last_purchase_at_ms, last_store_id,
      earned_points, spent_points, month, purchases_0, frequency, blocked_at_ms)
    ${SERIES} SELECT '${PROGRAMME}', printf('m%07d', x), substr('张王李赵陈刘杨黄周吴', x % 10 + 1, 1) || x,
      printf('%04d', ${mixed(7919, 10_000)}), ?3 - ${mixed(104_729, 700)} * ${DAY_MS}, 5, ${mixed(31, 9_000)}, 0,
      CASE x % 4 WHEN 0 THEN 'gold' WHEN 1 THEN 'silver' ELSE NULL END,
      CASE x % 3 WHEN 0 THEN ?3 + ${mixed(613, 360)} * ${DAY_MS} END, 100, ?3 - ${mixed(1_299_709, 400)} * 60000 * 1440,
      CASE x % 5 WHEN 0 THEN ?3 - ${mixed(523, 400)} * ${DAY_MS} END, ?3 - ${mixed(97, 200)} * ${DAY_MS},
      'store-' || (x % 86), 10000, 3000, ?4, ${mixed(13, 9)}, ${mixed(13, 9)},
      CASE WHEN x % 2000 = 0 THEN ?3 - x END FROM n`,
  entries: `INSERT INTO ledger_entries (programme_id, member_id, seq, type, points, order_id, balance_after, occurred_at_ms, hash,
      recorded_at_ms, prev_hash, asked_points, actor, store_id, breakdown)
    ${SERIES} SELECT '${PROGRAMME}', printf('m%07d', (x - 1) / 5 + 1), (x - 1) % 5 + 1,
      CASE WHEN x % 5 = 4 THEN 'redeem' WHEN x % 100 = 10 THEN 'redeem_rollback' WHEN x % 40000 = 7 THEN 'manual_credit' ELSE 'earn_order' END,
      CASE WHEN x % 5 = 4 THEN -300 WHEN x % 100 = 10 THEN 300 WHEN x % 997 = 0 THEN 20000 ELSE 100 END,
      CASE WHEN x % 5 = 4 OR x % 100 = 10 THEN printf('bench-order-%09d', (x - 1) / 5) END, 100, ?3 - x, '', ?3 - x, '', 100,
      CASE WHEN x % 40000 = 7 THEN 'staff:s' || (x % 40) WHEN x % 5 = 4 THEN 'member' ELSE 'system' END,
      CASE WHEN x % 5 = 1 THEN 'store-' || (x % 86) END,
      CASE WHEN x % 5 = 2 THEN json_array(json_object('ruleId', 'rule-' || (x % 30), 'version', 1, 'points', 100)) END FROM n`,
  rules: `INSERT INTO ledger_rules (programme_id, rule_id, recorded_at_ms, member_id, seq)
    ${SERIES} SELECT '${PROGRAMME}', 'rule-' || (x % 30), ?3 - x, printf('m%07d', (x - 1) / 5 + 1), (x - 1) % 5 + 1 FROM n WHERE x % 5 = 2`,
  sales: `INSERT INTO sales (sale_id, programme_id, sku_id, kind, status, version, opens_at_ms, closes_at_ms, epoch, shelf, returned,
      reserve, live, moved_out, stocked, granted, terms, state)
    ${SERIES} SELECT '${PROGRAMME}.big-' || x || '~1', '${PROGRAMME}', 'big-' || x, 'standing', 'open', 1, ?3, ?3 + ${DAY_MS}, 1,
      CASE WHEN x % 50 = 0 THEN 0 ELSE ${mixed(37, 500)} END, 0, 0, 0, 0, 500, CASE WHEN x <= 1000 THEN ?4 / 1000 ELSE 0 END,
      json_object('saleId', '${PROGRAMME}.big-' || x || '~1', 'title', '好礼 ' || x, 'picture', '/goods/placeholder.svg', 'pricePoints', 100 + x % 900),
      '{}' FROM n`,
  goodsFigures: `INSERT INTO goods_figures (programme_id, sku_id, day, units_30, points_30)
    ${SERIES} SELECT '${PROGRAMME}', 'big-' || x, ?4, ${mixed(41, 60)}, 1000 FROM n WHERE x % 2 = 0`,
  skus: `INSERT INTO skus (programme_id, sku_id, title, category, created_at_ms)
    ${SERIES} SELECT '${PROGRAMME}', 'big-' || x, '好礼 ' || x, '', ?3 FROM n`,
  goods: `INSERT INTO goods (programme_id, goods_id, revision, applied_revision, stamp, state, kind, role, category_id, title, title_key,
      position, price_points, card, body, created_at_ms, updated_at_ms, updated_by, published_at_ms, due_at_ms, supplier_name, is_drop_shipped)
    ${SERIES} SELECT g.programme_id, 'big-' || x, 1, 1, '', CASE x % 10 WHEN 0 THEN 'draft' ELSE 'published' END, g.kind, g.role,
      g.category_id, '好礼 ' || x, '好礼' || x, x, 100 + x % 900, g.card, g.body, ?3 - x, ?3 - x * 1000, 'staff:bench', ?3 - x, NULL,
      CASE WHEN x % 40 = 1 THEN '${LARGE_SUPPLIER}' WHEN x % 3 = 0 OR x % 40 = 21 THEN printf('供应商 %03d', x % 300) ELSE '' END, x % 2
    FROM n CROSS JOIN (SELECT * FROM goods WHERE programme_id = '${PROGRAMME}' AND goods_id = 'pattern') g`,
  goodsSkus: `INSERT INTO goods_skus (programme_id, sku_id, goods_id, position, code, low_stock_units, is_active)
    ${SERIES} SELECT '${PROGRAMME}', 'big-' || x, 'big-' || x, 0, '', CASE WHEN x % 97 = 0 THEN 450 END, 1 FROM n`,
  goodsGrams: `INSERT INTO goods_grams (programme_id, gram, goods_id)
    ${SERIES} SELECT '${PROGRAMME}', CASE g.value WHEN 0 THEN '好礼' WHEN 1 THEN '礼' WHEN 2 THEN 'big' ELSE CAST(x AS TEXT) END,
      'big-' || x FROM n CROSS JOIN json_each('[0,1,2,3]') g`,
  orders: `INSERT INTO orders (programme_id, member_id, order_id, version, sale_id, state, quantity, epoch, points, cash_fen, ordinal,
      granted_at_ms, updated_at_ms, goods_kind, cash_state, paid_fen, returned_points)
    ${SERIES} SELECT '${PROGRAMME}', printf('m%07d', x % 1000000 + 1), printf('bench-order-%09d', x), 1,
      '${PROGRAMME}.big-' || (x % 1000 + 1) || '~1',
      CASE WHEN x % 1000 = 4 THEN 'awaiting_payment' WHEN x % 2000 = 8 THEN 'issuing'
        ELSE CASE x % 20 WHEN 0 THEN 'to_ship' WHEN 1 THEN 'cancelled' WHEN 2 THEN 'to_write_off' ELSE 'closed' END END, 1, 1, 300,
      CASE x % 3 WHEN 0 THEN 990 ELSE 0 END, x, ?3 - x * 60000, ?3 - x * 60000, CASE x % 4 WHEN 0 THEN 'coupon' ELSE 'physical' END,
      CASE x % 3 WHEN 0 THEN CASE x % 20 WHEN 1 THEN 'refunded' ELSE 'paid' END ELSE 'none' END,
      CASE x % 3 WHEN 0 THEN 990 ELSE 0 END, 0 FROM n`,
  audit: `INSERT INTO audit_log (programme_id, seq, entry_id, at_ms, actor, action, subject, status, entry, hash)
    ${SERIES} SELECT '${PROGRAMME}', x + 1000, 'bench-' || x, ?3 - (500000 - x) * 1000, 'staff:s' || (x % 40),
      CASE x % 3 WHEN 0 THEN 'put /api/v1/staff/goods/{goodsId}' WHEN 1 THEN 'staff.sign_in' ELSE 'post /api/v1/staff/sales' END,
      'sale:big-' || (x % 5000), 200, json_object('entryId', 'bench-' || x, 'atMs', ?3, 'actor', 'staff:s' || (x % 40), 'actorName', '某人',
        'action', 'staff.sign_in', 'permission', '', 'subject', '', 'status', 200, 'reason', '', 'before', NULL, 'after', NULL, 'address', ''),
      '' FROM n`,
  moves: `INSERT INTO money_moves (programme_id, move_id, kind, payment_id, member_id, order_id, provider, amount_fen, state, reason,
      at_ms, version)
    ${SERIES} SELECT '${PROGRAMME}', 'bench-' || x, CASE WHEN x % 5000 = 3 THEN 'attempt' WHEN x % 20 = 1 THEN 'refund' ELSE 'payment' END, 'pay-' || x,
      printf('m%07d', x % 1000000 + 1), printf('bench-order-%09d', x), 'wechat', 990, CASE WHEN x % 5000 = 1 THEN 'failed' WHEN x % 5000 = 3 THEN 'open' WHEN x % 4000 = 21 THEN 'waiting' WHEN x % 4000 = 41 THEN 'asked' ELSE 'done' END,
      '', ?3 - x * 60000, 1 FROM n WHERE x % 3 = 0 OR x % 20 = 1`,
  cases: `INSERT INTO after_sales (programme_id, member_id, order_id, case_id, kind, state, quantity, points, cash_fen, reason, title,
      applied_at_ms, due_at_ms, version)
    ${SERIES} SELECT '${PROGRAMME}', printf('m%07d', x % 1000000 + 1), printf('bench-order-%09d', x), 'case-' || x, 'refund',
      CASE WHEN x % 100 = 10 THEN 'applied' ELSE 'done' END, 1, 300, 0, 'broken', '好礼', ?3 - x * 60000, ?3 + x, 1 FROM n WHERE x % 10 = 0`,
  ratings: `INSERT INTO ratings (programme_id, member_id, order_id, sku_id, stars, comment, state, at_ms)
    ${SERIES} SELECT '${PROGRAMME}', printf('m%07d', x % 1000000 + 1), printf('bench-order-%09d', x), 'big-' || (x % 1000 + 1), 1 + x % 5,
      '不错', CASE x % 50 WHEN 5 THEN 'waiting' ELSE 'shown' END, ?3 - x * 60000 FROM n WHERE x % 5 = 0`,
  vouchers: `INSERT INTO vouchers (programme_id, voucher_id, locator, member_id, order_id, sku_id, kind, title, uses_total, uses_left,
      store_ids, valid_from_ms, expires_at_ms, state, booked_store_id, booked_at_ms, is_order_told, created_at_ms)
    ${SERIES} SELECT '${PROGRAMME}', printf('bench-order-%09d-001', x), 'loc-' || x, printf('m%07d', x % 1000000 + 1),
      printf('bench-order-%09d', x), 'big-' || (x % 1000 + 1), 'coupon', '好礼', 1, 1, NULL, 0, ?3 + ${DAY_MS}, 'unused',
      'store-' || (x % 86), ?3 + (x % 864) * 100000, 0, ?3 - x FROM n WHERE x % 4 = 0`,
  writeOffs: `INSERT INTO write_offs (programme_id, write_off_id, voucher_id, member_id, order_id, uses, store_id, staff_id, snapshot, state,
      at_ms, reason)
    ${SERIES} SELECT '${PROGRAMME}', 'bench-' || x, printf('bench-order-%09d-001', x), printf('m%07d', x % 1000000 + 1),
      printf('bench-order-%09d', x), 1, 'store-' || (x % 86), 'staff:bench',
      json_object('storeName', '门店', 'staffName', '某人', 'title', '好礼', 'device', '', 'phoneTail', ''), 'done', ?3 - x * 60000, '' FROM n WHERE x % 4 = 1`,
  topUps: `INSERT INTO top_ups (programme_id, top_up_id, member_id, order_id, sku_id, product, quantity, state, attempts, reason,
      created_at_ms, updated_at_ms)
    ${SERIES} SELECT '${PROGRAMME}', 'bench-' || x, printf('m%07d', x % 1000000 + 1), printf('bench-order-%09d', x), 'big-1', 'p', 1,
      CASE WHEN x % 5000 = 3 THEN 'failed' ELSE 'done' END, 1, '', ?3 - x, ?3 - x FROM n WHERE x % 10 = 3`,
  adjustments: `INSERT INTO adjustments (programme_id, adjustment_id, member_id, points, state, proposed_by, proposed_at_ms, proposal, booked_at_ms)
    ${SERIES} SELECT '${PROGRAMME}', printf('bench-adjust-%09d', x), printf('m%07d', x), 5, 'approved', 'staff:s' || (x % 40), ?3 - x * 60000,
      json_object('adjustment', json_object('adjustmentId', printf('bench-adjust-%09d', x), 'memberKey', '${PROGRAMME}:' || printf('m%07d', x),
        'points', 5, 'reason', 'test', 'customerNote', 'n', 'internalNote', 'n', 'expiresAtMs', NULL, 'mayGoNegative', json('false'))), ?3
    FROM n WHERE x % 5 = 0`,
  approvals: `INSERT INTO approvals (programme_id, approval_id, kind, state, subject, figure, reason, payload, proposed_by, proposed_at_ms,
      expires_at_ms)
    ${SERIES} SELECT '${PROGRAMME}', printf('bench-approval-%09d', x), 'points.grant', CASE WHEN x % 1000 = 0 THEN 'proposed' ELSE 'done' END,
      'member:m', 5, 'r', '{}', 'staff:s1', ?3 - x * 60000, ?3 + ${DAY_MS} FROM n WHERE x % 10 = 0`,
  stored: `INSERT INTO stored_entries (programme_id, member_id, seq, type, moved_fen, amount_fen, balance_after_fen, recorded_at_ms,
      prev_hash, hash)
    ${SERIES} SELECT '${PROGRAMME}', printf('m%07d', (x - 1) / 5 + 1), (x - 1) % 5 + 1, CASE x % 5 WHEN 1 THEN 'top_up' ELSE 'capture' END,
      CASE x % 5 WHEN 1 THEN 5000 ELSE 1000 END, CASE x % 5 WHEN 1 THEN 5000 ELSE -1000 END, 1000, ?3 - x, '', '' FROM n`,
  movements: `INSERT INTO stock_movements (programme_id, request_id, sku_id, cause, units, shelf_after, note, actor, at_ms)
    ${SERIES} SELECT '${PROGRAMME}', 'bench-' || x, 'big-' || (x % 5 + 1), 'received', 1, x, '', 'staff:bench', ?3 - x FROM n`,
} as const;

/** The file of the local D1: the one that has the tables of the product. */
function fileOf(dataDir: string): string {
  const folder = join(dataDir, "state");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /(?:^|\/)d1\/.*\.sqlite$/.test(name),
  );
  const found = files.find((name) => {
    const db = new DatabaseSync(join(folder, name), { readOnly: true });
    const row = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'ledger_entries'").get();
    db.close();
    return row !== undefined;
  });
  if (found === undefined) throw new Error(`no D1 of the product below ${folder}`);
  return join(folder, found);
}

/** Rows by the figures of `size`; the digest is told that it has read them. */
export function fill(
  dataDir: string,
  size: Size,
  nowMs: number,
  onRows: (table: string, rows: number) => void,
): void {
  const day = Math.floor((nowMs + 8 * 3_600_000) / DAY_MS);
  const now = new Date(nowMs);
  const month = now.getUTCMonth() + 12 * (now.getUTCFullYear() - 1970);
  const wanted: readonly (readonly [keyof typeof FILL, number, number])[] = [
    ["members", size.members, month],
    ["entries", size.entries, 0],
    ["rules", size.entries, 0],
    ["sales", size.goods, size.orders],
    ["goodsFigures", size.goods, day],
    ["skus", size.goods, 0],
    ["goods", size.goods, 0],
    ["goodsSkus", size.goods, 0],
    ["goodsGrams", size.goods, 0],
    ["orders", size.orders, 0],
    ["audit", size.orders, 0],
    ["moves", size.orders, 0],
    ["cases", size.orders, 0],
    ["ratings", size.orders, 0],
    ["vouchers", size.orders, 0],
    ["writeOffs", size.orders, 0],
    ["topUps", size.orders, 0],
    ["adjustments", size.orders, 0],
    ["approvals", size.orders, 0],
    ["stored", size.orders, 0],
    ["movements", size.goods, 0],
  ];
  const db = new DatabaseSync(fileOf(dataDir));
  db.exec("PRAGMA synchronous = OFF");
  for (const [table, rows, fourth] of wanted) {
    const statement = db.prepare(FILL[table]);
    for (let from = 1; from <= rows; from += CHUNK) {
      const to = Math.min(rows, from + CHUNK - 1);
      const all = [from, to, nowMs, fourth];
      // As many as the statement numbers.
      const bound = FILL[table].includes("?4") ? 4 : FILL[table].includes("?3") ? 3 : 2;
      statement.run(...all.slice(0, bound));
      onRows(table, to);
    }
  }
  // The best third by purchases, as a round that has been counted and told.
  db.exec(`INSERT INTO segments (programme_id, segment_id, name, rule, version, saved_by, saved_at_ms, round, size, next_round, reached, next_size)
    VALUES ('${PROGRAMME}', 'top', 'top', '{"all":[{"kind":"frequency","min":6,"max":null}]}', 1, 'staff:bench', ${nowMs}, 1, 0, NULL, '', 0)`);
  db.exec(`INSERT INTO segment_members (programme_id, segment_id, round, member_id)
    SELECT programme_id, 'top', 1, member_id FROM members WHERE programme_id = '${PROGRAMME}' AND frequency >= 6`);
  db.exec(
    `UPDATE segments SET size = (SELECT COUNT(*) FROM segment_members l WHERE l.programme_id = segments.programme_id AND l.segment_id = segments.segment_id)`,
  );
  db.exec(`INSERT INTO stored_totals (programme_id, members, owed_fen, topped_up_fen, spent_fen)
    SELECT programme_id, SUM(seq = 1), SUM(amount_fen), SUM(moved_fen * (type = 'top_up')), SUM(moved_fen * (type = 'capture'))
    FROM stored_entries GROUP BY programme_id`);
  db.prepare(
    `INSERT INTO digest_marks (name, mark, stamp, at_ms) VALUES ('ledger', (SELECT MAX(rowid) FROM ledger_entries), '', ?)
     ON CONFLICT (name) DO UPDATE SET mark = excluded.mark`,
  ).run(nowMs);
  db.close();
}
