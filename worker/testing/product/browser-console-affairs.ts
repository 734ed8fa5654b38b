/** What dialogs of the console need that a fresh demo does not have: business that members and colleagues have left with the desk. */
import type { Shop } from "./browser-shop.ts";
import { Caller, newOrderId, until } from "./product.ts";

/** `shop` has a bank and the demo in it; `running` is a sale of it. */
export async function leaveAffairs(shop: Shop, running: string): Promise<void> {
  const approvalId = newOrderId();
  await shop.must(`/api/v1/staff/sales/${running}/early-end`, { approvalId, reason: "货损" });
  const role = { roleId: "packer", name: "打包员", permissions: ["goods.read"] };
  await shop.must("/api/v1/staff/roles", role);
  await Promise.all([inviteFlatmate(shop), bringMoneyIn(shop)]);
}

const memberOf = (shop: Shop, memberId: string): Promise<Caller> =>
  new Caller(shop.origin).login(memberId);

async function must<T>(caller: Caller, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await caller.send<T>(method, path, body);
  if (answer.status >= 300)
    throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
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
  const known = new Set(bank.ledger.trades.keys());
  await must(member, "POST", "/api/v1/me/stored-value/top-ups", {
    ...{ topUpId: newOrderId(), amountFen: 5_000, provider: "wechat", scene: "h5" },
  });
  for (const id of bank.ledger.trades.keys()) if (!known.has(id)) await bank.pay(id);
  await until(
    () => shop.staff.get<{ items: unknown[] }>("/api/v1/staff/stored-value"),
    ({ body }) => body.items.length > 0,
    30_000,
  );
}
