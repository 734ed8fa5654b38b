/** What staff set is what members see within five seconds, without a deploy: a row for each setting, an open sale included. */
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ruleOf } from "../points/earning.ts";
import { checkInBody, inviteBody, publishWith, taskBody, tiersBody } from "../points/programme.ts";
import { tierOf } from "../points/life-terms.ts";
import type { Json } from "./http-shop.ts";
import {
  type Detail,
  STAFF,
  atItsHour,
  detail,
  edit,
  get,
  html,
  isThere,
  limitTo,
  limited,
  makeGoods,
  member,
  ok,
  openMall,
  page,
  publishPage,
  setChannels,
  shop,
  shownOf,
  tried,
  turn,
} from "./http-settings-mall.ts";
import { DoorSocket } from "./http-socket.ts";
import { newOrderId, until } from "./product.ts";

/** What the console promises. */
const PROMISE_MS = 5_000;

let saleId: string;
let door: DoorSocket;

/** A setting: staff write it, and then a member sees this, and did not before. */
interface Row {
  readonly set: () => Promise<unknown>;
  readonly see: () => Promise<unknown>;
  readonly shown: unknown;
}

const audience = (segment: string): Json => ({
  ...{ tierIds: null, segments: [segment], storeIds: null },
});
const CUP = { path: "/goods/cup.jpg", width: 800, height: 800, alt: "" };
const silver = (redeemPercent: number): Json => {
  const tier = { ...tierOf("silver", 0, 100, 0), title: "银叶会员" };
  return { ...tier, benefits: { ...tier.benefits, redeemPercent } };
};
const lastStock = async (): Promise<Json> => (door.all("stock").at(-1) ?? {}) as unknown as Json;
const closesAtMs = Date.now() + 7_200_000;

const GOODS: Readonly<Record<string, Row>> = {
  "the price of goods": {
    set: () => edit("tea", { skus: [{ skuId: "tea", pricePoints: 240 }] }),
    see: async () => {
      const live = await get<Detail>("/api/v1/goods/tea/live");
      return [
        ...(await shownOf("tea", "pricePoints")),
        (live.skus[0] as unknown as Json)["pricePoints"],
      ];
    },
    shown: [240, 240, 240],
  },
  "the title": {
    set: () => edit("tea", { title: "明前龙井" }),
    see: () => shownOf("tea", "title"),
    shown: ["明前龙井", "明前龙井"],
  },
  "the picture": {
    set: () => edit("tea", { pictures: [CUP] }),
    see: async () => (await shownOf("tea", "picture")).map((one) => (one as Json | null)?.["path"]),
    shown: [CUP.path, CUP.path],
  },
  "the title on a page": {
    set: () => edit("tea", { title: "雨前龙井" }),
    see: async () => (await html("/g/tea")).includes("雨前龙井"),
    shown: true,
  },
  "what many goods get at once": {
    set: () => ok("POST", "/goods-bulk", { goodsIds: ["tea"], act: "price_percent", value: "50" }),
    see: () => shownOf("tea", "pricePoints"),
    shown: [120, 120],
  },
  "a tag that many goods get": {
    set: () => ok("POST", "/goods-bulk", { goodsIds: ["tea"], act: "add_tag", value: "新茶" }),
    see: () => shownOf("tea", "tags"),
    shown: [["新茶"], ["新茶"]],
  },
  "goods taken off": {
    set: () => turn("shown", "withdraw"),
    see: () => isThere("shown"),
    shown: [false, false],
  },
  "goods put back": {
    set: () => turn("shown", "publish"),
    see: () => isThere("shown"),
    shown: [true, true],
  },
  "who sees goods": {
    set: () => edit("shown", { seenBy: audience("insiders") }),
    see: () => isThere("shown"),
    shown: [false, false],
  },
  "that this member is one of them": {
    set: () => ok("PUT", `/members/${member.id}/earning`, { segments: ["insiders"] }),
    see: () => isThere("shown"),
    shown: [true, true],
  },
  "who redeems goods": {
    set: () => edit("limited", { redeemedBy: audience("elders") }),
    see: async () => {
      const { mine } = (await detail("limited")) as unknown as { mine: Json };
      return [mine["unmet"], await tried("limited", 1)];
    },
    shown: ["segment", "not_eligible"],
  },
  "that everybody redeems them again": {
    set: () => edit("limited", { redeemedBy: null }),
    see: () => tried("limited", 1),
    shown: "granted",
  },
  "the limit of an order": {
    set: limitTo({ perOrder: 2 }),
    see: () => limited("perOrder"),
    shown: [2, "invalid"],
  },
  "the limit of a day": {
    set: limitTo({ perDay: 3 }),
    see: () => limited("perDay"),
    shown: [3, "limit_reached"],
  },
  "the limit of some days": {
    set: limitTo({ window: { days: 7, units: 4 } }),
    see: () => limited("window"),
    shown: [{ days: 7, units: 4 }, "limit_reached"],
  },
  "the limit of all time": {
    set: limitTo({ lifetime: 4 }),
    see: () => limited("lifetime"),
    shown: [4, "limit_reached"],
  },
  stock: {
    set: () =>
      ok("POST", "/skus/tea/stock", {
        ...{ requestId: newOrderId(), cause: "counted_down", units: -60, note: "" },
      }),
    see: async () => {
      const live = await get<Detail>("/api/v1/goods/tea/live");
      return (live.skus[0] as unknown as Json)["remaining"];
    },
    shown: 40,
  },
  "the hour that goods are put off to": {
    set: async () => {
      await edit("timed", { publishAtMs: Date.now() + 3_600_000 });
      await turn("timed", "withdraw");
      await turn("timed", "publish");
    },
    see: () => isThere("timed"),
    shown: [false, false],
  },
  "the hour of goods that has come": {
    set: () => atItsHour("timed", "publishAtMs"),
    see: () => isThere("timed"),
    shown: [true, true],
  },
  "the hour at which goods end": {
    set: () => atItsHour("timed", "withdrawAtMs"),
    see: () => isThere("timed"),
    shown: [false, false],
  },
  categories: {
    set: () =>
      ok("PUT", "/categories", {
        revision: 0,
        categories: [{ categoryId: "green", parentId: null, name: "绿茶" }],
      }),
    see: () => get("/api/v1/categories"),
    shown: { categories: [{ categoryId: "green", parentId: null, name: "绿茶" }] },
  },
};

