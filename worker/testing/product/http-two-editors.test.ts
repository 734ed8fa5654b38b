/** Every document that staff edit: the later of two is told what is there now, has overwritten nothing, and saves on top knowingly. */
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkInBody } from "../points/programme.ts";
import type { OpenApi } from "./http-openapi.ts";
import type { Json } from "./http-shop.ts";
import {
  freight,
  plan,
  rule,
  segment,
  session,
  task,
  word,
  type Turn,
} from "./http-two-editors-bodies.ts";
import { StaffShop } from "./staff-client.ts";

const API = "/api/v1/staff";
let shop: StaffShop;
beforeAll(async () => {
  shop = await StaffShop.open();
  const { owner } = shop;
  const goods = { title: "杯", kind: "local_service", skus: [{ pricePoints: 30 }] };
  await owner.do("POST", `${API}/goods`, { goodsId: "cup", goods });
  await owner.do("POST", `${API}/goods/cup/publish`, { revision: 1 });
  await owner.do("POST", `${API}/stores`, {
    ...{ storeId: "jetty", brandId: "main", name: "栈桥店", address: "" },
  });
  const storeMaySet = ["visibility", "price", "stock"];
  const brand = { name: "屿岸", storeMaySet, state: "active", version: 1 };
  await owner.do("PUT", `${API}/brands/main`, brand);
  await shop.colleague("zhou", ["operations"]);
});
afterAll(() => shop.close());

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const PRIVATE = privateKey.export({ type: "pkcs8", format: "pem" });
const PUBLIC = publicKey.export({ type: "spki", format: "pem" });
const DAY_MS = 86_400_000;

interface Editor {
  /** What stands there before anybody edits it. */
  readonly make?: () => Promise<unknown>;
  readonly path: string;
  /** Where its one document is in what `path` answers. */
  readonly pick?: (body: Json) => Json;
  /** As its editor sends it, from what it has read. */
  readonly put: (read: Json, turn: Turn) => { readonly path?: string; readonly body: unknown };
  readonly has?: (turn: Turn) => string;
}

const post = (path: string, body: unknown) => shop.owner.do("POST", `${API}${path}`, body);
const at = (value: unknown, ...names: readonly (string | number)[]): Json =>
  names.reduce<unknown>((one, name) => (one as Record<string, unknown>)[name], value) as Json;
const found = (list: unknown, name: string, id: string): Json =>
  (list as Json[]).find((one) => one[name] === id) ?? {};

let sessionId = "";
let staffId = "";

