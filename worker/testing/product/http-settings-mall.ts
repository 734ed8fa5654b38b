/** A mall with a member in it, whose staff change its settings: what they write, and what the member reads. */
import { expect } from "vitest";
import { HttpShop, type Json } from "./http-shop.ts";
import { newOrderId, until, type Caller } from "./product.ts";

export const STAFF = "/api/v1/staff";

export let shop: HttpShop;
export let member: Caller & { readonly id: string };

export async function openMall(): Promise<void> {
  shop = await HttpShop.open({ MEMBER_RATE: "100000/100000" });
  member = await shop.member(10_000);
}

export async function ok(method: "POST" | "PUT", path: string, body?: unknown): Promise<Json> {
  const reply = await shop.send(shop.staff, method, STAFF + path, body);
  expect(reply.status, `${method} ${path} ${reply.text}`).toBeLessThan(300);
  return reply.body;
}

export const get = async <T = Json>(path: string, who: Caller = member): Promise<T> =>
  (await shop.send<T>(who, "GET", path)).body;

/** The goods as saved, with this changed. */
export async function edit(goodsId: string, change: Json): Promise<void> {
  const { revision, goods } = await get<{ revision: number; goods: Json }>(
    `${STAFF}/goods/${goodsId}`,
    shop.staff,
  );
  await ok("PUT", `/goods/${goodsId}`, { revision, goods: { ...goods, ...change } });
}

export async function turn(goodsId: string, verb: "publish" | "withdraw"): Promise<void> {
  const { revision } = await get<{ revision: number }>(`${STAFF}/goods/${goodsId}`, shop.staff);
  await ok("POST", `/goods/${goodsId}/${verb}`, { revision });
}

export async function makeGoods(goodsId: string, units: number): Promise<void> {
  const goods = { title: goodsId, skus: [{ pricePoints: 300 }] };
  await ok("POST", "/goods", { goodsId, goods });
  await turn(goodsId, "publish");
  const stock = { requestId: newOrderId(), cause: "received", units, note: "" };
  await ok("POST", `/skus/${goodsId}/stock`, stock);
}

/** Lets a moment of the goods come, and the clock that strikes every minute. */
export async function atItsHour(
  goodsId: string,
  field: "publishAtMs" | "withdrawAtMs",
): Promise<void> {
  const atMs = Date.now() + 300;
  await edit(goodsId, { publishAtMs: null, [field]: atMs });
  await until(async () => Date.now() > atMs, Boolean);
  const worker = await shop.product.server.miniflare.getWorker("qiangdui");
  await worker.scheduled({ cron: "* * * * *" });
}

export interface Detail extends Json {
  readonly pricePoints: number;
  readonly skus: readonly { readonly saleId: string; readonly epoch: number }[];
}

export const detail = (goodsId: string): Promise<Detail> => get(`/api/v1/goods/${goodsId}`);

/** One field of the goods, on its own page and in the list of all. */
export async function shownOf(goodsId: string, field: string): Promise<unknown[]> {
  const { goods } = await get<{ goods: Json[] }>("/api/v1/goods?limit=50");
  const card = goods.find((one) => one["goodsId"] === goodsId);
  return [(await detail(goodsId))[field], card?.[field]];
}

/** Whether the goods are there: on their own page, and in the list. */
export async function isThere(goodsId: string): Promise<boolean[]> {
  const { status } = await shop.send(member, "GET", `/api/v1/goods/${goodsId}`);
  const { goods } = await get<{ goods: Json[] }>("/api/v1/goods?limit=50");
  return [status === 200, goods.some((one) => one["goodsId"] === goodsId)];
}

/** What somebody new is told who wants so many. */
export async function tried(goodsId: string, quantity: number): Promise<unknown> {
  const [sku] = (await detail(goodsId)).skus;
  const somebody = await shop.member(10_000);
  const what = { quantity, epoch: sku?.epoch ?? 0 };
  const { body } = await shop.redeem(somebody, sku?.saleId ?? "", what);
  return body["outcome"] ?? body["code"];
}

export async function limited(field: string): Promise<unknown[]> {
  const limits = (await detail("limited"))["limits"] as Json;
  return [limits[field], await tried("limited", 5)];
}

const NO_LIMITS = { perOrder: 10, perDay: null, lifetime: null, window: null };
export const limitTo = (limits: Json) => (): Promise<void> =>
  edit("limited", { limits: { ...NO_LIMITS, ...limits } });

export async function publishPage(pageId: "home" | "look", change: Json): Promise<void> {
  const { revision, shown } = await get<{ revision: number; shown: Json }>(
    `${STAFF}/pages/${pageId}`,
    shop.staff,
  );
  const body = { ...shown, ...change };
  const saved = await ok("PUT", `/pages/${pageId}/draft`, { revision, body });
  await ok("POST", `/pages/${pageId}/publish`, { revision: saved["revision"], atMs: null });
}

export async function page(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(shop.origin + path, {
    headers: { authorization: `Bearer ${member.token}`, "accept-language": "zh-CN", ...headers },
  });
}

export const html = async (path: string, headers?: Record<string, string>): Promise<string> =>
  (await page(path, headers)).text();

export async function setChannels(change: Json): Promise<void> {
  const { revision, channels } = await get<{ revision: number; channels: Json }>(
    `${STAFF}/channels`,
    shop.staff,
  );
  await ok("PUT", "/channels", { revision, channels: { ...channels, ...change } });
}
