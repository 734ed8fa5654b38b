/**
 * Fills the D1 of a product with as many rows as a large merchant has, in SQL: series of rows that follow from their number. The
 * product is not running meanwhile: its file is written directly, which takes minutes where statements over its socket take hours.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface Size {
  readonly members: number;
  readonly entries: number;
  readonly goods: number;
  readonly orders: number;
}

const PROGRAMME = "demo";
/** Rows of one statement. */
const CHUNK = 50_000;
const SERIES = "WITH RECURSIVE n(x) AS (SELECT ?1 UNION ALL SELECT x + 1 FROM n WHERE x < ?2)";
const DAY_MS = 86_400_000;

/** A number that looks like chance and follows from x. */
const mixed = (factor: number, range: number): string => `((x * ${factor} + x / 7) % ${range})`;

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
      recorded_at_ms, prev_hash, asked_points)
    ${SERIES} SELECT '${PROGRAMME}', printf('m%07d', (x - 1) / 5 + 1), (x - 1) % 5 + 1,
      CASE x % 5 WHEN 0 THEN 'redeem' ELSE 'earn_order' END, CASE x % 5 WHEN 0 THEN -300 ELSE 100 END, NULL, 100, ?3 - x, '', ?3 - x, '', 100
    FROM n`,
  sales: `INSERT INTO sales (sale_id, programme_id, sku_id, kind, status, version, opens_at_ms, closes_at_ms, epoch, shelf, returned,
      reserve, live, moved_out, stocked, granted, terms, state)
    ${SERIES} SELECT '${PROGRAMME}.big-' || x || '~1', '${PROGRAMME}', 'big-' || x, 'standing', 'open', 1, ?3, ?3 + ${DAY_MS}, 1,
      CASE WHEN x % 50 = 0 THEN 0 ELSE ${mixed(37, 500)} END, 0, 0, 0, 0, 500, 0,
      json_object('saleId', '${PROGRAMME}.big-' || x || '~1', 'title', '好礼 ' || x, 'picture', '/goods/placeholder.svg', 'pricePoints', 100 + x % 900),
      '{}' FROM n`,
  goodsFigures: `INSERT INTO goods_figures (programme_id, sku_id, day, units_30, points_30)
    ${SERIES} SELECT '${PROGRAMME}', 'big-' || x, ?4, ${mixed(41, 60)}, 1000 FROM n WHERE x % 2 = 0`,
  skus: `INSERT INTO skus (programme_id, sku_id, title, category, created_at_ms)
    ${SERIES} SELECT '${PROGRAMME}', 'big-' || x, '好礼 ' || x, '', ?3 FROM n`,
  goods: `INSERT INTO goods (programme_id, goods_id, revision, applied_revision, stamp, state, kind, role, category_id, title, title_key,
      position, price_points, card, body, created_at_ms, updated_at_ms, updated_by, published_at_ms, due_at_ms)
    ${SERIES} SELECT g.programme_id, 'big-' || x, 1, 1, '', CASE x % 10 WHEN 0 THEN 'draft' ELSE 'published' END, g.kind, g.role,
      g.category_id, '好礼 ' || x, '好礼' || x, x, 100 + x % 900, g.card, g.body, ?3 - x, ?3 - x * 1000, 'staff:bench', ?3 - x, NULL
    FROM n CROSS JOIN (SELECT * FROM goods WHERE programme_id = '${PROGRAMME}' AND goods_id = 'pattern') g`,
  goodsSkus: `INSERT INTO goods_skus (programme_id, sku_id, goods_id, position, code, low_stock_units, is_active)
    ${SERIES} SELECT '${PROGRAMME}', 'big-' || x, 'big-' || x, 0, '', CASE WHEN x % 97 = 0 THEN 450 END, 1 FROM n`,
  goodsGrams: `INSERT INTO goods_grams (programme_id, gram, goods_id)
    ${SERIES} SELECT '${PROGRAMME}', CASE g.value WHEN 0 THEN '好礼' ELSE printf('%02d', x % 100) END, 'big-' || x FROM n
    CROSS JOIN json_each('[0,1]') g`,
  orders: `INSERT INTO orders (programme_id, member_id, order_id, version, sale_id, state, quantity, epoch, points, cash_fen, ordinal,
      granted_at_ms, updated_at_ms)
    ${SERIES} SELECT '${PROGRAMME}', printf('m%07d', x % 1000000 + 1), printf('bench-order-%09d', x), 1,
      '${PROGRAMME}.big-' || (x % 1000 + 1) || '~1', CASE x % 20 WHEN 0 THEN 'to_ship' ELSE 'closed' END, 1, 1, 300, 0, x,
      ?3 - x * 1000, ?3 - x * 1000 FROM n`,
  audit: `INSERT INTO audit_log (programme_id, seq, entry_id, at_ms, actor, action, subject, status, entry, hash)
    ${SERIES} SELECT '${PROGRAMME}', x + 1000, 'bench-' || x, ?3 - (500000 - x) * 1000, 'staff:s' || (x % 40),
      CASE x % 3 WHEN 0 THEN 'put /api/v1/staff/goods/{goodsId}' WHEN 1 THEN 'staff.sign_in' ELSE 'post /api/v1/staff/sales' END,
      'sale:big-' || (x % 5000), 200, json_object('entryId', 'bench-' || x, 'atMs', ?3, 'actor', 'staff:s' || (x % 40), 'actorName', '某人',
        'action', 'staff.sign_in', 'permission', '', 'subject', '', 'status', 200, 'reason', '', 'before', NULL, 'after', NULL, 'address', ''),
      '' FROM n`,
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
    ["sales", size.goods, 0],
    ["goodsFigures", size.goods, day],
    ["skus", size.goods, 0],
    ["goods", size.goods, 0],
    ["goodsSkus", size.goods, 0],
    ["goodsGrams", size.goods, 0],
    ["orders", size.orders, 0],
    ["audit", size.orders, 0],
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
  db.prepare(
    `INSERT INTO digest_marks (name, mark, stamp, at_ms) VALUES ('ledger', (SELECT MAX(rowid) FROM ledger_entries), '', ?)
     ON CONFLICT (name) DO UPDATE SET mark = excluded.mark`,
  ).run(nowMs);
  db.close();
}