const EDITORS: Readonly<Record<string, () => Editor>> = {
  "the page of goods": () => ({
    path: "/goods/cup",
    put: (read, turn) => ({
      body: { revision: read["revision"], goods: { ...at(read, "goods"), title: word(turn) } },
    }),
  }),
  "the tree of categories": () => ({
    path: "/categories",
    put: (read, turn) => ({
      body: {
        revision: read["revision"],
        categories: [{ categoryId: "tea", parentId: null, name: word(turn), isHidden: false }],
      },
    }),
  }),
  "the goods of a store": () => ({
    path: "/store-goods/jetty?limit=10",
    pick: (body) => found(at(body, "goods"), "goodsId", "cup"),
    put: (read, turn) => ({
      path: "/store-goods/jetty/cup",
      body: {
        ...{ version: read["version"], isHidden: false, sellsOwn: true },
        prices: [{ skuId: "cup", pricePoints: turn, priceFen: 0 }],
      },
    }),
    has: (turn) => `"pricePoints":${turn}`,
  }),
  "a session of a sale": () => ({
    make: async () => {
      const made = await post("/sessions", session(41, Date.now() + DAY_MS));
      sessionId = String(made["sessionId"]);
    },
    path: `/sessions/${sessionId}`,
    put: (read, turn) => ({
      body: { ...session(turn, Date.now() + 2 * DAY_MS), version: read["version"] },
    }),
  }),
  "a rule": () => ({
    make: () => post("/earning/rules", rule(41)),
    path: "/earning/rules/two/versions",
    pick: (body) => at(body, "versions", 0),
    put: (read, turn) => ({
      path: `/earning/rules/two?basedOn=${String(read["savedAtMs"])}`,
      body: rule(turn),
    }),
  }),
  "a task": () => ({
    make: () => post("/earning/tasks", task(41)),
    path: "/earning/tasks/two/versions",
    pick: (body) => at(body, "versions", 0),
    put: (read, turn) => ({
      path: `/earning/tasks/two?basedOn=${String(read["savedAtMs"])}`,
      body: task(turn),
    }),
  }),
  "terms of earning": () => ({
    path: "/earning/terms/check_in",
    put: (read, turn) => ({
      path: `/earning/terms/check_in?basedOn=${String(read["version"])}`,
      body: checkInBody({ dailyPoints: turn }),
    }),
    has: (turn) => `"dailyPoints":${turn}`,
  }),
  "a page": () => ({
    path: "/pages/home",
    put: (read, turn) => ({
      path: "/pages/home/draft",
      body: { revision: read["revision"], body: { ...at(read, "shown"), title: word(turn) } },
    }),
  }),
  "the look": () => ({
    path: "/pages/look",
    put: (read, turn) => ({
      path: "/pages/look/draft",
      body: { revision: read["revision"], body: { ...at(read, "shown"), name: word(turn) } },
    }),
  }),
  "a segment": () => ({
    path: "/segments",
    pick: (body) => found(at(body, "items"), "segmentId", "rich"),
    put: (read, turn) => ({
      path: "/segments/rich",
      body: segment(turn, Number(read["version"] ?? 0)),
    }),
  }),
  "a member's note": () => ({
    make: () => shop.owner.do("PUT", `${API}/members/noted`, { version: 0, note: "" }),
    path: "/members/noted",
    put: (read, turn) => ({ body: { version: read["version"], note: word(turn) } }),
  }),
  "a freight template": () => ({
    make: () => shop.owner.do("PUT", `${API}/freight-templates/far`, freight(41)),
    path: "/freight-templates",
    pick: (body) => found(at(body, "templates"), "templateId", "far"),
    put: (read, turn) => ({
      path: `/freight-templates/far?basedOn=${String(read["savedAtMs"])}`,
      body: freight(turn),
    }),
  }),
  "how long orders wait for their cash": () => ({
    path: "/finance/settings",
    pick: (body) => at(body, "terms"),
    put: (read, turn) => ({
      path: `/finance/settings/terms?basedOn=${String(read["savedAtMs"])}`,
      body: { flashMinutes: turn, standingMinutes: 30 },
    }),
    has: (turn) => `"flashMinutes":${turn}`,
  }),
  "an account at a provider": () => ({
    path: "/finance/settings",
    pick: (body) => found(at(body, "accounts"), "provider", "alipay"),
    put: (read, turn) => ({
      path: `/finance/settings/alipay?basedOn=${Number(read["savedAtMs"] ?? 0)}`,
      body: {
        isEnabled: false,
        account: { appId: `20210000000000${turn}`, privateKeyPem: PRIVATE, publicKeyPem: PUBLIC },
      },
    }),
    has: (turn) => `20210000000000${turn}`,
  }),
  "an account at WeChat Pay": () => ({
    path: "/finance/settings",
    pick: (body) => found(at(body, "accounts"), "provider", "wechat"),
    put: (read, turn) => ({
      path: `/finance/settings/wechat?basedOn=${Number(read["savedAtMs"] ?? 0)}`,
      body: {
        isEnabled: false,
        account: {
          ...{ appId: "wx8888888888888888", mchId: `19000000${turn}`, apiV3Key: "k".repeat(32) },
          ...{ merchantSerial: "5157F09EFDC096DE15EBE81A47057A7232F1B8E1" },
          ...{ privateKeyPem: PRIVATE, publicKeyId: "PUB_KEY_ID_1", publicKeyPem: PUBLIC },
          certificatesPem: "",
        },
      },
    }),
    has: (turn) => `19000000${turn}`,
  }),
  "the ways into the mall": () => ({
    path: "/channels",
    put: (read, turn) => ({
      body: {
        revision: read["revision"],
        channels: { ...at(read, "channels"), embedOrigins: [`https://shop${turn}.example`] },
      },
    }),
    has: (turn) => `https://shop${turn}.example`,
  }),
  "a brand": () => ({
    path: "/tenant",
    pick: (body) => found(at(body, "brands"), "brandId", "main"),
    put: (read, turn) => ({
      path: "/brands/main",
      body: {
        ...{ name: word(turn), storeMaySet: at(read, "storeMaySet") },
        ...{ state: "active", version: read["version"] },
      },
    }),
  }),
  "a store": () => ({
    path: "/tenant",
    pick: (body) => found(at(body, "stores"), "storeId", "jetty"),
    put: (read, turn) => ({
      path: "/stores/jetty",
      body: {
        ...{ name: word(turn), brandId: "main", address: "", state: "active" },
        version: read["version"],
      },
    }),
  }),
  "a role": () => ({
    make: () => post("/roles", { roleId: "packer", name: word(41), permissions: ["goods.read"] }),
    path: "/roles",
    pick: (body) => found(at(body, "items"), "roleId", "packer"),
    put: (read, turn) => ({
      path: "/roles/packer",
      body: { name: word(turn), permissions: ["goods.read"], version: read["version"] },
    }),
  }),
  "a colleague's rights": () => ({
    make: async () => {
      const { items } = await shop.owner.do<{ items: Json[] }>("GET", `${API}/people`);
      staffId = String(items.find(({ email }) => email === "zhou@example.com")?.["staffId"]);
    },
    path: "/people",
    pick: (body) => found(at(body, "items"), "staffId", staffId),
    put: (read, turn) => ({
      path: `/people/${staffId}`,
      body: {
        roleIds: [{ 41: "operations", 42: "auditor", 43: "finance" }[turn]],
        ...{ storeIds: null, state: "active", version: read["version"] },
      },
    }),
    has: (turn) => `["${{ 41: "operations", 42: "auditor", 43: "finance" }[turn]}"]`,
  }),
  "how goods are delivered": () => ({
    path: "/delivery-terms/cup",
    put: (read, turn) => ({
      path: `/delivery-terms/cup?basedOn=${String(read["savedAtMs"])}`,
      body: {
        ...{ freightTemplateId: null, usesPerUnit: 1, validDays: 30, storeIds: null },
        ...{ lowStockAt: 20, product: word(turn) },
      },
    }),
  }),
  "when a store takes bookings": () => ({
    path: "/booking-plans/jetty",
    // Two who begin the same anew are two who edit it.
    pick: (body) => at(body, "plans", 0) ?? { savedAtMs: 0 },
    put: (read, turn) => ({
      path: `/booking-plans/jetty?skuId=&basedOn=${String(read["savedAtMs"])}`,
      body: plan(turn),
    }),
    has: (turn) => `"capacity":${turn}`,
  }),
  "a threshold": () => ({
    path: "/approval-kinds",
    pick: (body) => found(at(body, "kinds"), "kind", "points.grant"),
    put: (read, turn) => ({
      path: "/approval-kinds/points.grant",
      body: { from: turn, version: read["version"] },
    }),
    has: (turn) => `"from":${turn}`,
  }),
};

