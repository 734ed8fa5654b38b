/** Every list that staff and members read, with each of its filters and orders: D1 finds the rows by an index. */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { actWords } from "../../storefront/console/audit-log/act-words.ts";
import { EXPORT_PAGE } from "../../storefront/console/kit/export-page.ts";
import { createApi } from "../app.ts";
import { listening, planOf } from "./d1-plans.ts";
import { bindings, Caller, draft, migrate } from "./object-catalogue.ts";

const { app } = createApi();

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required?: boolean;
  readonly schema: { readonly enum?: readonly string[]; readonly maximum?: number };
}
interface Operation {
  readonly "x-access": string;
  readonly parameters?: readonly Parameter[];
}

/** What stands in a path or a filter; everything else is a word that nothing is called. */
const VALUES: Readonly<Record<string, string>> = {
  ...{ goodsId: "listed", skuId: "listed", memberId: "m-listed", categoryId: "cups" },
  ...{ programmeId: "demo", kind: "tiers", seq: "1", ids: "listed", limit: "20" },
  ...{
    fromMs: "1",
    toMs: "2",
    untilMs: "2",
    atMs: "1",
    expiring: "15",
    days: "14",
    day: "2027-01-01",
    brand: "tea",
    supplier: "云山",
  },
  ...{ color: "#336699", role: "basic", url: "https://mall.test/", q: "云山", subject: "sale:" },
};

/** Tables that hold a merchant's settings, a few rows a programme at most, and the one row of the digest. */
const SMALL = /SCAN (?:digest_marks|points_programmes|evidence_keys)\b/;
const GIVEN =
  /SCAN (?:json_each|asked|found|\w+ VIRTUAL TABLE|CONSTANT ROW|\(subquery-\d+\))|VIRTUAL TABLE/;

/** Statements that sort, each by a part of it, and what bounds the rows that it sorts. */
const SORTED: readonly (readonly [part: string, bound: string])[] = [
  // A merchant's settings.
  ["FROM categories ", "a few hundred categories"],
  ["FROM brands ", "brands of a merchant"],
  ["FROM stores ", "stores of a merchant, 5,000 at most"],
  ["FROM freight_templates ", "200 templates at most"],
  ["FROM staff_roles ", "roles of a merchant"],
  ["FROM staff_passkeys ", "one person's devices"],
  ["JOIN staff_people AS p ", "colleagues of a merchant"],
  ["FROM delivery_terms AS d ", "kinds of card codes"],
  ['from "reconciliations" ', "a row a day"],
  // As many as the request or the page has.
  ["FROM json_each(?2) AS asked CROSS JOIN", "rows that were asked for by their ids"],
  ["seq IN (SELECT seq FROM audit_log", "one page, which an index has cut off"],
  ["SELECT * FROM (SELECT * FROM (SELECT g.goods_id", "a page of each state, put together"],
  ["WITH found AS MATERIALIZED", "hits of a search, cut off at its limit"],
  // Of one person or one thing.
  ["FROM addresses WHERE programme_id = ?1 AND member_id = ?2", "addresses of a member"],
  ["FROM vouchers WHERE programme_id = ?1 AND member_id IN", "vouchers of a member"],
  ["FROM (SELECT rowid AS hit FROM orders", "orders of a member, or of an id"],
  ["AND e.member_id = ?2 AND e.recorded_at_ms >=", "entries of a member within a span"],
  ["FROM sales WHERE programme_id = ?1 AND sku_id = ?2", "sales of a SKU"],
  [
    '"after_sales"."state" in (?, ?)) order by',
    "cases that wait for the merchant: silence decides them",
  ],
  [
    '"after_sales"."case_id" IN (SELECT value',
    "cases of the 200 refunds that wait for a second person",
  ],
  ["kind = 'flash' AND status IN", "flash sales, not the shelves"],
  // Counted before: more than a few are walked in order.
  ["FROM orders AS o INDEXED BY orders_by_sale", "orders of goods that sold little: FEW_ORDERS"],
  ["JOIN write_offs w INDEXED BY write_offs_by_store", "what happened in the asker's stores"],
  // What waits for a person.
  ["FROM top_ups WHERE", "top-ups in trouble"],
  ["COUNT(*) OVER () AS total FROM orders o", "orders whose money or points are wrong"],
  ["FROM money_moves m INDEXED BY money_moves_by_state", "moves that nobody answered for long"],
  ['"money_moves"."state" in (?, ?)', "moves in trouble"],
  ['"after_sales"."state" in (?, ?, ?, ?)', "cases that are open"],
  // By a figure of two tables, which no index has; the first of all are kept.
  ["goods_skus k INDEXED BY goods_skus_watched", "variants that somebody watches"],
  ["COALESCE(g.units_30, 0) * 1.0 /", "shelves with units, 20 of them kept"],
];

