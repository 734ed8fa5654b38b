/** A programme with everything that gives points, as its staff would set it up. */
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

const TERMS: Readonly<Record<string, object>> = {
  check_in: {
    // Without a cycle there is a missed day to make up on every day of the calendar.
    cycle: "endless",
    dailyPoints: 5,
    streak: [{ days: 7, points: 30 }],
    cumulative: [],
    combine: "plus",
    afterLast: "restart",
    makeUpDaysMax: 7,
    makeUpPays: true,
  },
  invites: {
    inviterPoints: 100,
    inviteePoints: 60,
    act: "order",
    amountFenMin: 0,
    days: 30,
    cap: { period: "month", timesMax: 10 },
    guard: { device: "refuse", network: "ignore", payment: "refuse", address: "review" },
  },
  tiers: {
    tiers: [tier("leaf", "青叶会员", 0, 100), tier("gold", "金叶会员", 1_000, 120)],
    window: { kind: "rolling_months", months: 12 },
    expiry: { kind: "tier_start_date", months: 12 },
    roundTo: "month",
    downgrade: "one_down",
    graceDays: 7,
    onReversal: "at_expiry",
  },
  growth: { perAmount: { growth: 1, perFen: 100 }, registration: 10, checkIn: 1 },
};

function tier(tierId: string, title: string, growthMin: number, earnPercent: number): object {
  return {
    tierId,
    title,
    growthMin,
    benefits: {
      ...{ earnPercent, redeemPercent: 100, checkInBonus: 0, hasExclusivePool: false },
      giftPoints: 0,
    },
  };
}

const TASK = {
  detail: "任意门店，每单一次。",
  link: "/points",
  condition: null,
  period: "ever",
  points: 20,
  growth: 0,
  claim: "by_member",
  newcomerDays: null,
  startsAtMs: null,
  endsAtMs: null,
};
const TASKS = [
  { ...TASK, taskId: "first-visit", title: "到店消费一次", kind: "custom", on: "order", target: 1 },
  {
    ...TASK,
    taskId: "three-visits",
    title: "到店消费三次",
    kind: "custom",
    on: "order",
    target: 3,
  },
];

const RULE = {
  ruleId: "per-yuan",
  title: "每消费 1 元得 1 积分",
  on: ["order"],
  startsAtMs: null,
  endsAtMs: null,
  condition: null,
  scope: null,
  benefit: { kind: "per_amount", points: 1, perFen: 100, counting: "whole_steps" },
  priority: 0,
  isStackable: true,
  caps: [],
  expiry: null,
  pending: null,
};

/** Publishes terms, two tasks and one rule. */
export async function setUpProgramme(staff: Caller): Promise<void> {
  for (const [kind, terms] of Object.entries(TERMS))
    await must(staff, "PUT", `earning/terms/${kind}`, terms);
  for (const [path, drafts] of [
    ["tasks", TASKS],
    ["rules", [RULE]],
  ] as const) {
    for (const draft of drafts) {
      const id = "taskId" in draft ? draft.taskId : draft.ruleId;
      await must(staff, "POST", `earning/${path}`, draft);
      await must(staff, "POST", `earning/${path}/${id}/dry-run`, {});
      await must(staff, "POST", `earning/${path}/${id}/publish`, {});
    }
  }
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
