/** Points for part of a bill in the real runtime: commits, alarms, crashes, the audit. */
import { env } from "cloudflare:workers";
import {
  applyD1Migrations,
  evictDurableObject,
  runInDurableObject,
  type D1Migration,
} from "cloudflare:test";
import { beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { Account } from "../accounts/account-object.ts";
import type { SpendCalls, SpendKind } from "../accounts/index.ts";
import type { OffsetReply } from "../accounts/spending/messages.ts";
import type { ProgrammeTerms } from "../earning/programme/index.ts";
import type { Env } from "../platform/env.ts";
import { activeOf, holderOf, programme, sweepAt } from "./object-earning.ts";

const bindings = env as unknown as Env;
vi.setConfig({ testTimeout: 120_000 });
beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

const OPEN = { version: 1, tills: true, mall: true, isStackable: false, holdMinutes: 15 } as const;
const RATE = { rate: { points: 100, fen: 100 }, pointsMin: 100, percentMax: 50, pointsMax: null };
const shop = (more: Partial<ProgrammeTerms> = {}): ProgrammeTerms =>
  programme({ offset: OPEN, rate: RATE, ...more });

async function spend<K extends SpendKind>(
  terms: ProgrammeTerms,
  memberId: string,
  kind: K,
  input: SpendCalls[K]["input"],
): Promise<SpendCalls[K]["reply"]> {
  const memberKey = `${terms.programmeId}:${memberId}`;
  const account = holderOf(memberKey) as unknown as {
    spend: (kind: SpendKind, call: object) => Promise<SpendCalls[K]["reply"]>;
  };
  return account.spend(kind, { memberKey, revision: terms.revision, terms, ...input });
}

async function member(terms: ProgrammeTerms, memberId: string, points: number): Promise<void> {
  const memberKey = `${terms.programmeId}:${memberId}`;
  const reply = await holderOf(memberKey).grant({
    ...{ memberKey, points, idempotencyKey: "start", reason: "r", internalNote: "" },
    ...{ storeId: null, actor: "staff:t", source: "manual" },
    ...{ expiresAtMs: null, pendingUntilMs: null },
  });
  expect(reply.kind).toBe("changed");
}

const bill = (billFen: number, points: number | null = null, isDiscounted = false) => ({
  ...{ billFen, points, isDiscounted },
});
const till = (offsetId: string, billFen: number, points: number | null = null) => ({
  ...bill(billFen, points),
  ...{ offsetId, storeId: null, note: "Till 3", actor: "staff:t" },
});
const ACTOR = "staff:t";

function shown(reply: OffsetReply): unknown {
  if (reply.kind === "refused") return reply.refusal.figures["reason"] ?? reply.refusal.code;
  const { state, points, returnedPoints } = reply.offset;
  return [state, points, returnedPoints, reply.balance.active, reply.isReplay];
}

async function breaches(memberKey: string): Promise<unknown> {
  const account = holderOf(memberKey);
  const page = await account.auditMembers("");
  const { granted, inLots, held, spent, expired, clawedBack, deficit } = await account.audit();
  const isConserved = inLots + held + spent + expired + clawedBack - deficit === granted;
  return { ...page.breaches, ...(isConserved ? {} : { counters: 1 }) };
}

describe("a till", () => {
  it("goes from quote to capture, every step once, and gets the very slices back", async () => {
    const terms = shop();
    await member(terms, "ann", 5_000);
    const quote = await spend(terms, "ann", "offset_quote", bill(3_000));
    expect(quote).toMatchObject({ points: 1_500, fen: 1_500, leftFen: 1_500, active: 5_000 });

    const ask = () => spend(terms, "ann", "offset_hold", till("till-1", 3_000, 1_200));
    expect(shown(await ask())).toEqual(["held", 1_200, 0, 3_800, false]);
    expect(shown(await ask())).toEqual(["held", 1_200, 0, 3_800, true]);
    expect(shown(await spend(terms, "ann", "offset_hold", till("till-1", 3_001, 1_200)))).toBe(
      "idempotency_mismatch",
    );

    const capture = () =>
      spend(terms, "ann", "offset_capture", { offsetId: "till-1", points: 1_000, actor: ACTOR });
    expect(shown(await capture())).toEqual(["captured", 1_000, 0, 4_000, false]);
    expect(shown(await capture())).toEqual(["captured", 1_000, 0, 4_000, true]);
    expect(
      shown(await spend(terms, "ann", "offset_void", { offsetId: "till-1", actor: ACTOR })),
    ).toBe("offset_captured");

    const back = (returnId: string, points: number | null) =>
      spend(terms, "ann", "offset_return", {
        ...{ offsetId: "till-1", returnId, points, actor: ACTOR },
      });
    expect(shown(await back("r1", 300))).toEqual(["captured", 1_000, 300, 4_300, false]);
    expect(shown(await back("r1", 300))).toEqual(["captured", 1_000, 300, 4_300, true]);
    expect(shown(await back("r2", null))).toEqual(["captured", 1_000, 1_000, 5_000, false]);
    expect(shown(await back("r3", 1))).toBe("limit_reached");
    expect(await breaches(`${terms.programmeId}:ann`)).toEqual({});
  });

  it("is refused where the programme does not let it", async () => {
    const closed = shop({ offset: { ...OPEN, tills: false } });
    await member(closed, "ben", 5_000);
    expect(shown(await spend(closed, "ben", "offset_hold", till("till-1", 3_000)))).toBe(
      "offset_off",
    );
    const terms = shop();
    await member(terms, "ben", 5_000);
    const discounted = { ...till("till-2", 3_000), isDiscounted: true };
    expect(shown(await spend(terms, "ben", "offset_hold", discounted))).toBe(
      "offset_not_stackable",
    );
    const stacking = { ...terms, revision: 2, offset: { ...OPEN, isStackable: true } };
    expect(shown(await spend(stacking, "ben", "offset_hold", discounted))).toEqual([
      ...["held", 1_500, 0, 3_500, false],
    ]);
    expect(shown(await spend(stacking, "ben", "offset_hold", till("till-3", 3_000, 99)))).toBe(
      "offset_below_minimum",
    );
    expect(shown(await spend(stacking, "ben", "offset_hold", till("till-4", 150)))).toBe(
      "offset_bill_too_small",
    );
    expect(await breaches(`${terms.programmeId}:ben`)).toEqual({});
  });

  it("voids what it never held, and a hold that comes after takes nothing", async () => {
    const terms = shop();
    await member(terms, "cat", 5_000);
    const voided = await spend(terms, "cat", "offset_void", { offsetId: "till-1", actor: ACTOR });
    expect(shown(voided)).toEqual(["voided", 0, 0, 5_000, true]);
    expect(shown(await spend(terms, "cat", "offset_hold", till("till-1", 3_000)))).toBe(
      "offset_voided",
    );
    expect(await activeOf(terms, "cat")).toBe(5_000);
  });

  it("that never confirms loses its hold to the clock, exactly then", async () => {
    const terms = shop();
    await member(terms, "dan", 5_000);
    const held = await spend(terms, "dan", "offset_hold", till("till-1", 3_000));
    const expiresAtMs = held.kind === "offset" ? (held.offset.expiresAtMs ?? 0) : 0;
    const memberKey = `${terms.programmeId}:dan`;
    const account = holderOf(memberKey);
    const alarm = await runInDurableObject(account, (_, state) => state.storage.getAlarm());
    expect(alarm).toBeLessThanOrEqual(expiresAtMs);
    await sweepAt(account, expiresAtMs - 1);
    expect(await activeOf(terms, "dan")).toBe(3_500);
    await sweepAt(account, expiresAtMs);
    expect(await activeOf(terms, "dan")).toBe(5_000);
    expect(shown(await spend(terms, "dan", "offset_view", { offsetId: "till-1" }))).toEqual([
      ...["lapsed", 1_500, 0, 5_000, true],
    ]);
    expect(await breaches(memberKey)).toEqual({});
  });

  it("finds its hold after the object was evicted, and so does the wallet", async () => {
    const terms = shop();
    await member(terms, "eve", 5_000);
    await spend(terms, "eve", "offset_hold", till("till-1", 3_000));
    const memberKey = `${terms.programmeId}:eve`;
    await evictDurableObject(holderOf(memberKey));
    const { balance, held } = await holderOf(memberKey).points(memberKey, 1_000, 10);
    expect([balance.active, balance.held, held.lasting]).toEqual([3_500, 1_500, 1_500]);
    expect(await breaches(memberKey)).toEqual({});
  });

  it("of a closed account takes nothing", async () => {
    const terms = shop();
    await member(terms, "fay", 5_000);
    const memberKey = `${terms.programmeId}:fay`;
    await runInDurableObject(holderOf(memberKey), (account: Account) =>
      account.earn("profile", {
        ...{ memberKey, revision: terms.revision, terms, facts: {}, isBlocked: true },
      }),
    );
    expect(shown(await spend(terms, "fay", "offset_hold", till("till-1", 3_000)))).toBe("blocked");
  });
});
