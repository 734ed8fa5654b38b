/** Earning in the real runtime: races, alarms, lost messages between Accounts. What is earned is decided by pure modules. */
import { env } from "cloudflare:workers";
import {
  applyD1Migrations,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
  type D1Migration,
} from "cloudflare:test";
import { beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { Account } from "../accounts/account-object.ts";
import type { EarnCalls, EarnKind, EarnReply, EventCommand } from "../accounts/earning/messages.ts";
import type { TillCode } from "../earning/codes/index.ts";
import type { ProgrammeTerms } from "../earning/programme/index.ts";
import { civilOf } from "../kernel/calendar.ts";
import { programmeDay } from "../kernel/clock.ts";
import { bucketOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import type { Notice } from "../reminders/index.ts";
import { CHINA_MS } from "./points/earning.ts";
import { NO_GRACE_TIERS, REMINDERS, taskOf, TERMS, windows } from "./points/programme.ts";

const bindings = env as unknown as Env;
const DAY = 86_400_000;
vi.setConfig({ testTimeout: 120_000 });

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

let made = 0;
/** A programme of a test's own, so that its terms meet no other test's in a shared Account. */
function programme(more: Partial<ProgrammeTerms> = {}): ProgrammeTerms {
  made += 1;
  return { ...TERMS, programmeId: `p${made}`, ...more };
}

const holderOf = (memberKey: string): DurableObjectStub<Account> =>
  bindings.ACCOUNT.getByName(bucketOf(memberKey, 4));

interface Port {
  readonly earn: (kind: EarnKind, call: object) => Promise<unknown>;
}

async function ask<K extends EarnKind>(
  terms: ProgrammeTerms,
  memberId: string,
  kind: K,
  input: EarnCalls[K]["input"],
): Promise<EarnReply<K>> {
  const memberKey = `${terms.programmeId}:${memberId}`;
  const port = holderOf(memberKey) as unknown as Port;
  const call = { memberKey, revision: terms.revision, ...input };
  const reply = (await port.earn(kind, call)) as EarnReply<K>;
  if (reply.kind !== "terms_needed") return reply;
  return (await port.earn(kind, { ...call, terms })) as EarnReply<K>;
}

function orderEvent(eventId: string, amountFen: number, more: Partial<EventCommand> = {}) {
  return {
    eventId,
    kind: "order",
    name: null,
    atMs: Date.now(),
    lines: [{ productId: "p", categoryIds: [], labels: [], amountFen }],
    storeId: null,
    channel: null,
    facts: {},
    prints: {},
    actor: "staff:t",
    ...more,
  } satisfies EventCommand;
}

async function activeOf(terms: ProgrammeTerms, memberId: string): Promise<number> {
  const memberKey = `${terms.programmeId}:${memberId}`;
  return (await holderOf(memberKey).points(memberKey, 1_000, 10)).balance.active;
}

async function until<T>(read: () => Promise<T>, isMet: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 500; tries += 1) {
    const value = await read();
    if (isMet(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("the condition was never met");
}

/** Runs the object's sweep at a later moment, as its alarm would. */
async function sweepAt(account: DurableObjectStub<Account>, nowMs: number): Promise<void> {
  await runInDurableObject(account, async (object: Account) => {
    const { clock } = object;
    object.clock = () => nowMs;
    await object.sweep();
    object.clock = clock;
  });
}

interface Inside {
  earning: { peer: (envelope: never, message: never) => Promise<unknown> };
}

/** Puts something between an Account and those who ask it. */
async function lossyLine(
  account: DurableObjectStub<Account>,
  between: (work: () => Promise<unknown>) => Promise<unknown>,
): Promise<{ mend: () => Promise<void> }> {
  await runInDurableObject(account, (object: Account) => {
    const { earning } = object as unknown as Inside;
    const real = earning.peer.bind(earning);
    earning.peer = (envelope, message) => between(() => real(envelope, message));
  });
  return {
    mend: () =>
      runInDurableObject(account, (object: Account) => {
        Reflect.deleteProperty((object as unknown as Inside).earning, "peer");
      }),
  };
}

/** Two members of different buckets. */
function apart(terms: ProgrammeTerms): readonly [string, string] {
  const bucket = (memberId: string): string => bucketOf(`${terms.programmeId}:${memberId}`, 4);
  for (let at = 1; ; at += 1) {
    if (bucket(`m${at}`) !== bucket("m0")) return ["m0", `m${at}`];
  }
}

describe("an Account and its terms", () => {
  it("asks for terms it does not know, keeps them, and never goes back to older ones", async () => {
    const terms = programme();
    const memberKey = `${terms.programmeId}:m`;
    const port = holderOf(memberKey) as unknown as Port;
    const call = { memberKey, revision: 1 };
    expect(await port.earn("check_in_view", call)).toEqual({ kind: "terms_needed" });
    await ask({ ...terms, revision: 2, checkIn: null }, "m", "check_in_view", {});
    const older = { ...call, terms };
    expect(await port.earn("check_in_view", older)).toMatchObject({ kind: "refused" });
    await evictDurableObject(holderOf(memberKey));
    expect(await port.earn("check_in_view", { ...call, revision: -1 })).toMatchObject({
      kind: "refused",
      refusal: { code: "not_found" },
    });
  });

  it("does not take the terms of another programme, nor what is none", async () => {
    const terms = programme();
    const port = holderOf(`${terms.programmeId}:m`) as unknown as Port;
    const call = { memberKey: `${terms.programmeId}:m`, revision: 1 };
    for (const wrong of [{ ...terms, programmeId: "other" }, { programmeId: terms.programmeId }]) {
      const reply = await port.earn("check_in_view", { ...call, terms: wrong });
      expect(reply).toEqual({ kind: "terms_needed" });
    }
  });
});

describe("check-in", () => {
  it("pays one of two taps at once", async () => {
    const terms = programme();
    const taps = await Promise.all(
      Array.from({ length: 5 }, () => ask(terms, "m", "check_in", {})),
    );
    const earned = taps.map((tap) => (tap.kind === "check_in" ? tap.earned : -1));
    expect(earned.sort()).toEqual([0, 0, 0, 0, 5]);
    expect(await activeOf(terms, "m")).toBe(5);
  });

  it("adds the tier's bonus and what rules give for it, and explains each", async () => {
    const bonus = NO_GRACE_TIERS.tiers.map((tier) => ({
      ...tier,
      benefits: { ...tier.benefits, checkInBonus: 2 },
    }));
    const terms = programme({
      tiers: { ...NO_GRACE_TIERS, tiers: bonus },
      rules: windows({ on: ["check_in"], benefit: { kind: "fixed", points: 3 } }),
    });
    expect(await ask(terms, "m", "check_in", {})).toMatchObject({ earned: 10 });
    const memberKey = `${terms.programmeId}:m`;
    const { entries } = await holderOf(memberKey).points(memberKey, 1_000, 10);
    const told = entries.flatMap((entry) => entry.breakdown.map((share) => share.ruleId));
    expect(told.sort()).toEqual(["check-in", "r0", "tier"]);
  });
});

describe("tasks", () => {
  it("counts events, and pays one of many claims at once", async () => {
    const terms = programme({ tasks: [{ task: taskOf(), fromMs: 0, untilMs: null }] });
    await ask(terms, "m", "event", orderEvent("o1", 100));
    expect(await ask(terms, "m", "claim", { taskId: "buy-twice" })).toMatchObject({
      kind: "refused",
    });
    await ask(terms, "m", "event", orderEvent("o2", 100));
    const list = await ask(terms, "m", "tasks", {});
    expect(list).toMatchObject({ tasks: [{ done: 2, state: "claimable" }] });
    const claims = await Promise.all(
      Array.from({ length: 4 }, () => ask(terms, "m", "claim", { taskId: "buy-twice" })),
    );
    expect(claims.filter((one) => one.kind === "claimed" && !one.isReplay)).toHaveLength(1);
    expect(claims.every((one) => one.kind === "claimed" && one.points === 40)).toBe(true);
    expect(await activeOf(terms, "m")).toBe(40);
  });
});

describe("events", () => {
  const spend = { benefit: { kind: "per_amount", points: 1, perFen: 100, counting: "exact" } };

  it("earn once, under their natural key, whoever sends them how often", async () => {
    const terms = programme({ rules: windows(spend as never) });
    const event = orderEvent("o1", 12_345);
    const replies = await Promise.all(
      Array.from({ length: 6 }, () => ask(terms, "m", "event", event)),
    );
    expect(replies.filter((one) => one.kind === "earned" && !one.isReplay)).toHaveLength(1);
    expect(await activeOf(terms, "m")).toBe(123);
    const other = await ask(terms, "m", "event", { ...event, channel: "other" });
    expect(other).toMatchObject({
      kind: "refused",
      refusal: { code: "idempotency_mismatch", figures: { fields: "channel" } },
    });
  });

  it("never exceed a cap, in any interleaving", async () => {
    const caps = [{ period: "day", pointsMax: 100, timesMax: null }] as const;
    const terms = programme({ rules: windows({ ...(spend as object), caps }) });
    await Promise.all(
      Array.from({ length: 30 }, (_, at) => ask(terms, "m", "event", orderEvent(`o${at}`, 1_700))),
    );
    expect(await activeOf(terms, "m")).toBe(100);
    // What goes back is free again, and no more than that.
    await ask(terms, "m", "return", { eventId: "o0", returnId: "r", amountFen: null, actor: "t" });
    const left = 100 - (await activeOf(terms, "m"));
    await ask(terms, "m", "event", orderEvent("again", 100_000));
    expect(left).toBeGreaterThan(0);
    expect(await activeOf(terms, "m")).toBe(100);
  });

  it("are returned in parts that take what the whole would, each part once", async () => {
    const terms = programme({ rules: windows(spend as never) });
    await ask(terms, "m", "event", orderEvent("o1", 10_050));
    const back = (returnId: string, amountFen: number | null) =>
      ask(terms, "m", "return", { eventId: "o1", returnId, amountFen, actor: "t" });
    const parts = await Promise.all([
      back("a", 3_333),
      back("a", 3_333),
      back("b", 1),
      back("c", 5_000),
    ]);
    expect(parts.every((one) => one.kind === "returned")).toBe(true);
    expect(await back("d", 2_000)).toMatchObject({ refusal: { code: "invalid" } });
    expect(await back("a", 1)).toMatchObject({ refusal: { code: "idempotency_mismatch" } });
    await back("d", null);
    expect(await activeOf(terms, "m")).toBe(0);
  });

  it("wait for their completion where the programme says so", async () => {
    const pending = { ...TERMS.earn, pending: { kind: "event" } as const };
    const terms = programme({ earn: pending, rules: windows(spend as never) });
    await ask(terms, "m", "event", orderEvent("o1", 10_000));
    expect(await activeOf(terms, "m")).toBe(0);
    const memberKey = `${terms.programmeId}:m`;
    await holderOf(memberKey).activate({
      ...{ memberKey, event: "received:o1", reason: "r" },
      ...{ internalNote: "", storeId: null, actor: "t" },
    });
    expect(await activeOf(terms, "m")).toBe(100);
    // A check-in has nothing to wait for.
    expect(await ask(terms, "m", "check_in", {})).toMatchObject({ earned: 5 });
    expect(await activeOf(terms, "m")).toBe(105);
  });

  it("are kept for the dry run, by programme and time, page after page", async () => {
    const terms = programme();
    const nowMs = Date.now();
    for (let at = 0; at < 7; at += 1) {
      await ask(terms, "m", "event", orderEvent(`o${at}`, 100, { atMs: nowMs - 5_000 + at * 2 }));
    }
    const seen: string[] = [];
    let after: string | null = "";
    while (after !== null) {
      const page: { events: readonly unknown[]; next: string | null } = (await holderOf(
        `${terms.programmeId}:m`,
      ).pastEvents({
        ...{ programmeId: terms.programmeId, fromMs: nowMs - 4_999, toMs: nowMs, after, count: 2 },
      })) as never;
      for (const one of page.events) {
        seen.push((one as { event: { eventId: string } }).event.eventId);
      }
      after = page.next;
    }
    expect(seen).toEqual(["o1", "o2", "o3", "o4", "o5", "o6"]);
  });
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
    for (let round = 1; round <= 6; round += 1) {
      await sweepAt(inviteeAccount, Date.now() + round * 400_000);
    }
    await line.mend();
    expect(lost).toBeGreaterThan(4);
    expect(await activeOf(terms, inviter)).toBe(50);
    expect(await activeOf(terms, invitee)).toBe(20);
    expect(await ask(terms, inviter, "invites", {})).toMatchObject({ invited: 1, rewarded: 1 });
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

describe("till codes", () => {
  const code: TillCode = {
    ...{ codeId: "code-000000000001", text: "TEXT", via: "qr", points: 7 },
    ...{ usesMax: 3, usesPerMemberMax: 1, startsAtMs: 0, expiresAtMs: Date.now() + DAY },
    ...{ storeId: "s1", issuedBy: "t", isRevoked: false },
  };

  it("are used no oftener than they say, by members of any Account at once", async () => {
    const terms = programme();
    const members = Array.from({ length: 9 }, (_, at) => `m${at}`);
    const uses = await Promise.all(
      members.flatMap((member) =>
        [1, 2].map(() =>
          ask(terms, member, "till_code", { requestId: `request-${member}-0001`, code }),
        ),
      ),
    );
    expect(uses.every((one) => one.kind === "claimed" || one.kind === "refused")).toBe(true);
    const paid = await Promise.all(members.map((member) => activeOf(terms, member)));
    expect(paid.sort()).toEqual([0, 0, 0, 0, 0, 0, 7, 7, 7]);
  });

  it("answer the same request the same, and another code under its id not at all", async () => {
    const terms = programme();
    const requestId = "request-again-001";
    expect(await ask(terms, "m", "till_code", { requestId, code })).toMatchObject({
      ...{ kind: "claimed", isReplay: false, points: 7 },
    });
    expect(await ask(terms, "m", "till_code", { requestId, code })).toMatchObject({
      ...{ kind: "claimed", isReplay: true, points: 7 },
    });
    const other = { ...code, codeId: "code-000000000002" };
    expect(await ask(terms, "m", "till_code", { requestId, code: other })).toMatchObject({
      refusal: { code: "idempotency_mismatch" },
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

  it("reminds in the app and by carrier, once each, and not those who opted out", async () => {
    const terms = programme({ reminders: REMINDERS });
    const account = holderOf(`${terms.programmeId}:m`);
    const expiresAtMs = Date.now() + 10 * DAY;
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
      await sweepAt(account, Date.now() + days * DAY);
      await sweepAt(holderOf(`${terms.programmeId}:quiet`), Date.now() + days * DAY);
    }
    const shown = await ask(terms, "m", "reminders", {});
    expect(shown.kind === "reminders" && shown.reminders.map((one) => one.points)).toEqual([
      300, 300, 300,
    ]);
    expect(new Set(carried.map((notice) => notice.naturalKey)).size).toBe(carried.length);
    expect(carried).toHaveLength(3);
    expect(await ask(terms, "quiet", "reminders", {})).toMatchObject({ reminders: [] });
  });
});