let staff: Caller;
let document: { paths: Record<string, Record<string, Operation>> };
beforeAll(async () => {
  await migrate();
  staff = await new Caller().login("lister", "staff");
  const categories = [{ categoryId: "cups", parentId: null, name: "杯", isHidden: false }];
  await staff.send("PUT", "/api/v1/staff/categories", { revision: 0, categories });
  const goods = draft({ categoryId: "cups", tags: ["新"] });
  const made = await staff.send("POST", "/api/v1/staff/goods", { goodsId: "listed", goods });
  expect(made.status).toBe(201);
  await staff.send("POST", "/api/v1/staff/members/m-listed/grants", {
    ...{ points: 10, reason: "test", idempotencyKey: "listed" },
  });
  document = (await staff.get("/api/openapi.json")).body;
});

/** The addresses of one list: bare, and with each filter and each order by itself. */
function addressesOf(path: string, parameters: readonly Parameter[]): string[] {
  const at = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => VALUES[name] ?? "none-such");
  const asked = parameters.filter((one) => one.in === "query");
  // A span travels whole.
  const needed = asked.filter(
    ({ name, required }) => required === true || /^(?:from|to|until)Ms$/.test(name),
  );
  const valueOf = ({ name, schema }: Parameter): readonly string[] =>
    // Words, and what could be an id.
    schema.enum ?? [VALUES[name] ?? "1", ...(name === "q" ? ["listed"] : [])];
  const base = needed.map((one) => [one.name, valueOf(one)[0] ?? "1"]);
  const variants = asked.flatMap((one) =>
    one.name === "cursor" ? [] : valueOf(one).map((value) => [[one.name, value]]),
  );
  return [[], ...variants].map(
    (more) => `${at}?${new URLSearchParams([...base, ...more]).toString()}`,
  );
}

it("has words for every act that the audit log can name", () => {
  const acts = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method, { "x-access": access }]) => method !== "get" && access === "staff")
      .map(([method]) => `${method} ${path}`),
  );
  expect(acts.length).toBeGreaterThan(80);
  expect(acts.filter((act) => actWords(act, "zh-CN") === null)).toEqual([]);
  expect(acts.filter((act) => actWords(act, "en") === null)).toEqual([]);
});

it("gives as many rows a page as an export of the console asks for", () => {
  const lists = Object.entries(document.paths).flatMap(([path, { get }]) => {
    const limit = get?.parameters?.find(({ name }) => name === "limit");
    return path.startsWith("/api/v1/staff/") && limit ? [{ path, rows: limit.schema.maximum }] : [];
  });
  expect(lists.length).toBeGreaterThan(10);
  expect(lists.filter(({ rows = 0 }) => rows < EXPORT_PAGE)).toEqual([]);
});

describe("every list", () => {
  interface Planned {
    readonly sql: string;
    readonly steps: readonly string[];
  }
  let plans: readonly Planned[];
  beforeAll(async () => {
    const asked = await askEveryList();
    const reads = [...asked].filter((sql) => /^\s*(?:SELECT|WITH)/i.test(sql));
    expect(reads.length).toBeGreaterThan(80);
    plans = await Promise.all(
      reads.map(async (sql) => ({
        sql: sql.replaceAll(/\s+/g, " "),
        steps: await planOf(bindings.DB, sql),
      })),
    );
  }, 120_000);
  const told = (isBad: (step: string) => boolean): string[] =>
    plans.flatMap(({ sql, steps }) => {
      const bad = steps.filter(isBad);
      return bad.length > 0 ? [`${bad.join(" · ")}: ${sql}`] : [];
    });

  it("reads no table whole", () => {
    const isWhole = (step: string): boolean =>
      /\bSCAN\b/.test(step) && !GIVEN.test(step) && !SMALL.test(step);
    expect(told(isWhole)).toEqual([]);
  });

  it("is given in its order by an index, but for few rows of something", () => {
    // The last terms of an order part what is equal in the first ones.
    const sorts = told((step) => step === "USE TEMP B-TREE FOR ORDER BY");
    expect(sorts.filter((sql) => !SORTED.some(([part]) => sql.includes(part)))).toEqual([]);
    // What sorts no more stands here no more.
    expect(SORTED.filter(([part]) => !sorts.some((sql) => sql.includes(part)))).toEqual([]);
  });
});

/** Every address of every list, bare, and with each filter and order by itself; answers what D1 was asked. */
async function askEveryList(): Promise<ReadonlySet<string>> {
  const { db, asked } = listening(bindings.DB);
  const answered = new Map<string, number>();
  for (const [path, methods] of Object.entries(document.paths)) {
    const get = methods["get"];
    // Behind these is a rehearsal of the whole, on purpose: every row is recounted, page by page.
    if (!get || path === "/api/v1/audit" || path.includes("door")) continue;
    for (const address of addressesOf(path, get.parameters ?? [])) {
      const ctx = createExecutionContext();
      const headers = { authorization: `Bearer ${staff.token}` };
      const request = new Request(`https://mall.test${address}`, { headers });
      const response = await app.fetch(request, { ...bindings, DB: db }, ctx);
      await response.text();
      await waitOnExecutionContext(ctx);
      answered.set(path, Math.min(answered.get(path) ?? 999, response.status));
    }
  }
  const lists = [...answered].filter(([path]) => path.startsWith("/api/v1/staff/"));
  const unasked = lists.filter(([path, status]) => status !== 200 && !path.includes("{"));
  expect(unasked).toEqual([]);
  return asked;
}
