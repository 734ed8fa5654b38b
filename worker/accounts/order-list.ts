/** A member's orders page by page, of every record of the person: an order stays with the record that it was made under. */
import { memberKeyOf } from "../kernel/ids.ts";
import { olderRecords } from "../members/index.ts";
import type { Env } from "../platform/env.ts";
import type { Session } from "../platform/http/api.ts";
import type { OrderPlace } from "./orders.ts";
import type { OrderWithLots } from "./requests.ts";
import { accountOf, orderView } from "./views.ts";
import type { OrdersView } from "./wire.ts";

export const ORDER_CURSOR = /^(\d{1,16})\.([0-9A-Za-z_-]{16,40})$/;

function placeOf(cursor = ""): OrderPlace | undefined {
  const [, createdAtMs, orderId] = ORDER_CURSOR.exec(cursor) ?? [];
  return orderId === undefined ? undefined : { createdAtMs: Number(createdAtMs), orderId };
}

function byPlace({ order: a }: OrderWithLots, { order: b }: OrderWithLots): number {
  if (a.createdAtMs !== b.createdAtMs) return b.createdAtMs - a.createdAtMs;
  return a.orderId < b.orderId ? -1 : 1;
}

export async function ordersPage(
  env: Env,
  session: Session,
  wish: { readonly limit: number; readonly cursor?: string | undefined },
  nowMs: number,
): Promise<OrdersView> {
  const after = placeOf(wish.cursor);
  const records = [session.memberId, ...(await olderRecords(env, session, nowMs))];
  const found = await Promise.all(
    records.map((memberId) => {
      const memberKey = memberKeyOf(session.programmeId, memberId);
      return accountOf(env, memberKey).orders(memberKey, wish.limit + 1, after);
    }),
  );
  const sorted = found.flat().sort(byPlace);
  const page = sorted.slice(0, wish.limit);
  const last = sorted.length > wish.limit ? page.at(-1)?.order : undefined;
  return {
    orders: await Promise.all(page.map((one) => orderView(env, one))),
    nextCursor: last ? `${last.createdAtMs}.${last.orderId}` : null,
  };
}
