/** Who supplies the goods of an order, and who sends them: as the goods say it now. */
import { AT_STORE } from "../kernel/ids.ts";
import { refKey, type OrderRef } from "./address-book.ts";

export interface Supply {
  readonly supplier: string;
  /** The supplier's own number of the goods; empty: not known. */
  readonly supplierCode: string;
  /** The merchant's own number of the variant; empty: none. */
  readonly skuCode: string;
  /** The supplier sends the parcel, not the shop. */
  readonly isDropShipped: boolean;
}

const OF_SKUS = `SELECT asked.value AS sku_id, k.code, g.supplier_name, g.body ->> '$.supplier.code' AS supplier_code, g.is_drop_shipped
  FROM json_each(?2) AS asked
    CROSS JOIN goods_skus k ON k.programme_id = ?1
      AND k.sku_id = substr(asked.value, 1, instr(asked.value || '${AT_STORE}', '${AT_STORE}') - 1)
    CROSS JOIN goods g ON g.programme_id = ?1 AND g.goods_id = k.goods_id
  WHERE g.supplier_name <> ''`;

/** By SKU, a store's own units of it included; goods that name no supplier are left out. */
export async function suppliesOf(
  db: D1Database,
  programmeId: string,
  skuIds: readonly string[],
): Promise<Map<string, Supply>> {
  if (skuIds.length === 0) return new Map();
  const { results } = await db
    .prepare(OF_SKUS)
    .bind(programmeId, JSON.stringify([...new Set(skuIds)]))
    .all<Readonly<Record<string, string | number | null>>>();
  return new Map(
    results.map((row) => [
      String(row["sku_id"]),
      {
        supplier: String(row["supplier_name"]),
        supplierCode: String(row["supplier_code"] ?? ""),
        skuCode: String(row["code"]),
        isDropShipped: row["is_drop_shipped"] === 1,
      },
    ]),
  );
}

/** As `unitsToSend` of an Account's order, for many at a time: a refund leaves its units in the shop. */
const GIVEN_UP = `SELECT a.member_id AS memberId, a.order_id AS orderId, SUM(a.quantity) AS units
  FROM json_each(?2) AS o CROSS JOIN after_sales a
    ON a.programme_id = ?1 AND a.member_id = o.value ->> 0 AND a.order_id = o.value ->> 1
  WHERE a.kind = 'refund' AND a.state IN ('refunding', 'done') GROUP BY 1, 2`;

/** Units of these orders, by `refKey`, that nobody is sent any more; orders without such are left out. */
export async function unitsGivenUp(
  db: D1Database,
  programmeId: string,
  orders: readonly OrderRef[],
): Promise<Map<string, number>> {
  const asked = JSON.stringify(orders.map(({ memberId, orderId }) => [memberId, orderId]));
  const { results } = await db
    .prepare(GIVEN_UP)
    .bind(programmeId, asked)
    .all<OrderRef & { units: number }>();
  return new Map(results.map((row) => [refKey(row), row.units]));
}

export interface SupplierRow {
  readonly supplier: string;
  /** Orders that wait for the supplier to send them, and those that the shop sends itself. */
  readonly supplierSends: number;
  readonly shopSends: number;
}

/** Orders to be sent that are counted, the oldest of them. */
const COUNTED_MAX = 10_000;

/** From one name to the next, on from `?2`: not every one of their goods is read. */
const NAMES = `WITH RECURSIVE found(name) AS (
    SELECT MIN(supplier_name) FROM goods WHERE programme_id = ?1 AND supplier_name <> '' AND supplier_name > ?2
    UNION ALL SELECT (SELECT MIN(g.supplier_name) FROM goods g WHERE g.programme_id = ?1 AND g.supplier_name <> '' AND g.supplier_name > found.name)
      FROM found WHERE found.name IS NOT NULL LIMIT ?3)
  SELECT name FROM found WHERE name IS NOT NULL`;

const WAITING = `SELECT g.supplier_name AS name, g.is_drop_shipped AS is_drop_shipped, SUM(found.orders) AS orders
  FROM (SELECT sale_id, COUNT(*) AS orders FROM (SELECT sale_id FROM orders WHERE programme_id = ?1 AND state = 'to_ship'
      ORDER BY granted_at_ms LIMIT ${COUNTED_MAX}) GROUP BY sale_id) AS found
    CROSS JOIN sales s ON s.sale_id = found.sale_id
    CROSS JOIN goods_skus k ON k.programme_id = ?1 AND k.sku_id = substr(s.sku_id, 1, instr(s.sku_id || '${AT_STORE}', '${AT_STORE}') - 1)
    CROSS JOIN goods g ON g.programme_id = ?1 AND g.goods_id = k.goods_id
  WHERE g.supplier_name <> '' GROUP BY 1, 2`;

export interface SupplierPage {
  readonly items: readonly SupplierRow[];
  /** The name to go on after; null: these were the last. */
  readonly nextCursor: string | null;
}

/** Suppliers that goods name, in the order of their names, with what waits to be sent of theirs. `after`: a name, or empty. */
export async function listSuppliers(
  db: D1Database,
  programmeId: string,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<SupplierPage> {
  const [names, waiting] = await db.batch<{
    name: string;
    is_drop_shipped: number;
    orders: number;
  }>([
    db.prepare(NAMES).bind(programmeId, after, limit + 1),
    db.prepare(WAITING).bind(programmeId),
  ]);
  const ordersOf = (name: string, isDropShipped: number): number =>
    waiting?.results.find((row) => row.name === name && row.is_drop_shipped === isDropShipped)
      ?.orders ?? 0;
  const found = names?.results ?? [];
  const items = found.slice(0, limit).map(({ name }) => ({
    supplier: name,
    supplierSends: ordersOf(name, 1),
    shopSends: ordersOf(name, 0),
  }));
  return { items, nextCursor: found.length > limit ? (items.at(-1)?.supplier ?? null) : null };
}
