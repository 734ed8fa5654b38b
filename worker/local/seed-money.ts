/** Payments at the pretended bank that go well, late, short and unheard of, and a bill that has one of them alone. */
import { ZONE_OFFSET_MS } from "../kernel/clock.ts";
import type { Desk, Ordered } from "./seed-desk.ts";

/** For what the order does by itself, on a machine that does much else. */
const PATIENCE_MS = 20_000;
const GLANCE_MS = 50;

/** Does nothing where nobody carries money. */
export async function seedMoney(desk: Desk): Promise<void> {
  const paid = await desk.ordersToTheDoor({ at: 16, goodsId: "mountain-umbrella" });
  if (!(await canBePaid(paid))) return;
  await pays(desk, paid, "pay");
  await Promise.all([late(desk), short(desk)]);
  await pays(desk, await desk.ordersToTheDoor({ at: 12, goodsId: "gaiwan" }), "lost");
  await compareBill(desk);
}

async function canBePaid({ member, orderId }: Ordered): Promise<boolean> {
  const { ways } = await member.get<{ ways: unknown[] }>(`/api/v1/orders/${orderId}/payments`);
  return ways.length > 0;
}

async function pays(desk: Desk, order: Ordered, how: "pay" | "lost" | "short"): Promise<void> {
  const { member, orderId } = order;
  const way = { provider: "wechat", scene: "h5" };
  const { handOver } = await member.post<{ handOver: { url: string } }>(
    `/api/v1/orders/${orderId}/payments`,
    way,
  );
  await member.atCashier(handOver.url, how);
}

/** The bank's call is lost, the member gives up, and then the money turns out to have come: it goes back by itself. */
async function late(desk: Desk): Promise<void> {
  const order = await desk.orders({ at: 13, goodsId: "gaiwan" });
  await pays(desk, order, "lost");
  await order.member.post(`/api/v1/orders/${order.orderId}/cancel`);
}

/** Pays nothing, and waits for somebody to send it back. */
async function short(desk: Desk): Promise<void> {
  await pays(desk, await desk.orders({ at: 14, goodsId: "gaiwan" }), "short");
}

interface Move {
  readonly kind: "payment" | "refund";
  readonly state: string;
}

/**
 * Once all that the mall knows of has reached the lists, and maybe more of somebody who is quicker than the seed, so that the one payment
 * it does not know of is all that differs.
 */
async function compareBill({ staff }: Desk): Promise<void> {
  const isKnown = ({ items }: { items: readonly Move[] }): boolean =>
    items.filter(({ kind }) => kind === "payment").length >= 3 &&
    items.some(({ kind, state }) => kind === "refund" && state === "done");
  const untilMs = Date.now() + PATIENCE_MS;
  while (!isKnown(await staff.get("/api/v1/staff/finance/moves"))) {
    if (Date.now() > untilMs) throw new Error("the money of the demo is not in the lists");
    await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
  }
  const day = new Date(Date.now() + ZONE_OFFSET_MS).toISOString().slice(0, 10);
  await staff.post("/api/v1/staff/finance/bills", { provider: "wechat", day });
}