/** Writes by PUT that two people cannot lose each other's words by. */
const NO_DOCUMENT: Readonly<Record<string, string>> = {
  "/labels/{labelId}": "a name and nothing else: both meant that field",
  "/members/{memberId}/earning": "facts one by one: what is left out stays",
  "/me/password": "one's own",
  "/me/programme": "one's own",
  "/policy": "one switch",
};
const written = new Set<string>();

describe("two who edit the same", () => {
  it.each(Object.keys(EDITORS))(
    "%s: the later one is told, and then saves on top",
    async (name) => {
      const { owner } = shop;
      await EDITORS[name]?.().make?.();
      // Made anew: its path may name what was just made.
      const editor = EDITORS[name]?.();
      if (!editor) throw new Error(name);
      const { path, put, pick = (body: Json) => body, has = word } = editor;
      const read = async (): Promise<Json> => pick(await owner.do("GET", `${API}${path}`));
      const save = async (from: Json, turn: Turn) => {
        const { path: to = path, body } = put(from, turn);
        written.add(to.split("?")[0] ?? "");
        return owner.send("PUT", `${API}${to}`, body);
      };
      const both = await read();
      expect((await save(both, 42)).status).toBe(200);
      const late = await save(both, 43);
      expect([late.status, late.body["code"]]).toEqual([409, "conflict"]);
      const now = await read();
      expect(JSON.stringify(now)).toContain(has(42));
      expect(JSON.stringify(now)).not.toContain(has(43));
      // Documents of pages answer by whom and when, and are read anew; all others bring along what is there now.
      const current = (late.body["current"] as Json | undefined) ?? now;
      expect(JSON.stringify(current)).toContain(has(42));
      expect((await save(current, 43)).status).toBe(200);
      expect(JSON.stringify(await read())).toContain(has(43));
    },
  );

  it("are tried here for every document of the API", async () => {
    const { paths } = await shop.owner.do<OpenApi>("GET", "/api/openapi.json");
    const missing = Object.entries(paths)
      .filter(([path, operations]) => path.startsWith(`${API}/`) && "put" in operations)
      .map(([path]) => path.slice(API.length))
      .filter((path) => !(path in NO_DOCUMENT))
      .filter((path) => {
        const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
        return ![...written].some((to) => pattern.test(to));
      });
    expect(missing).toEqual([]);
  });
});
