/** Earning over HTTP, by members: check-in, tasks, codes, invites, tiers, and redemptions that earn. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ruleOf } from "../points/earning.ts";
import { checkInBody, inviteBody, taskBody, tiersBody } from "../points/programme.ts";
import { EARNING, EarningShop, newTillCode, order } from "./http-earning-shop.ts";
import { expectProblem, type HttpShop, type Json, type Reply } from "./http-shop.ts";
import { newOrderId, until, type Caller } from "./product.ts";

const byValue = (a: number, b: number): number => a - b;
let earning: EarningShop;
let shop: HttpShop;
beforeAll(async () => {
  earning = await EarningShop.open();
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

describe("a member", () => {
  it("checks in once a day, and sees streak, cycle and what comes", async () => {
    const streak = [{ days: 3, points: 10 }];
    const terms = checkInBody({ dailyPoints: 3, streak, makeUpDaysMax: 3, makeUpPays: true });
    await ok("PUT", `${EARNING}/terms/check_in`, terms);
    const member = await shop.member(0, "taps");
    const path = "/api/v1/me/check-in";
    const before = await shop.send(member, "GET", path);
    expect(before.body).toMatchObject({ isCheckedIn: false, streak: 0, points: 3 });
    const requestId = newOrderId();
    const taps = await Promise.all(
      [1, 2, 3].map(() => shop.send(member, "POST", path, { requestId })),
    );
    expect(taps.map(({ status }) => status).sort(byValue)).toEqual([200, 200, 201]);
    expect(taps.map(({ body }) => Number(body["earned"])).sort(byValue)).toEqual([0, 0, 3]);
    const { body } = await shop.send(member, "GET", path);
    expect(body).toMatchObject({ isCheckedIn: true, streak: 1, makeUpCards: 0 });
    const days = (body["cycle"] as { days: { day: string; state: string }[] }).days;
    expect(days).toHaveLength(7);
    expect(days.find(({ day }) => day === body["day"])?.state).toBe("done");
    for (const day of ["2026-02-30", "2026-13-01", "2026-00-10"]) {
      const reply = await shop.send(member, "POST", `${path}/make-up`, { requestId, day });
      expectProblem(reply, 422, "invalid");
    }
    const none = await shop.send(member, "POST", `${path}/make-up`, {
      requestId,
      day: "2026-01-05",
    });
    expectProblem(none, 409, "conflict", { reason: "too_long_ago" });
  });

  it("does tasks and claims them, once", async () => {
    const page = { title: "Two orders", detail: "Any two", link: "/goods" };
    await publish("tasks", taskBody({ taskId: "two-orders", ...page, points: 25, growth: 5 }));
    const member = await shop.member(0, "tasks");
    const path = "/api/v1/me/tasks";
    const claim = (): Promise<Reply> =>
      shop.send(member, "POST", `${path}/two-orders/claim`, { requestId: newOrderId() });
    expectProblem(await claim(), 409, "conflict", { reason: "not_completed" });
    await report(order(member.id, "t1", 100));
    await report(order(member.id, "t2", 100));
    const list = (await shop.send(member, "GET", path)).body["tasks"] as Json[];
    expect(list.find((task) => task["taskId"] === "two-orders")).toEqual({
      ...{ taskId: "two-orders", title: "Two orders", detail: "Any two", link: "/goods" },
      ...{ kind: "custom", points: 25, goal: 2, done: 2, state: "claimable", endsAtMs: null },
    });
    const claims = await Promise.all([claim(), claim(), claim()]);
    expect(claims.map(({ status }) => status).sort(byValue)).toEqual([200, 200, 201]);
    expect(claims.map(({ body }) => body["points"])).toEqual([25, 25, 25]);
    const { entries } = await shop.points(member);
    expect(entries[0]).toMatchObject({
      ...{ points: 25, sourceId: "two-orders" },
      breakdown: [{ kind: "task", id: "two-orders", name: "Two orders", version: 1, points: 25 }],
    });
  });

  it("uses a till code, and not a mistyped, revoked or foreign one", async () => {
    const code = newTillCode();
    const { requestId } = code;
    const issued = await ok("POST", `${EARNING}/till-codes`, code);
    expect(await ok("POST", `${EARNING}/till-codes`, code)).toEqual(issued);
    const changed = await staff("POST", `${EARNING}/till-codes`, { ...code, points: 10 });
    expectProblem(changed, 422, "idempotency_mismatch", { fields: ["points"] });
    const member = await shop.member(0, "till");
    const use = (text: unknown, id = newOrderId()): Promise<Reply> =>
      shop.send(member, "POST", "/api/v1/me/till-codes", { requestId: id, code: text });
    const id = newOrderId();
    expect(await use(issued["code"], id)).toMatchObject({ status: 201, body: { points: 9 } });
    expect(await use(issued["code"], id)).toMatchObject({ status: 200, body: { points: 9 } });
    expectProblem(await use(issued["code"]), 409, "limit_reached");
    expectProblem(await use("ABCD2345"), 422, "invalid");
    await ok("POST", `${EARNING}/till-codes/${requestId}/revoke`);
    const other = await shop.member(0, "till");
    const late = await shop.send(other, "POST", "/api/v1/me/till-codes", {
      ...{ requestId: newOrderId(), code: issued["code"] },
    });
    expectProblem(late, 409, "conflict", { reason: "revoked" });
    const points = await shop.points(member);
    expect(points.active).toBe(9);
  });

  it("invites another, and both are paid for the other's order", async () => {
    await ok("PUT", `${EARNING}/terms/invites`, inviteBody());
    const [inviter, invitee] = [await shop.member(0, "host"), await shop.member(0, "guest")];
    const mine = await shop.send(inviter, "GET", "/api/v1/me/invites");
    expect(mine.body).toMatchObject({
      invited: 0,
      rules: {
        ...{ inviterPoints: 50, inviteePoints: 20, act: "order", amountFenMin: 1_000, days: 60 },
        ...{ cap: { period: "month", timesMax: 3 } },
        guarded: ["device", "network", "payment", "address"],
      },
    });
    expect((await shop.send(inviter, "GET", "/api/v1/me/invites")).text).toBe(mine.text);
    expect(mine.text).not.toContain(inviter.id);
    const accept = (who: Caller): Promise<Reply> =>
      shop.send(who, "POST", "/api/v1/me/invites/accept", {
        ...{ requestId: newOrderId(), code: mine.body["code"] },
      });
    expectProblem(await accept(inviter), 409, "conflict", { reason: "invited_oneself" });
    expect((await accept(invitee)).status).toBe(201);
    expect((await accept(invitee)).status).toBe(200);
    await report(order(invitee.id, "first", 5_000));
    await until(
      () => shop.points(inviter),
      (points) => points.active === 50,
    );
    await until(
      () => shop.points(invitee),
      (points) => points.active === 20,
    );
    const after = await shop.send(inviter, "GET", "/api/v1/me/invites");
    expect(after.body).toMatchObject({ ...{ invited: 1, rewarded: 1, waiting: 0 } });
  });

  it("pays for a friend's first redemption where that is the act, and not on the same phone or at the same door", async () => {
    const terms = inviteBody({ act: "redemption", amountFenMin: 0 });
    await ok("PUT", `${EARNING}/terms/invites`, terms);
    const host = await shop.member(0, "shows");
    const [friend, twin, flatmate] = [
      await shop.member(100, "friend"),
      await shop.member(100, "twin"),
      await shop.member(100, "flatmate"),
    ];
    const phone = { device: "one-phone" };
    expect((await shop.send(host, "POST", "/api/v1/me/invites/device", phone)).status).toBe(200);
    const home = {
      ...{ name: "周禾", phone: "13812345678", regionCode: "330106", isDefault: false },
      detail: "文三路 1 号，2 单元 301",
    };
    const livesAt = (who: Caller, change: Json): Promise<Reply> =>
      shop.send(who, "PUT", `/api/v1/me/addresses/${newOrderId()}`, { ...home, ...change });
    expect((await livesAt(host, {})).status).toBe(200);
    // The same door, written by another hand.
    const same = { name: "李四", detail: "文三路1号 2单元301" };
    expect((await livesAt(flatmate, same)).status).toBe(200);
    const code = (await shop.send(host, "GET", "/api/v1/me/invites")).body["code"];
    const saleId = await shop.sale({ units: 9, pricePoints: 10 });
    for (const [who, device] of [
      [friend, "another"],
      [twin, "one-phone"],
      [flatmate, "third"],
    ] as const) {
      const body = { requestId: newOrderId(), code, device };
      expect((await shop.send(who, "POST", "/api/v1/me/invites/accept", body)).status).toBe(201);
      await shop.buy(who, saleId);
    }
    await until(
      async () => (await shop.send(host, "GET", "/api/v1/me/invites")).body,
      ({ rewarded, recent }) =>
        rewarded === 1 && (recent as { state: string }[]).some(({ state }) => state === "refused"),
    );
    await until(
      () => shop.points(friend),
      ({ active }) => active === 110,
    );
    expect((await shop.points(host)).active).toBe(50);
    expect((await shop.points(twin)).active).toBe(90);
    // Staff look at who lives there.
    const { items } = await until(
      () => ok("GET", `${EARNING}/invites`),
      (list) => (list["items"] as Json[]).length > 0,
    );
    expect(items).toMatchObject([
      { memberId: flatmate.id, inviterId: host.id, shared: ["address"] },
    ]);
    const review = `/api/v1/staff/members/${flatmate.id}/invite/review`;
    await until(
      () => staff("POST", review, { isGenuine: true }),
      ({ status }) => status === 200,
    );
    expect((await shop.points(host)).active).toBe(100);
    expect(await ok("GET", `${EARNING}/invites`)).toEqual({ items: [], isWhole: true });
    // Whoever redeemed before is no new friend.
    const old = await shop.member(100, "old");
    await shop.buy(old, saleId);
    const late = { requestId: newOrderId(), code, device: "fourth" };
    const refused = await shop.send(old, "POST", "/api/v1/me/invites/accept", late);
    expectProblem(refused, 409, "conflict", { reason: "not_a_new_member" });
    await ok("PUT", `${EARNING}/terms/invites`, inviteBody());
  });

  it("climbs tiers by growth, buys one, and sees the card in its language", async () => {
    await ok("PUT", `${EARNING}/terms/tiers`, tiersBody());
    const member = await shop.member(0, "tier");
    await report(order(member.id, "big", 90_000));
    const card = await shop.send(member, "GET", "/api/v1/me/tier");
    expect(card.body).toMatchObject({
      ...{ tier: { tierId: "silver", level: 1 }, growth: 900 },
      next: { tierId: "gold", missingGrowth: 2_100 },
    });
    const requestId = newOrderId();
    const path = `/api/v1/staff/members/${member.id}/membership`;
    const bought = await ok("POST", path, { requestId, tierId: "gold", months: 1 });
    expect(bought).toMatchObject({ tier: { tierId: "gold" }, source: "paid", progress: 1 });
    const twice = await staff("POST", path, { requestId, tierId: "gold", months: 2 });
    expectProblem(twice, 422, "idempotency_mismatch");
    const mine = await shop.points(member);
    const { active, entries } = mine;
    const silver = { projectedTierId: "silver", missingToStay: 0 };
    expect(mine).toMatchObject({
      tier: { tierId: "gold", source: "paid", growth: 900, ...silver },
    });
    // Each tier's gift once, whether growth or money reached it.
    expect(active).toBe(130);
    const gifts = entries.map(({ breakdown }) => breakdown[0]);
    expect(gifts).toMatchObject([
      { kind: "tier_gift", points: 100 },
      { kind: "tier_gift", points: 30 },
    ]);
  });

  it("is in a dry run with what sources stated and with redemptions that no rule asked for yet", async () => {
    await ok("PUT", `${EARNING}/terms/check_in`, checkInBody({ dailyPoints: 3 }));
    const member = await shop.member(100, "replayed");
    const requestId = newOrderId();
    await shop.send(member, "POST", "/api/v1/me/check-in", { requestId });
    const saleId = await shop.sale({ pricePoints: 10, limitPerMember: 2 });
    await shop.buy(member, saleId);
    const back = await shop.buy(member, saleId);
    expect((await shop.cancel(member, back)).status).toBe(200);
    const gainOf = async (ruleId: string): Promise<number> => {
      const { report: tried } = await ok("POST", `${EARNING}/rules/${ruleId}/dry-run`);
      const { mostWon } = tried as { mostWon: { memberKey: string; now: number; draft: number }[] };
      const won = mostWon.find(({ memberKey }) => memberKey.endsWith(`:${member.id}`));
      return won ? won.draft - won.now : 0;
    };
    const draft = async (ruleId: string, more: object): Promise<void> => {
      await ok("POST", `${EARNING}/rules`, { ...ruleOf({ ruleId }), ...more });
    };
    await draft("twice", { on: ["check_in"], benefit: { kind: "multiplier", percent: 200 } });
    const condition = { kind: "channel", in: ["redemption"] };
    await draft("first-redeemers", { condition, benefit: { kind: "fixed", points: 4 } });
    // D1 hears of them a moment later.
    await until(
      () => gainOf("twice"),
      (gain) => gain === 3,
    );
    await until(
      () => gainOf("first-redeemers"),
      (gain) => gain === 4,
    );
  });

  it("earns by redeeming where a rule names redemptions, and gives it back with a cancel", async () => {
    await publish("rules", {
      ...(ruleOf({ ruleId: "redeemers" }) as object),
      condition: { kind: "channel", in: ["redemption"] },
      benefit: { kind: "fixed", points: 4 },
    });
    const member = await shop.member(100, "redeemer");
    // The Account learns the terms with the first command that earns.
    await shop.send(member, "GET", "/api/v1/me/tasks");
    const saleId = await shop.sale({ pricePoints: 10, limitPerMember: 2 });
    const orderId = await shop.buy(member, saleId);
    await until(
      () => shop.points(member),
      (points) => points.active === 94,
    );
    expect((await shop.cancel(member, orderId)).status).toBe(200);
    await until(
      () => shop.points(member),
      (points) => points.active === 100,
    );
  });
});
