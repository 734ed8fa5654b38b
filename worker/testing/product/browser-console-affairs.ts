/** What dialogs of the console need that a fresh demo does not have: business that members and colleagues have left with the desk. */
import type { Shop } from "./browser-shop.ts";
import { Caller, newOrderId, until } from "./product.ts";

const STORE_ID = "zhenhai";

/** `shop` has a bank and the demo in it; `running` is a sale of it. */
export async function leaveAffairs(shop: Shop, running: string): Promise<void> {
  const approvalId = newOrderId();
  await shop.must(`/api/v1/staff/sales/${running}/early-end`, { approvalId, reason: "货损" });
  const role = { roleId: "packer", name: "打包员", permissions: ["goods.read"] };
  await shop.must("/api/v1/staff/roles", role);
  await Promise.all([
    openCase(shop),
    useVoucher(shop),
    inviteFlatmate(shop),
    bringMoneyIn(shop),
    findDifference(shop),
  ]);
}

const memberOf = (shop: Shop, memberId: string): Promise<Caller> =>
  new Caller(shop.origin).login(memberId);

async function must<T>(caller: Caller, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await caller.send<T>(method, path, body);
  if (answer.status >= 300)
    throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function openCase(shop: Shop): Promise<void> {
  const member = await memberOf(shop, "tea-002");
  await must(member, "POST", "/api/v1/orders/seed-order-milk-tea-2/after-sales", {
    ...{ caseId: newOrderId(), kind: "refund", quantity: 1, reason: "来不了", note: "改天再来" },
    evidence: [],
  });
}

async function useVoucher(shop: Shop): Promise<void> {
  const member = await memberOf(shop, "tea-003");
  const path = "/api/v1/me/vouchers/seed-order-drink-coupon-3-001/codes";
  const { body } = await until(
    () => member.get<{ codes?: { code: string }[] }>(path),
    ({ status }) => status === 200,
  );
  const code = body.codes?.[0]?.code;
  const what = { writeOffId: newOrderId(), code, storeId: STORE_ID, uses: 1 };
  await shop.must("/api/v1/staff/write-offs", what);
}

/** Whoever lives at the inviter's door is left to a person. */
async function inviteFlatmate(shop: Shop): Promise<void> {
  const host = await memberOf(shop, "tea-001");
  const { code } = await must<{ code: string }>(host, "GET", "/api/v1/me/invites");
  const flatmate = await memberOf(shop, "flatmate");
  await must(flatmate, "PUT", `/api/v1/me/addresses/${newOrderId()}`, {
    ...{ name: "周禾", phone: "13812345678", regionCode: "350203", isDefault: false },
    detail: "镇海路 26 号 301 室",
  });
  const requestId = newOrderId();
  await must(flatmate, "POST", "/api/v1/me/invites/accept", { requestId, code });
  const lines = [{ productId: "tea", categoryIds: ["tea"], amountFen: 5_000 }];
  await shop.must("/api/v1/staff/earning/events", {
    ...{ eventId: newOrderId(), memberId: "flatmate", atMs: Date.now() },
    ...{ kind: "order", lines, channel: "shop" },
  });
  await until(
    () => shop.staff.get<{ items: unknown[] }>("/api/v1/staff/earning/invites"),
    ({ body }) => body.items.length > 0,
    30_000,
  );
}

async function bringMoneyIn(shop: Shop): Promise<void> {
  const { bank } = shop.product.server;
  if (!bank) throw new Error("this shop has no bank");
  const member = await memberOf(shop, "tea-001");
  await must(member, "POST", "/api/v1/me/stored-value/top-ups", {
    ...{ topUpId: newOrderId(), amountFen: 5_000, provider: "wechat", scene: "h5" },
  });
  for (const id of bank.ledger.trades.keys()) await bank.pay(id);
  await until(
    () => shop.staff.get<{ items: unknown[] }>("/api/v1/staff/stored-value"),
    ({ body }) => body.items.length > 0,
    30_000,
  );
}

/** A refund that the provider's bill has and the mall does not. */
async function findDifference(shop: Shop): Promise<void> {
  const db = await shop.product.server.miniflare.getD1Database("DB", "qiangdui");
  const difference = {
    ...{ name: "refund_unknown_here", kind: "refund", moveId: "r-by-hand", paymentId: "p1" },
    ...{ billFen: 990, ownFen: null, memberId: null, orderId: null },
  };
  await db
    .prepare(
      `INSERT INTO reconciliations (programme_id, provider, day, checked, differences, word, at_ms)
       VALUES ('demo', 'wechat', '2026-11-20', 9, ?1, '', 1)`,
    )
    .bind(JSON.stringify([difference]))
    .run();
}