const MALL: Readonly<Record<string, Row>> = {
  "the theme": {
    set: () => publishPage("look", { theme: "market", name: "山前茶铺" }),
    see: async () => {
      const text = await html("/");
      return [text.includes('data-theme="market"'), text.includes("山前茶铺")];
    },
    shown: [true, true],
  },
  "the home page with a notice": {
    set: () => {
      const notice = { type: "notice", id: "n1", text: "今天打烊前双倍积分", link: null };
      return publishPage("home", { blocks: [notice] });
    },
    see: async () => (await html("/")).includes("今天打烊前双倍积分"),
    shown: true,
  },
  "goods on the home page with the reason why": {
    set: async () => {
      await ok("POST", `/members/${member.id}/grants`, {
        ...{ points: 400, reason: "会员日", idempotencyKey: "lapses-soon" },
        expiresAtMs: Date.now() + 10 * 86_400_000,
      });
      const suggested = { type: "suggested", id: "s1", reasons: ["expiring"], max: 1 };
      await publishPage("home", { blocks: [suggested] });
    },
    see: async () => {
      const own = await html("/");
      const row = /<section class="sg">[\s\S]*?<\/section>/.exec(own)?.[0] ?? "";
      const guests = await html("/", { authorization: "" });
      return [
        row.includes("因为你有 400 积分"),
        row.split("<li").length - 1,
        guests.includes("因为"),
      ];
    },
    shown: [true, 1, false],
  },
  "where the mall may be embedded": {
    set: () => setChannels({ embedOrigins: ["https://shop.example"] }),
    see: async () =>
      (await page("/")).headers.get("content-security-policy")?.includes("https://shop.example"),
    shown: true,
  },
  "that nobody signs in by phone": {
    set: () => setChannels({ phone: { isOn: false, gatewayUrl: null, gatewaySecret: null } }),
    see: async () => (await html("/login", { authorization: "" })).includes('"phone":true'),
    shown: false,
  },
  freight: {
    set: () =>
      ok("PUT", "/freight-templates/mainland", {
        ...{ title: "大陆", isDefault: true, undeliverable: [] },
        rules: [{ regions: [], firstPieces: 1, firstFen: 800, extraPieces: 1, extraFen: 200 }],
      }),
    see: () => get(`/api/v1/me/freight-quote?skuId=tea&addressId=address-000000000001&quantity=3`),
    shown: { isDeliverable: true, amountFen: 1_200 },
  },
};

