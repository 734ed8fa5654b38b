/** A programme with everything that gives points, as its staff would set it up. */
import type { Tier } from "../../tiers/index.ts";
import { ruleOf } from "../points/earning.ts";
import { tierOf } from "../points/life-terms.ts";
import { checkInBody, inviteBody, publishWith, taskBody, tiersBody } from "../points/programme.ts";
import { until, type Caller } from "./product.ts";

async function must<T = Record<string, unknown>>(
  staff: Caller,
  method: "POST" | "PUT",
  path: string,
  body?: unknown,
): Promise<T> {
  const answer = await staff.send<T>(method, `/api/v1/staff/${path}`, body);
  if (answer.status >= 300)
    throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const named = (tierId: string, title: string, growthMin: number, earnPercent: number): Tier => ({
  ...tierOf(tierId, growthMin, earnPercent, 0),
  title,
});

const TERMS: Readonly<Record<string, object>> = {
  // Without a cycle there is a missed day to make up on every day of the calendar.
  check_in: checkInBody({
    ...{ cycle: "endless", streak: [{ days: 7, points: 30 }] },
    ...{ makeUpDaysMax: 7, makeUpPays: true },
  }),
  invites: inviteBody({
    ...{ inviterPoints: 100, inviteePoints: 60, amountFenMin: 0, days: 30 },
    cap: { period: "month", timesMax: 10 },
    guard: { device: "refuse", network: "ignore", payment: "refuse", address: "review" },
  }),
  tiers: tiersBody({
    tiers: [named("leaf", "青叶会员", 0, 100), named("gold", "金叶会员", 1_000, 120)],
    expiry: { kind: "tier_start_date", months: 12 },
    ...{ graceDays: 7, onReversal: "at_expiry" },
  }),
  growth: { perAmount: { growth: 1, perFen: 100 }, registration: 10, checkIn: 1 },
};

const TASK = { detail: "任意门店，每单一次。", link: "/points", points: 20 };
const TASKS = [
  taskBody({ ...TASK, taskId: "first-visit", title: "到店消费一次", target: 1 }),
  taskBody({ ...TASK, taskId: "three-visits", title: "到店消费三次", target: 3 }),
];
const RULE = ruleOf({ ruleId: "per-yuan", title: "每消费 1 元得 1 积分" });
const BIRTHDAY = ruleOf({
  ...{ ruleId: "birthday", title: "生日礼", on: ["birthday"] },
  benefit: { kind: "fixed", points: 88 },
});

/** Publishes terms, two tasks and two rules. */
export async function setUpProgramme(staff: Caller): Promise<void> {
  for (const [kind, terms] of Object.entries(TERMS))
    await must(staff, "PUT", `earning/terms/${kind}`, terms);
  const send = (method: "POST" | "PUT", path: string, body: object): Promise<unknown> =>
    must(staff, method, path.replace("/api/v1/staff/", ""), body);
  for (const task of TASKS) await publishWith(send, "tasks", task);
  for (const rule of [RULE, BIRTHDAY]) await publishWith(send, "rules", rule);
}

/** The member pays at a store; it earns by the published rule. */
export async function buys(staff: Caller, memberId: string, amountFen: number): Promise<void> {
  await must(staff, "POST", "earning/events", {
    eventId: crypto.randomUUID(),
    memberId,
    kind: "order",
    atMs: Date.now(),
    lines: [{ productId: "tea", amountFen }],
    storeId: "zhenhai-road",
  });
}

export async function giveCards(staff: Caller, memberId: string, cards: number): Promise<void> {
  const requestId = crypto.randomUUID();
  await must(staff, "POST", `members/${memberId}/make-up-cards`, { requestId, cards });
}

/** A code that gives points at a till, once a member. */
export async function tillCode(staff: Caller, points: number): Promise<string> {
  const { code } = await must<{ code: string }>(staff, "POST", "earning/till-codes", {
    ...{ requestId: crypto.randomUUID(), via: "qr", points, storeId: null },
    ...{ usesMax: 10, usesPerMemberMax: 1, startsAtMs: Date.now() - 1_000 },
    expiresAtMs: Date.now() + 86_400_000,
  });
  return code;
}

/** Waits until an invitation that was accepted has reached the account of who invited. */
export async function invitedBy(
  caller: Caller,
  isMet: (seen: Invited) => boolean,
): Promise<Invited> {
  return until(async () => (await caller.get<Invited>("/api/v1/me/invites")).body, isMet);
}

export interface Invited {
  readonly code: string;
  readonly link: string;
  readonly invited: number;
  readonly waiting: number;
  readonly rewarded: number;
}
