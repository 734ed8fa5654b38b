/** Earning over HTTP, by staff: terms, rules, adjustments, imports, and nobody else's. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseKeyRing, signToken } from "../../kernel/key-ring.ts";
import { ruleOf } from "../points/earning.ts";
import { REFUSED_RULES, REFUSED_TERMS } from "./http-earning-refused.ts";
import { EARNING, EarningShop, newTillCode, order } from "./http-earning-shop.ts";
import { expectProblem, type HttpShop, type Json, type Reply } from "./http-shop.ts";
import { Caller, newOrderId } from "./product.ts";

const SIGNING = `new:${"s".repeat(40)}`;
let earning: EarningShop;
let shop: HttpShop;
beforeAll(async () => {
  earning = await EarningShop.open({ SESSION_KEYS: SIGNING });
  ({ shop } = earning);
});
afterAll(async () => {
  await shop.expectAuditAtRest();
  await shop.close();
});

const staff: EarningShop["staff"] = (...call) => earning.staff(...call);
const ok: EarningShop["ok"] = (...call) => earning.ok(...call);
const publish: EarningShop["publish"] = (...call) => earning.publish(...call);
const report: EarningShop["report"] = (...call) => earning.report(...call);

describe("terms", () => {
  it("are defaults until somebody saves, then versions, and the same again is no new one", async () => {
    const path = `${EARNING}/terms/refund`;
    expect(await ok("GET", path)).toMatchObject({
      ...{ version: 0, terms: { kind: "grace", days: 30 }, savedBy: null, versions: [] },
    });
    const saved = await ok("PUT", path, { kind: "grace", days: 15 });
    expect(saved).toMatchObject({ version: 1, savedBy: "staff:http-staff" });
    expect(await ok("PUT", path, { kind: "grace", days: 15 })).toEqual(saved);
    await ok("PUT", path, { kind: "forfeit" });
    const all = await ok("GET", path);
    expect(all).toMatchObject({ version: 2, terms: { kind: "forfeit" } });
    expect(all["versions"]).toHaveLength(2);
    const kinds = (await ok("GET", `${EARNING}/terms`))["terms"] as Json[];
    expect(kinds).toHaveLength(13);
  });

  it("of two people at once both stand, one after the other", async () => {
    const path = `${EARNING}/terms/approval`;
    const bodies = [811, 812, 813].map((alonePerDayMax) => ({ pointsFrom: 500, alonePerDayMax }));
    const replies = await Promise.all(bodies.map((body) => staff("PUT", path, body)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(replies.map(({ body }) => Number(body["version"])).sort((a, b) => a - b)).toEqual([
      1, 2, 3,
    ]);
  });

  it.each(REFUSED_TERMS)("refuse bad %s and name the field: %j", async (kind, body, field) => {
    const reply = await staff("PUT", `${EARNING}/terms/${kind}`, body);
    expectProblem(reply, 422, "invalid");
    const errors = reply.body["errors"] as { path: string }[];
    expect(errors.map((error) => error.path)).toContain(field);
  });
});

describe("rules", () => {
  it("go from draft over a dry run into force, and every version is kept", async () => {
    const member = await shop.member(0, "rules");
    const rule = ruleOf({ ruleId: "spend" });
    const draft = await ok("POST", `${EARNING}/rules`, rule as never);
    expect(draft).toMatchObject({ id: "spend", version: 1, state: "draft" });
    const early = await staff("POST", `${EARNING}/rules/spend/publish`);
    expectProblem(early, 409, "conflict", { reason: "no_dry_run" });
    await report(order(member.id, "before", 2_000));
    const tried = await ok("POST", `${EARNING}/rules/spend/dry-run`);
    expect(tried).toMatchObject({
      ...{ state: "dry_run", isWhole: true },
      report: { events: 1, nowPoints: 0, draftPoints: 20, costFen: 20, winners: 1, losers: 0 },
    });
    await ok("PUT", `${EARNING}/rules/spend`, { ...rule, title: "Other" });
    const again = await staff("POST", `${EARNING}/rules/spend/publish`);
    expectProblem(again, 409, "conflict", { reason: "no_dry_run" });
    await ok("POST", `${EARNING}/rules/spend/dry-run`);
    await ok("POST", `${EARNING}/rules/spend/publish`);
    const earned = await report(order(member.id, "after", 3_050));
    expect(earned).toMatchObject({
      status: 201,
      body: { points: 30, breakdown: [{ ruleId: "spend", version: 1, name: "Other", points: 30 }] },
    });
    const doubled = { ...rule, benefit: { ...rule.benefit, points: 2 } };
    await ok("PUT", `${EARNING}/rules/spend`, doubled);
    const report2 = await ok("POST", `${EARNING}/rules/spend/dry-run`);
    expect(report2).toMatchObject({ report: { events: 2, nowPoints: 50, draftPoints: 100 } });
    await ok("POST", `${EARNING}/rules/spend/publish`);
    const { versions } = await ok("GET", `${EARNING}/rules/spend/versions`);
    expect((versions as Json[]).map((one) => one["state"])).toEqual(["retired", "published"]);
    // What comes late is judged by the rules of its own time.
    const late = { atMs: Number((versions as Json[])[1]?.["publishedAtMs"]) - 1 };
    expect((await report(order(member.id, "late", 1_000, late))).body["points"]).toBe(10);
    expect((await report(order(member.id, "now", 1_000))).body["points"]).toBe(20);
    await ok("POST", `${EARNING}/rules/spend/retire`);
    expect((await report(order(member.id, "none", 1_000))).body["points"]).toBe(0);
  });

  it.each(REFUSED_RULES)(
    "that are bad in %s are refused by the editor's API: %j",
    async (field, change) => {
      const reply = await staff("POST", `${EARNING}/rules`, {
        ...ruleOf({ ruleId: "bad" }),
        ...change,
      });
      expectProblem(reply, 422, "invalid");
      expect((reply.body["errors"] as { path: string }[]).map(({ path }) => path)).toContain(field);
    },
  );

  it("that clash with the programme are refused, whichever is saved last", async () => {
    const earn = {
      ...{ zoneOffsetMs: 28_800_000, rounding: "floor", walletCaps: [] },
      ...{ expiry: { kind: "never" }, pending: { kind: "none" } },
    };
    await ok("PUT", `${EARNING}/terms/earn`, earn);
    const shortly = {
      kind: "after",
      amount: 5,
      unit: "days",
      rounding: { kind: "none" },
    } as const;
    await publish("rules", ruleOf({ ruleId: "short", on: ["order"], expiry: shortly }));
    const waits = { ...earn, pending: { kind: "days", days: 30 } };
    const reply = await staff("PUT", `${EARNING}/terms/earn`, waits);
    expectProblem(reply, 422, "invalid");
    expect(reply.text).toContain("short");
    const moved = await staff("PUT", `${EARNING}/terms/earn`, { ...earn, zoneOffsetMs: 0 });
    expectProblem(moved, 422, "invalid");
    const caps = [{ period: "day", pointsMax: 20, timesMax: null }];
    await publish("rules", {
      ...ruleOf({ ruleId: "welcome", on: ["registration"] }),
      benefit: { kind: "fixed", points: 50 },
    });
    const tight = await staff("PUT", `${EARNING}/terms/earn`, { ...earn, walletCaps: caps });
    expectProblem(tight, 422, "invalid");
    expect(tight.text).toContain("welcome");
    for (const ruleId of ["short", "welcome"]) {
      await ok("POST", `${EARNING}/rules/${ruleId}/retire`);
    }
  });
});

describe("an editor", () => {
  it("is given schemas that what is saved fits, and sentences before anything is saved", async () => {
    const { terms, rule, task } = await ok("GET", `${EARNING}/schemas`);
    expect(Object.keys(terms as Json)).toContain("discounts");
    for (const schema of [rule, task]) expect(schema).toMatchObject({ type: "object" });
    const fields = (terms as { earn: { properties: Json } }).earn.properties;
    expect(Object.keys(fields)).toEqual(["rounding", "walletCaps", "expiry", "pending"]);
    const discounts = { standing: true, flash: false, discounts: [] };
    const path = `${EARNING}/terms/discounts`;
    const told = await ok("POST", `${path}/preview`, discounts);
    expect((told["examples"] as string[]).join(" ")).toContain("1,000");
    expect(await ok("GET", path)).toMatchObject({ version: 0 });
    const bad = await staff("POST", `${path}/preview`, { ...discounts, flash: "no" });
    expectProblem(bad, 422, "invalid");
  });

  it("who comes second is told what stands there now, and may save over it", async () => {
    const path = `${EARNING}/terms/refund`;
    const { version } = await ok("GET", path);
    await ok("PUT", `${path}?basedOn=${Number(version)}`, { kind: "grace", days: 40 });
    const late = await staff("PUT", `${path}?basedOn=${Number(version)}`, { kind: "forfeit" });
    expectProblem(late, 409, "conflict", { reason: "changed_meanwhile" });
    const current = late.body["current"] as { version: number; terms: Json };
    expect(current.terms).toEqual({ kind: "grace", days: 40 });
    await ok("PUT", `${path}?basedOn=${current.version}`, { kind: "forfeit" });

    const rule = ruleOf({ ruleId: "edited-twice" });
    const drafted = await ok("POST", `${EARNING}/rules`, rule);
    const put = (title: string, basedOn: unknown): Promise<Reply> =>
      staff("PUT", `${EARNING}/rules/edited-twice?basedOn=${Number(basedOn)}`, { ...rule, title });
    const first = await put("First", drafted["savedAtMs"]);
    expect(first.status).toBe(200);
    const second = await put("Second", drafted["savedAtMs"]);
    expectProblem(second, 409, "conflict");
    expect(second.body["current"]).toMatchObject({ body: { title: "First" } });
  });
});

describe("staff of another programme", () => {
  it("see, change, publish, revoke, approve and use nothing of this one's", async () => {
    const token = (role: string): string =>
      signToken(parseKeyRing(SIGNING), "session.v1", [
        ...["other", "stranger", role],
        Date.now() + 3_600_000,
      ]);
    const as = (role: string): Caller =>
      Object.assign(new Caller(shop.origin), { token: token(role) });
    const theirs = (method: string, path: string, body?: unknown): Promise<Reply> =>
      shop.send(as("staff"), method, path, body);
    await ok("POST", `${EARNING}/rules`, ruleOf({ ruleId: "ours" }));
    await ok("PUT", `${EARNING}/terms/clawback`, { policy: "allow_negative" });
    const code = newTillCode();
    const issued = await ok("POST", `${EARNING}/till-codes`, code);
    const adjustmentId = newOrderId();
    const large = {
      ...{ adjustmentId, memberId: "m", points: 900_000, reason: "r" },
      ...{ customerNote: "c", internalNote: "i" },
    };
    expect((await staff("POST", "/api/v1/staff/adjustments", large)).status).toBe(202);
    for (const [method, path, body] of [
      ["GET", `${EARNING}/rules/ours/versions`],
      ["PUT", `${EARNING}/rules/ours`, ruleOf({ ruleId: "ours" })],
      ["POST", `${EARNING}/rules/ours/dry-run`],
      ["POST", `${EARNING}/rules/ours/publish`],
      ["POST", `${EARNING}/rules/ours/retire`],
      ["POST", `${EARNING}/till-codes/${code.requestId}/revoke`],
      ["POST", `/api/v1/staff/approvals/${adjustmentId}/approve`, { note: "" }],
      ["POST", `/api/v1/staff/approvals/${adjustmentId}/reject`, { note: "" }],
    ] as const) {
      expectProblem(await theirs(method, path, body), 404, "not_found");
    }
    for (const list of ["earning/rules", "earning/tasks", "earning/till-codes", "adjustments"]) {
      expect((await theirs("GET", `/api/v1/staff/${list}`)).body).toEqual({ items: [] });
    }
    const terms = await theirs("GET", `${EARNING}/terms/clawback`);
    expect(terms.body).toMatchObject({ version: 0 });
    const use = { requestId: newOrderId(), code: issued["code"] };
    const used = await shop.send(as("member"), "POST", "/api/v1/me/till-codes", use);
    expectProblem(used, 404, "not_found");
    expect((await ok("GET", `${EARNING}/till-codes`))["items"]).toMatchObject([
      { isRevoked: false },
    ]);
  });
});

describe("by hand", () => {
  const path = "/api/v1/staff/adjustments";
  const adjustment = (points: number, more: Json = {}) => ({
    ...{ adjustmentId: newOrderId(), memberId: "by-hand", points, reason: "goodwill" },
    ...{ customerNote: "Sorry", internalNote: "case 7", ...more },
  });

  it("small sums are booked at once, large ones by a second person, and many small ones are large", async () => {
    await ok("PUT", `${EARNING}/terms/approval`, { pointsFrom: 500, alonePerDayMax: 800 });
    const small = adjustment(400);
    expect(await staff("POST", path, small)).toMatchObject({
      status: 201,
      body: { state: "approved", madeBy: "staff:http-staff", bookedAtMs: expect.any(Number) },
    });
    expect((await staff("POST", path, small)).status).toBe(200);
    expectProblem(
      await staff("POST", path, { ...small, points: 401 }),
      422,
      "idempotency_mismatch",
    );
    const both = await Promise.all([
      staff("POST", path, adjustment(400)),
      staff("POST", path, adjustment(400)),
    ]);
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 202]);
    const large = adjustment(5_000);
    expect(await staff("POST", path, large)).toMatchObject({
      ...{ status: 202, body: { state: "proposed", approvalId: large.adjustmentId } },
    });
    const approve = `/api/v1/staff/approvals/${large.adjustmentId}/approve`;
    const note = { note: "seen the case" };
    expectProblem(await staff("POST", approve, note), 403, "forbidden", {
      reason: "own_proposal",
    });
    const second = await new Caller(shop.origin).login("second", "staff");
    const agreed = await shop.send(second, "POST", approve, note);
    expect(agreed.body).toMatchObject({ state: "done", decidedBy: "staff:second" });
    expect((await shop.send(second, "POST", approve, note)).status).toBe(200);
    const reject = `/api/v1/staff/approvals/${large.adjustmentId}/reject`;
    expectProblem(await shop.send(second, "POST", reject, note), 409, "conflict");
    const member = await new Caller(shop.origin).login("by-hand");
    expect((await shop.points(member)).active).toBe(5_800);
  });

  it("a deduction that nothing covers is refused for good, and bad figures name their field", async () => {
    const poor = adjustment(-400, { memberId: "poor" });
    const second = await new Caller(shop.origin).login("third", "staff");
    expectProblem(await shop.send(second, "POST", path, poor), 409, "points_insufficient");
    const list = await ok("GET", `${path}?state=refused`);
    expect((list["items"] as Json[]).map((one) => one["adjustmentId"])).toEqual([
      poor.adjustmentId,
    ]);
    for (const [field, change] of [
      ["points", { points: 0 }],
      ["points", { points: 1.5 }],
      ["expiresAtMs", { points: -5, expiresAtMs: Date.now() + 1e9 }],
      ["expiresAtMs", { expiresAtMs: 5 }],
      ["mayGoNegative", { mayGoNegative: true }],
      ["customerNote", { customerNote: " " }],
    ] as const) {
      const reply = await staff("POST", path, adjustment(5, change));
      expectProblem(reply, 422, "invalid");
      expect((reply.body["errors"] as { path: string }[])[0]?.path).toBe(field);
    }
  });
});
