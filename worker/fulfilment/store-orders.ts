/** Which orders are a store's: its own units, vouchers that members mean to use there, and those that were used there. */
import { AT_STORE } from "../kernel/ids.ts";

/** Members and orders of some stores; `?1` is the programme, `stores` the place of a JSON list of their ids. */
export function ordersOfStores(stores: string): string {
  return `SELECT v.member_id, v.order_id FROM json_each(${stores}) st CROSS JOIN vouchers v INDEXED BY vouchers_by_booking
      ON v.programme_id = ?1 AND v.booked_store_id = st.value
    UNION SELECT w.member_id, w.order_id FROM json_each(${stores}) st CROSS JOIN write_offs w INDEXED BY write_offs_by_store
      ON w.programme_id = ?1 AND w.store_id = st.value
    UNION SELECT x.member_id, x.order_id FROM json_each(${stores}) st
      CROSS JOIN store_goods g INDEXED BY store_goods_by_store ON g.programme_id = ?1 AND g.store_id = st.value
      CROSS JOIN goods_skus k ON k.programme_id = ?1 AND k.goods_id = g.goods_id
      CROSS JOIN sales s ON s.programme_id = ?1 AND s.sku_id = k.sku_id || '${AT_STORE}' || st.value
      CROSS JOIN orders x ON x.sale_id = s.sale_id`;
}

/** Looking so many up and sorting them is cheaper than walking past everybody else's. */
const FEW = 5_000;

/** A small store is read from its orders on; those of a large one are met soon on a walk through all. */
export async function hasFewOrdersInStores(
  db: D1Database,
  programmeId: string,
  storeIds: readonly string[],
): Promise<boolean> {
  const found = await db
    .prepare(`SELECT COUNT(*) AS found FROM (${ordersOfStores("?2")} LIMIT ${FEW + 1})`)
    .bind(programmeId, JSON.stringify(storeIds))
    .first<number>("found");
  return (found ?? 0) <= FEW;
}

/** Whether an order is one of these stores'. */
export async function isOrderOfStores(
  db: D1Database,
  programmeId: string,
  { memberId, orderId }: { readonly memberId: string; readonly orderId: string },
  storeIds: readonly string[],
): Promise<boolean> {
  const stores = JSON.stringify(storeIds);
  const row = await db
    .prepare(
      `SELECT 1 FROM vouchers WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3
         AND booked_store_id IN (SELECT value FROM json_each(?4))
       UNION ALL SELECT 1 FROM vouchers v CROSS JOIN write_offs w ON w.programme_id = v.programme_id AND w.voucher_id = v.voucher_id
         WHERE v.programme_id = ?1 AND v.member_id = ?2 AND v.order_id = ?3 AND w.store_id IN (SELECT value FROM json_each(?4))
       UNION ALL SELECT 1 FROM orders o CROSS JOIN json_each(?4) st
         WHERE o.programme_id = ?1 AND o.member_id = ?2 AND o.order_id = ?3 AND instr(o.sale_id, '${AT_STORE}' || st.value || '~') > 0
       LIMIT 1`,
    )
    .bind(programmeId, memberId, orderId, stores)
    .first();
  return row !== null;
}
