/** Which orders are a store's: its own units, vouchers that members mean to use there, and those that were used there. */
import { AT_STORE } from "../kernel/ids.ts";

/** Where the orders of some stores are found, each by an index; `?1` is the programme, `stores` the place of a JSON list of their ids. */
const waysTo = (stores: string): readonly string[] => [
  `SELECT v.member_id, v.order_id FROM json_each(${stores}) st CROSS JOIN vouchers v INDEXED BY vouchers_by_booking
      ON v.programme_id = ?1 AND v.booked_store_id = st.value`,
  `SELECT w.member_id, w.order_id FROM json_each(${stores}) st CROSS JOIN write_offs w INDEXED BY write_offs_by_store
      ON w.programme_id = ?1 AND w.store_id = st.value`,
  `SELECT x.member_id, x.order_id FROM json_each(${stores}) st
      CROSS JOIN store_goods g INDEXED BY store_goods_by_store ON g.programme_id = ?1 AND g.store_id = st.value
      CROSS JOIN goods_skus k ON k.programme_id = ?1 AND k.goods_id = g.goods_id
      CROSS JOIN sales s ON s.programme_id = ?1 AND s.sku_id = k.sku_id || '${AT_STORE}' || st.value
      CROSS JOIN orders x ON x.sale_id = s.sale_id`,
];

/** Members and orders of some stores, each once. */
export const ordersOfStores = (stores: string): string => waysTo(stores).join(" UNION ");

const isVoucherOfStores = (
  stores: string,
): string => `(v.booked_store_id IN (SELECT value FROM json_each(${stores}))
  OR EXISTS (SELECT 1 FROM write_offs w WHERE w.programme_id = v.programme_id AND w.voucher_id = v.voucher_id
    AND w.store_id IN (SELECT value FROM json_each(${stores}))))`;
const isSaleOfStores = (stores: string): string =>
  `EXISTS (SELECT 1 FROM json_each(${stores}) st WHERE instr(o.sale_id, '${AT_STORE}' || st.value || '~') > 0)`;

/** Whether the order `o` is one of some stores', looked up by itself. */
export const isOfStores = (stores: string): string =>
  `(${isSaleOfStores(stores)} OR EXISTS (SELECT 1 FROM vouchers v INDEXED BY vouchers_by_order
     WHERE v.programme_id = ?1 AND v.member_id = o.member_id AND v.order_id = o.order_id AND ${isVoucherOfStores(stores)}))`;

/** Looking so many up and sorting them is cheaper than walking past everybody else's. */
const FEW = 5_000;

/** What was booked at a store and used there counts twice: the answer errs towards the walk. */
export const FEW_OF_STORES = `SELECT COUNT(*) AS found FROM (${waysTo("?2").join(" UNION ALL ")} LIMIT ${FEW + 1})`;

/** A small store is read from its orders on; those of a large one are met soon on a walk through all. */
export async function hasFewOrdersInStores(
  db: D1Database,
  programmeId: string,
  storeIds: readonly string[],
): Promise<boolean> {
  const found = await db
    .prepare(FEW_OF_STORES)
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
  const row = await db
    .prepare(
      `SELECT 1 FROM vouchers v
         WHERE v.programme_id = ?1 AND v.member_id = ?2 AND v.order_id = ?3 AND ${isVoucherOfStores("?4")}
       UNION ALL SELECT 1 FROM orders o
         WHERE o.programme_id = ?1 AND o.member_id = ?2 AND o.order_id = ?3 AND ${isSaleOfStores("?4")}
       LIMIT 1`,
    )
    .bind(programmeId, memberId, orderId, JSON.stringify(storeIds))
    .first();
  return row !== null;
}
