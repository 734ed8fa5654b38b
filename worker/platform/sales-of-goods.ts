/** Which sales are of some goods, by what those name now: their brand, their supplier. Conditions for lists that staff narrow. */
import { AT_STORE } from "../kernel/ids.ts";

/** The end of a range of texts that begin with `AT_STORE`. */
const AFTER_AT_STORE = `${AT_STORE.slice(0, -1)}.`;

/** Goods `bg` by what they name; `value` is the place of it. Each has an index. */
export const GOODS_WITH = {
  brand: (value: string) => `bg.brand_id = ${value}`,
  supplier: (value: string) => `bg.supplier_name = ${value} AND bg.supplier_name <> ''`,
  /** Sent by a supplier, whichever it is: `value` is 1. */
  dropShipping: (value: string) => `bg.is_drop_shipped = ${value} AND bg.is_drop_shipped = 1`,
} as const;

/** Whether the goods of one SKU, or of a store's own units of it, are among some goods; `?1` is the programme. */
export function isSkuOfGoods(skuId: string, goods: string): string {
  return `EXISTS (SELECT 1 FROM goods_skus bk CROSS JOIN goods bg ON bg.programme_id = bk.programme_id AND bg.goods_id = bk.goods_id
    WHERE bk.programme_id = ?1 AND bk.sku_id = substr(${skuId}, 1, instr(${skuId} || '${AT_STORE}', '${AT_STORE}') - 1)
      AND ${goods})`;
}

/** The ids of all sales of some goods, from the goods on; `?1` is the programme. */
export function salesOfGoods(goods: string): string {
  const from = (ofSku: string): string =>
    `SELECT bs.sale_id FROM goods bg CROSS JOIN goods_skus bk ON bk.programme_id = bg.programme_id AND bk.goods_id = bg.goods_id
       CROSS JOIN sales bs ON bs.programme_id = bg.programme_id AND ${ofSku}
     WHERE bg.programme_id = ?1 AND ${goods}`;
  const own = `bs.sku_id > bk.sku_id || '${AT_STORE}' AND bs.sku_id < bk.sku_id || '${AFTER_AT_STORE}'`;
  return `${from("bs.sku_id = bk.sku_id")} UNION ALL ${from(own)}`;
}

/** Sorting so many rows is cheaper than walking past everybody else's. */
const FEW_ORDERS = 5_000;
/** So many are added up while a list is waited for; half of all goods may name one supplier. */
const FEW_SALES = 5_000;

/** Goods that sold little are read from their sales on; those that sold much are met soon on a walk through all orders. */
export async function hasFewOrders(
  db: D1Database,
  programmeId: string,
  goods: (value: string) => string,
  value: string | number,
): Promise<boolean> {
  const sold = await db
    .prepare(
      `SELECT COUNT(*) AS sales, COALESCE(SUM(bs.granted), 0) AS granted
         FROM (${salesOfGoods(goods("?2"))} LIMIT ${FEW_SALES + 1}) AS found JOIN sales bs ON bs.sale_id = found.sale_id`,
    )
    .bind(programmeId, value)
    .first<{ sales: number; granted: number }>();
  return sold !== null && sold.sales <= FEW_SALES && sold.granted <= FEW_ORDERS;
}

/** What a line of a member's account tells of where it comes from. */
export interface Origin {
  readonly orderId: string | null;
  readonly saleId: string | null;
  readonly storeId: string | null;
}

/** Which of some lines are a brand's: what its goods cost or gave back, else what happened in its stores. By their places. */
export async function linesOfBrand(
  db: D1Database,
  of: { readonly programmeId: string; readonly memberId: string; readonly brandId: string },
  origins: readonly Origin[],
): Promise<Set<number>> {
  if (origins.length === 0) return new Set();
  const goodsSku = `substr(bs.sku_id, 1, instr(bs.sku_id || '${AT_STORE}', '${AT_STORE}') - 1)`;
  const { results } = await db
    .prepare(
      `SELECT asked.key AS at FROM json_each(?4) AS asked
         LEFT JOIN orders o ON o.programme_id = ?1 AND o.member_id = ?2 AND o.order_id = asked.value ->> '$.orderId'
         LEFT JOIN sales bs ON bs.programme_id = ?1 AND bs.sale_id = COALESCE(asked.value ->> '$.saleId', o.sale_id)
         LEFT JOIN goods_skus bk ON bk.programme_id = ?1 AND bk.sku_id = ${goodsSku}
         LEFT JOIN goods bg ON bg.programme_id = ?1 AND bg.goods_id = bk.goods_id
         LEFT JOIN stores st ON st.programme_id = ?1 AND st.store_id = asked.value ->> '$.storeId'
       WHERE COALESCE(bg.brand_id, st.brand_id) = ?3`,
    )
    .bind(of.programmeId, of.memberId, of.brandId, JSON.stringify(origins))
    .all<{ at: number }>();
  return new Set(results.map(({ at }) => at));
}
