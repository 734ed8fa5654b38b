/** What earning does between Accounts and by time alone, in the real runtime. */
import { env } from "cloudflare:workers";
import {
  applyD1Migrations,
  runDurableObjectAlarm,
  runInDurableObject,
  type D1Migration,
} from "cloudflare:test";
import { beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { Account } from "../accounts/account-object.ts";
import type { ProgrammeTerms } from "../earning/programme/index.ts";
import { civilOf } from "../kernel/calendar.ts";
import { programmeDay } from "../kernel/clock.ts";
import type { Env } from "../platform/env.ts";
import type { Notice } from "../reminders/index.ts";
import {
  activeOf,
  apart,
  ask,
  DAY,
  holderOf,
  lossyLine,
  orderEvent,
  programme,
  sweepAt,
  until,
} from "./object-earning.ts";
import { CHINA_MS } from "./points/earning.ts";
import { NO_GRACE_TIERS, REMINDERS, TERMS, windows } from "./points/programme.ts";

const bindings = env as unknown as Env;
vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

describe("invites across Accounts", () => {
  async function bound(terms: ProgrammeTerms, inviter: string, invitee: string) {
    const inviterKey = `${terms.programmeId}:${inviter}`;
    const input = { inviteId: `i-${terms.programmeId}-${invitee}`, inviterKey, prints: {} };
    return ask(terms, invitee, "accept", input);
  }

  it("pay both sides once, though messages and answers are lost", async () => {
    const terms = programme();
    const [inviter, invitee] = apart(terms);
    expect(await bound(terms, inviter, invitee)).toMatchObject({ kind: "accepted" });
    const inviterAccount = holderOf(`${terms.programmeId}:${inviter}`);
    let lost = 0;
    const line = await lossyLine(inviterAccount, async (work) => {
      lost += 1;
      if (lost === 1) throw new Error("the message was lost");
      const reply = await work();
      // The commit stands, and nobody is told.
      if (lost <= 4) throw new Error("the answer was lost");
      return reply;
    });
    await ask(terms, invitee, "event", orderEvent("first", 5_000));
    const inviteeAccount = holderOf(`${terms.programmeId}:${invitee}`);
    // Each look comes later than every wait of the errands.
    let looks = 0;
    await until(
      async () => {
        looks += 1;
        await sweepAt(inviteeAccount, Date.now() + looks * 400_000);
        return activeOf(terms, invitee);
      },
      (points) => points === 20,
    );
    await line.mend();
    expect(lost).toBeGreaterThan(4);
    expect(await activeOf(terms, inviter)).toBe(50);
    expect(await activeOf(terms, invitee)).toBe(20);
    expect(await ask(terms, inviter, "invites", {})).toMatchObject({ invited: 1, rewarded: 1 });
  });

  it("pay both sides for a registration that the sign-in reported before anybody could accept", async () => {
    const terms = programme({
      invites: TERMS.invites && { ...TERMS.invites, act: "registration", amountFenMin: 0 },
    });
    const joins = (eventId: string, atMs: number): ReturnType<typeof orderEvent> =>
      orderEvent(eventId, 0, { kind: "registration", lines: [], atMs });
    const [inviter, invitee] = apart(terms);
    await ask(terms, invitee, "event", joins("sign-up", Date.now()));
    expect(await bound(terms, inviter, invitee)).toMatchObject({ kind: "accepted" });
    await until(
      () => activeOf(terms, invitee),
      (points) => points === 20,
    );
    expect(await activeOf(terms, inviter)).toBe(50);
    // Whoever has been a member for longer did not come by it.
    await ask(terms, "long-since", "event", joins("sign-up", Date.now() - 2 * DAY));
    expect(await bound(terms, inviter, "long-since")).toMatchObject({
      refusal: { figures: { reason: "not_a_new_member" } },
    });
  });

  it("count the inviter's cap in one place, whichever Accounts the invited are in", async () => {
    const cap = { period: "month", timesMax: 2 } as const;
    const terms = programme({
      invites: TERMS.invites && { ...TERMS.invites, cap },
    });
    const invited = ["a", "b", "c", "d", "e"];
    for (const one of invited) await bound(terms, "host", one);
    await Promise.all(
      invited.map((one) => ask(terms, one, "event", orderEvent(`o-${one}`, 5_000))),
    );
    const view = await until(
      () => ask(terms, "host", "invites", {}),
      (reply) => reply.kind === "invites" && reply.waiting === 0,
    );
    expect(view).toMatchObject({ rewarded: 5 });
    expect(await activeOf(terms, "host")).toBe(100);
    const paid = await until(
      () => Promise.all(invited.map((one) => activeOf(terms, one))),
      (list) => list.every((points) => points === 20),
    );
    expect(paid).toHaveLength(5);
  });

  it("pay nobody who shares a device, and take both rewards back with the order", async () => {
    const terms = programme();
    const same = { device: ["same"] };
    await ask(terms, "self", "event", orderEvent("own", 100, { prints: same }));
    await bound(terms, "self", "twin");
    await ask(terms, "twin", "event", orderEvent("o", 5_000, { prints: same }));
    await until(
      () => ask(terms, "self", "invites", {}),
      (reply) => reply.kind === "invites" && reply.invited === 1 && reply.waiting === 0,
    );
    expect(await activeOf(terms, "self")).toBe(0);
    expect(await activeOf(terms, "twin")).toBe(0);

    await bound(terms, "self", "friend");
    await ask(terms, "friend", "event", orderEvent("o", 5_000));
    await until(
      () => activeOf(terms, "friend"),
      (points) => points === 20,
    );
    expect(await activeOf(terms, "self")).toBe(50);
    await ask(terms, "friend", "return", {
      ...{ eventId: "o", returnId: "r", amountFen: null, actor: "t" },
    });
    await until(
      () => activeOf(terms, "friend"),
      (points) => points === 0,
    );
    expect(await activeOf(terms, "self")).toBe(0);
  });

  const back = (terms: ProgrammeTerms, memberId: string, amountFen: number | null) =>
    ask(terms, memberId, "return", { eventId: "o", returnId: "r", amountFen, actor: "t" });

  it("take back every lot of both rewards, though the answer is lost", async () => {
    const double = windows({
      ...{ on: ["invite" as const], benefit: { kind: "multiplier" as const, percent: 200 } },
      expiry: { kind: "after", amount: 30, unit: "days", rounding: { kind: "none" } },
    });
    const terms = programme({ rules: double });
    const [inviter, invitee] = apart(terms);
    const both = (): Promise<number[]> =>
      Promise.all([activeOf(terms, inviter), activeOf(terms, invitee)]);
    await bound(terms, inviter, invitee);
    await ask(terms, invitee, "event", orderEvent("o", 5_000));
    await until(both, ([host, guest]) => host === 100 && guest === 40);
    let asked = 0;
    const line = await lossyLine(holderOf(`${terms.programmeId}:${inviter}`), async (work) => {
      asked += 1;
      const reply = await work();
      if (asked === 1) throw new Error("the answer was lost");
      return reply;
    });
    // What is left is less than an order that completes an invite has.
    await back(terms, invitee, 4_500);
    await until(
      async () => {
        await sweepAt(holderOf(`${terms.programmeId}:${invitee}`), Date.now() + 400_000);
        return both();
      },
      ([host, guest]) => host === 0 && guest === 0,
    );
    await line.mend();
    expect(asked).toBeGreaterThan(1);
  });

  it("pay nobody for an act that went back before it was decided", async () => {
    const terms = programme();
    const [inviter, invitee] = apart(terms);
    await bound(terms, inviter, invitee);
    const line = await lossyLine(holderOf(`${terms.programmeId}:${inviter}`), () =>
      Promise.reject(new Error("the message was lost")),
    );
    await ask(terms, invitee, "event", orderEvent("o", 5_000));
    await back(terms, invitee, null);
    await line.mend();
    await until(
      async () => {
        await sweepAt(holderOf(`${terms.programmeId}:${invitee}`), Date.now() + 400_000);
        return ask(terms, inviter, "invites", {});
      },
      (reply) => reply.kind === "invites" && reply.waiting === 0 && reply.rewarded === 0,
    );
    expect([await activeOf(terms, inviter), await activeOf(terms, invitee)]).toEqual([0, 0]);
  });

  it("ask no person about an act that went back", async () => {
    const terms = programme();
    const network = { network: ["shared"] };
    await ask(terms, "host", "event", orderEvent("own", 100, { prints: network }));
    await bound(terms, "host", "guest");
    await ask(terms, "guest", "event", orderEvent("o", 5_000, { prints: network }));
    const waiting = () =>
      holderOf(`${terms.programmeId}:guest`).invitesInReview(terms.programmeId, 5);
    await until(waiting, (list) => list.length === 1);
    await back(terms, "guest", null);
    await until(waiting, (list) => list.length === 0);
    expect(await ask(terms, "guest", "review_invite", { isGenuine: true })).toMatchObject({
      refusal: { code: "conflict", figures: { reason: "refused" } },
    });
    expect(await activeOf(terms, "host")).toBe(0);
  });

  it("leave what needs a person to staff, and pay on their word", async () => {
    const terms = programme();
    const network = { network: ["shared"] };
    await ask(terms, "host", "event", orderEvent("own", 100, { prints: network }));
    await bound(terms, "host", "guest");
    await ask(terms, "guest", "event", orderEvent("o", 5_000, { prints: network }));
    const reviewed = await until(
      () => ask(terms, "guest", "review_invite", { isGenuine: true }),
      (reply) => reply.kind === "reviewed",
    );
    expect(reviewed).toEqual({ kind: "reviewed", state: "rewarded" });
    expect(await activeOf(terms, "host")).toBe(50);
    expect(await activeOf(terms, "guest")).toBe(20);
  });

  it("refuse circles, oneself, and members who bought before", async () => {
    const terms = programme();
    expect(await bound(terms, "a", "a")).toMatchObject({ kind: "refused" });
    await bound(terms, "a", "b");
    expect(await bound(terms, "b", "a")).toMatchObject({
      refusal: { figures: { reason: "invited_each_other" } },
    });
    await ask(terms, "old", "event", orderEvent("o", 100));
    expect(await bound(terms, "a", "old")).toMatchObject({
      refusal: { figures: { reason: "not_a_new_member" } },
    });
  });
});

describe("time alone", () => {
  it("ends a tier by alarm, by the programme's policy", async () => {
    const terms = programme({ tiers: NO_GRACE_TIERS });
    await ask(terms, "m", "event", orderEvent("o", 90_000));
    expect(await ask(terms, "m", "tier", {})).toMatchObject({ view: { tierId: "silver" } });
    const account = holderOf(`${terms.programmeId}:m`);
    expect(await activeOf(terms, "m")).toBe(30);
    const later = Date.now() + 14 * 31 * DAY;
    await runInDurableObject(account, (object: Account) => {
      object.clock = () => later;
    });
    // The alarm that the commit set is the one that ends the tier.
    expect(await runDurableObjectAlarm(account)).toBe(true);
    const tier = await runInDurableObject(account, (_object: Account, state) =>
      state.storage.sql
        .exec(
          "SELECT profile ->> '$.tier.tierId' AS tier FROM earners WHERE member_key = ?",
          `${terms.programmeId}:m`,
        )
        .one(),
    );
    expect(tier).toEqual({ tier: "base" });
    await runInDurableObject(account, (object: Account) => {
      object.clock = () => Date.now();
    });
  });

  it("gives a birthday's points once, on the day", async () => {
    const rules = windows({ on: ["birthday"], benefit: { kind: "fixed", points: 88 } });
    const terms = programme({ rules });
    const inTenDays = civilOf(programmeDay(Date.now() + 10 * DAY, CHINA_MS));
    const facts = { birthday: { month: inTenDays.month, day: inTenDays.day } };
    await ask(terms, "m", "profile", { facts });
    const account = holderOf(`${terms.programmeId}:m`);
    await sweepAt(account, Date.now());
    expect(await activeOf(terms, "m")).toBe(0);
    await sweepAt(account, Date.now() + 9 * DAY);
    expect(await activeOf(terms, "m")).toBe(0);
    await sweepAt(account, Date.now() + 11 * DAY);
    await sweepAt(account, Date.now() + 12 * DAY);
    expect(await activeOf(terms, "m")).toBe(88);
    await sweepAt(account, Date.now() + 377 * DAY);
    expect(await activeOf(terms, "m")).toBe(176);
  });

  it("gives it too where the rule came after the birthday was told", async () => {
    const terms = programme();
    const inTenDays = civilOf(programmeDay(Date.now() + 10 * DAY, CHINA_MS));
    const facts = { birthday: { month: inTenDays.month, day: inTenDays.day } };
    await ask(terms, "m", "profile", { facts });
    const account = holderOf(`${terms.programmeId}:m`);
    await sweepAt(account, Date.now());
    const rules = windows({ on: ["birthday"], benefit: { kind: "fixed", points: 88 } });
    // The new terms come with a question that writes nothing of the member.
    await ask({ ...terms, revision: 2, rules }, "m", "tasks", {});
    await sweepAt(account, Date.now());
    await sweepAt(account, Date.now() + 11 * DAY);
    expect(await activeOf(terms, "m")).toBe(88);
  });

  it("takes the member's own word for the birthday once, and asks only where something is given", async () => {
    const bare = programme();
    const inTenDays = civilOf(programmeDay(Date.now() + 10 * DAY, CHINA_MS));
    const birthday = { month: inTenDays.month, day: inTenDays.day };
    expect(await ask(bare, "m", "tasks", {})).toMatchObject({ birthday: null });
    expect(await ask(bare, "m", "birthday", { birthday })).toMatchObject({
      refusal: { code: "not_found" },
    });
    const rules = windows({ on: ["birthday"], benefit: { kind: "fixed", points: 88 } });
    const terms = { ...bare, revision: 2, rules };
    expect(await ask(terms, "m", "tasks", {})).toMatchObject({
      birthday: { told: null, points: 88 },
    });
    const told = { kind: "birthday", told: birthday, points: 88 };
    expect(await ask(terms, "m", "birthday", { birthday })).toEqual(told);
    expect(await ask(terms, "m", "birthday", { birthday })).toEqual(told);
    const other = { month: (birthday.month % 12) + 1, day: 1 };
    expect(await ask(terms, "m", "birthday", { birthday: other })).toMatchObject({
      refusal: { code: "conflict", figures: { reason: "birthday_told" } },
    });
    expect(await ask(terms, "m", "tasks", {})).toMatchObject({
      birthday: { told: birthday, points: 88 },
    });
    await sweepAt(holderOf(`${terms.programmeId}:m`), Date.now() + 11 * DAY);
    expect(await activeOf(terms, "m")).toBe(88);
  });

  it("reminds in the app and by carrier, once each, and not those who opted out", async () => {
    const terms = programme({ reminders: REMINDERS });
    const account = holderOf(`${terms.programmeId}:m`);
    // From a noon in the programme's zone on: at night nobody is told anything.
    const noonMs = Math.ceil((Date.now() - DAY / 6) / DAY) * DAY + DAY / 6;
    const expiresAtMs = noonMs + 10 * DAY;
    const carried: Notice[] = [];
    let failures = 1;
    await runInDurableObject(account, (object: Account) => {
      object.notifiers = [
        {
          channel: "sms",
          send: async (notice) => {
            failures -= 1;
            if (failures >= 0) throw new Error("the carrier is away");
            carried.push(notice);
            return "sent";
          },
        },
      ];
    });
    for (const member of ["m", "quiet"]) {
      const memberKey = `${terms.programmeId}:${member}`;
      await ask(terms, member, "profile", { facts: { labels: ["x"] } });
      if (member === "quiet") await ask(terms, member, "remind_settings", { optedOut: true });
      await holderOf(memberKey).grant({
        ...{ memberKey, points: 300, reason: "r", internalNote: "", storeId: null },
        ...{ actor: "t", idempotencyKey: "g", source: "manual", expiresAtMs, pendingUntilMs: null },
      });
    }
    for (const days of [0, 0.01, 4, 9.2, 9.3]) {
      await sweepAt(account, noonMs + days * DAY);
      await sweepAt(holderOf(`${terms.programmeId}:quiet`), noonMs + days * DAY);
    }
    const shown = await ask(terms, "m", "reminders", {});
    expect(shown.kind === "reminders" && shown.reminders.map((one) => one.points)).toEqual([300]);
    expect(new Set(carried.map((notice) => notice.naturalKey)).size).toBe(carried.length);
    expect(carried).toHaveLength(3);
    expect(await ask(terms, "quiet", "reminders", {})).toMatchObject({ reminders: [] });
    const spent = { memberKey: `${terms.programmeId}:m`, points: 300, reason: "r", actor: "t" };
    await account.deduct({
      ...spent,
      internalNote: "",
      storeId: null,
      idempotencyKey: "d",
      mayGoNegative: false,
    });
    expect(await ask(terms, "m", "reminders", {})).toMatchObject({ reminders: [] });
    // Staff see both channels, and that one carrier was away once.
    const log = await ask(terms, "m", "reminder_log", {});
    if (log.kind !== "reminder_log") throw new Error(log.kind);
    const tries = (channel: string): number[] =>
      log.notices.filter((one) => one.channel === channel).map((one) => one.tries);
    expect(log.notices.every(({ state }) => state === "sent")).toBe(true);
    expect(tries("in_app")).toEqual([0, 0, 0]);
    expect(tries("sms").sort((a, b) => a - b)).toEqual([1, 1, 2]);
    expect(await ask(terms, "quiet", "reminder_log", {})).toMatchObject({
      ...{ optedOut: true, notices: [] },
    });
  });
});