const EARNING: Readonly<Record<string, Row>> = {
  "the check-in table": {
    set: () => ok("PUT", "/earning/terms/check_in", checkInBody({ dailyPoints: 7 })),
    see: async () => (await get("/api/v1/me/check-in"))["points"],
    shown: 7,
  },
  "a task": {
    set: () =>
      publishWith(
        (method, path, body) => ok(method, path.replace(STAFF, ""), body),
        "tasks",
        taskBody({ taskId: "visit", title: "到店一次", target: 1, points: 20 }),
      ),
    see: async () => {
      const { tasks } = await get<{ tasks: Json[] }>("/api/v1/me/tasks");
      return tasks.map(({ title, points }) => [title, points]);
    },
    shown: [["到店一次", 20]],
  },
  "a task that is over": {
    set: () => ok("POST", "/earning/tasks/visit/retire", {}),
    see: async () => (await get("/api/v1/me/tasks"))["tasks"],
    shown: [],
  },
  invites: {
    set: () => ok("PUT", "/earning/terms/invites", inviteBody({ inviterPoints: 130 })),
    see: async () =>
      ((await get("/api/v1/me/invites"))["rules"] as Json | undefined)?.["inviterPoints"],
    shown: 130,
  },
  tiers: {
    set: () => ok("PUT", "/earning/terms/tiers", tiersBody({ tiers: [silver(100)] as never })),
    see: async () => ((await get("/api/v1/me/tier"))["tier"] as Json | undefined)?.["name"],
    shown: "银叶会员",
  },
  "what a tier pays": {
    set: () => ok("PUT", "/earning/terms/tiers", tiersBody({ tiers: [silver(50)] as never })),
    see: () => shownOf("tea", "memberPoints"),
    shown: [60, 60],
  },
  "a rule": {
    set: () =>
      publishWith(
        (method, path, body) => ok(method, path.replace(STAFF, ""), body),
        "rules",
        ruleOf({ ruleId: "per-yuan", title: "每元一分" }),
      ),
    see: async () => {
      const { id } = await shop.member();
      const reply = await shop.send(shop.staff, "POST", `${STAFF}/earning/events`, {
        ...{ eventId: newOrderId(), memberId: id, kind: "order", atMs: Date.now() },
        lines: [{ productId: "tea", amountFen: 900 }],
      });
      return reply.body["points"];
    },
    shown: 9,
  },
};

const SALE: Readonly<Record<string, Row>> = {
  "more units of an open sale": {
    set: () => shop.restock(saleId, 4),
    see: async () => {
      const { remaining, units } = await shop.view(saleId);
      const told = await lastStock();
      return [remaining, units, told["remaining"], told["units"]];
    },
    shown: [9, 9, 9, 9],
  },
  "a later end of an open sale": {
    set: () => shop.command(saleId, "extend", { closesAtMs }),
    see: async () => [(await shop.view(saleId)).closesAtMs, (await lastStock())["closesAtMs"]],
    shown: [closesAtMs, closesAtMs],
  },
  "a pause of an open sale": {
    set: () => shop.command(saleId, "pause"),
    see: async () => [(await shop.view(saleId)).status, (await lastStock())["status"]],
    shown: ["paused", "paused"],
  },
  "that it goes on": {
    set: () => shop.command(saleId, "resume"),
    see: async () => [(await shop.view(saleId)).status, (await lastStock())["status"]],
    shown: ["open", "open"],
  },
  "a session with a sale of its own title": {
    set: async () => {
      const item = {
        ...{ skuId: "shown", title: "晚八点特惠", pricePoints: 90, priceFen: 0, units: 2 },
        ...{ limitPerMember: 1, dailyLimitPerMember: null, quantityMax: 1, dailyUnits: null },
        ...{ waveIntervalMs: 30_000, doors: null },
      };
      const opensAtMs = Date.now() + 3_600_000;
      const session = { title: "晚八点场", note: "", opensAtMs, closesAtMs: opensAtMs + 600_000 };
      const made = await ok("POST", "/sessions", { ...session, items: [item] });
      const { sessionId, version } = made;
      await ok("POST", `/sessions/${String(sessionId)}/schedule`, { version });
    },
    see: async () => {
      const { sessions = [] } = await get<{ sessions?: { title: string; sales: Json[] }[] }>(
        "/api/v1/sessions",
      );
      const found = sessions.find(({ title }) => title === "晚八点场");
      return found?.sales.map((sale) => sale["title"]);
    },
    shown: ["晚八点特惠"],
  },
};

beforeAll(async () => {
  await openMall();
  for (const goodsId of ["tea", "shown", "limited", "timed"]) await makeGoods(goodsId, 100);
  const address = { name: "黄小安", phone: "13612340415", regionCode: "350203", isDefault: true };
  const path = "/api/v1/me/addresses/address-000000000001";
  const kept = await shop.send(member, "PUT", path, { ...address, detail: "镇海路 26 号 301" });
  expect(kept.status).toBe(200);
  saleId = await shop.sale();
  door = await DoorSocket.open(shop.origin, `/api/v1/sales/${saleId}/door?watch=1`);
});
afterAll(async () => {
  door.close();
  await shop.expectAuditAtRest();
  await shop.close();
});

describe.each(Object.entries({ GOODS, MALL, EARNING, SALE }))("%s: members see", (_, rows) => {
  it.each(Object.entries(rows))("%s", async (_name, { set, see, shown }) => {
    expect(await see()).not.toEqual(shown);
    await set();
    await until(see, (seen) => isDeepStrictEqual(seen, shown), PROMISE_MS);
  });
});
