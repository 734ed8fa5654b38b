/** How D1 carries out what staff ask for: no table is read whole, and a long log is found by its indexes. */
import { env } from "cloudflare:workers";
import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { Env } from "../platform/env.ts";
import { FACTS } from "../../storefront/console/approvals/fact-words.ts";
import { factsOf } from "../../storefront/console/approvals/facts.ts";
import { approvalKinds } from "../staff/approvals.ts";
import { appendAudit, staffSession } from "../staff/index.ts";
import { createApi } from "../app.ts";
import { expectIndexed, listening, planOf } from "./d1-plans.ts";

const bindings = env as unknown as Env;
const api = createApi();

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

const context = {
  waitUntil: () => {},
  passThroughOnException: () => {},
  props: {},
} as unknown as ExecutionContext;

async function get(db: D1Database, path: string, headers: Record<string, string>): Promise<number> {
  const request = new Request(`http://shop.example${path}`, { headers });
  const response = await api.app.fetch(request, { ...bindings, DB: db }, context);
  await response.text();
  return response.status;
}

async function signIn(): Promise<Record<string, string>> {
  const login = await api.app.fetch(
    new Request("http://shop.example/api/v1/dev/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ memberId: "plans", role: "staff" }),
    }),
    bindings,
    context,
  );
  const { token } = await login.json<{ token: string }>();
  return { authorization: `Bearer ${token}` };
}

describe("the inbox of the second person", () => {
  it.each(["zh-CN", "en"] as const)("has a word for whatever a proposal carries: %s", (locale) => {
    const kinds = approvalKinds();
    expect(kinds.length).toBeGreaterThan(8);
    const nameless = kinds.flatMap(({ kind, payload }) => {
      const { shape } = payload as unknown as { shape: Readonly<Record<string, unknown>> };
      const carried = Object.fromEntries(Object.keys(shape).map((field) => [field, "x"]));
      const proposal = { kind, subject: "", figure: 0, payload: carried, outcome: null };
      const told = factsOf(
        { ...proposal, state: "proposed" },
        { locale, kinds: [], storeName: (storeId) => storeId, kindTitle: (one) => one },
      );
      return told.filter(({ field }) => FACTS[locale].fields[field] === undefined);
    });
    expect(nameless).toEqual([]);
  });

  it("loses none of several proposals of one millisecond at the edge of a page", async () => {
    const headers = await signIn();
    const made = ["a", "b", "c", "d", "e"].map((one) => `same-instant-${one}-0000`);
    const insert = bindings.DB.prepare(
      `INSERT INTO approvals (programme_id, approval_id, kind, state, subject, figure, reason, payload, proposed_by, proposed_at_ms, expires_at_ms)
       VALUES (?3, ?1, 'points.grant', 'proposed', 'member:same', 1, '', '{}', 'staff:x', ?2, 9000000000000)`,
    );
    await bindings.DB.batch(
      made.map((id, at) => insert.bind(id, at === 4 ? 999 : 1_000, bindings.DEFAULT_PROGRAMME)),
    );
    for (const filter of ["subject=member:same", "subject=member:same&state=proposed"]) {
      const seen: string[] = [];
      let cursor = "";
      do {
        const path = `/api/v1/staff/approvals?limit=2&${filter}${cursor && `&cursor=${cursor}`}`;
        const request = new Request(`http://shop.example${path}`, { headers });
        const response = await api.app.fetch(request, bindings, context);
        const page = await response.json<Page>();
        seen.push(...page.items.map(({ approvalId }) => approvalId));
        cursor = page.nextCursor ?? "";
      } while (cursor !== "");
      expect(seen).toEqual(["d", "c", "b", "a", "e"].map((one) => `same-instant-${one}-0000`));
    }
  });
});

interface Page {
  readonly items: readonly { readonly approvalId: string }[];
  readonly nextCursor: string | null;
}

describe("what staff ask of D1", () => {
  it("is found by an index, each and every statement", async () => {
    const headers = await signIn();
    const { db, asked } = listening(bindings.DB);
    const log = "/api/v1/staff/audit-log";
    for (const path of [
      ...[
        "people",
        "roles",
        "policy",
        "tenant",
        "approvals",
        "approvals?state=proposed",
        "approvals?cursor=1.an-approval-of-old",
        "approval-kinds",
        "me",
      ].map((name) => `/api/v1/staff/${name}`),
      ...[
        log,
        `${log}?action=staff.`,
        `${log}?subject=sale:`,
        `${log}?actor=staff:x`,
        `${log}?fromMs=1&toMs=2`,
      ],
      ...[`${log}?cursor=5`, `${log}/verify`, `${log}/verify?fromSeq=3`],
    ]) {
      expect([path, await get(db, path, headers)]).toEqual([path, 200]);
    }
    const cookie = { cookie: "qd_staff=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
    await staffSession(
      new Request("http://shop.example/", { headers: cookie }),
      { ...bindings, DB: db },
      Date.now(),
    );
    await appendAudit(db, {
      ...{ programmeId: "plans", atMs: 1, actor: "staff:x", actorName: "x", action: "staff.test" },
      ...{
        permission: "",
        subject: "x",
        status: 200,
        reason: "",
        before: null,
        after: null,
        address: "",
      },
    });
    expect(asked.size).toBeGreaterThan(15);
    // The people, brands and stores of one programme are few and sorted by hand; of a filtered log only numbers are.
    const mayScan = /USE TEMP B-TREE FOR (?:ORDER BY|LAST TERM OF ORDER BY)|SCAN CONSTANT ROW/;
    for (const sql of asked) {
      if (/^\s*SELECT/i.test(sql)) await expectIndexed(bindings.DB, sql, mayScan);
    }
    const whole = [...asked].filter((sql) =>
      sql.includes("FROM audit_log WHERE programme_id = ? AND seq IN"),
    );
    for (const sql of whole) {
      const plan = await planOf(bindings.DB, sql);
      expect(
        plan.filter((detail) => detail.startsWith("SEARCH audit_log")).length,
        plan.join("\n"),
      ).toBeGreaterThanOrEqual(2);
    }
  });
});
