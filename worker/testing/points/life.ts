/** Two years of one household: members who order, return, check in, invite each other, redeem, cancel and forget. */
import {
  expiryCalendar,
  nextDueAtMs,
  type ClawbackPolicy,
  type LotSlice,
} from "../../accounts/points/index.ts";
import {
  checkIn,
  makeUp,
  newCheckIn,
  withCards,
  type CheckInOutcome,
} from "../../earning/check-in/index.ts";
import {
  bindInvite,
  completeInvite,
  inviteCapPeriod,
  type Invite,
} from "../../earning/invites/index.ts";
import {
  awardAsRule,
  capsFreed,
  evaluate,
  grantsOf,
  reversalOf,
  type Award,
  type CapChange,
  type CapUse,
  type EarnEvent,
  type Evaluation,
  type EventKind,
  type MemberFacts,
} from "../../earning/rules/index.ts";
import { advanceTask, taskPeriod, type TaskProgress } from "../../earning/tasks/index.ts";
import { planReminders } from "../../reminders/index.ts";
import {
  addGrowth,
  effectiveTier,
  evaluateTier,
  newTierState,
  tierDueAtMs,
  type TierOutcome,
} from "../../tiers/index.ts";
import type { Random } from "../simulation/random.ts";
import { CHINA_MS, lineOf } from "./earning.ts";
import {
  LIFE_CHECK_IN,
  LIFE_INVITES,
  LIFE_PROGRAMME,
  LIFE_REMINDERS,
  LIFE_RULES,
  LIFE_TASK,
  LIFE_TIERS,
} from "./life-terms.ts";
import { GRACE, Purse } from "./purse.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const POLICIES: readonly ClawbackPolicy[] = ["only_pending", "within_balance", "allow_negative"];
const NO_PRINTS = { device: [], network: [], payment: [], address: [] };

interface Later {
  readonly atMs: number;
  readonly run: (nowMs: number) => void;
}

export interface LifeCount {
  entries: number;
  events: number;
  repeats: number;
  reminders: number;
}

/** One member with everything an Account would keep for it. */
export class LivingMember {
  readonly purse: Purse;
  readonly usage = new Map<string, CapUse>();
  readonly #random: Random;
  readonly #count: LifeCount;
  readonly #policy: ClawbackPolicy;
  readonly #habit: { readonly orders: number; readonly checkIns: number; readonly redeems: number };
  readonly #birthday: { readonly month: number; readonly day: number };
  readonly #joinedAtMs: number;
  #checkIn = withCards(newCheckIn(), 5);
  #tiers;
  readonly #tasks = new Map<number, TaskProgress>();
  readonly #sent = new Set<string>();
  #remindAtMs: number | null = 0;
  #orders = 0;
  #serial = 0;
  #later: Later[] = [];
  invite: Invite | null = null;
  readonly rewarded = new Map<number, number>();
  readonly #inviterOf: (memberKey: string) => LivingMember | undefined;

  constructor(
    memberKey: string,
    joinedAtMs: number,
    random: Random,
    count: LifeCount,
    inviterOf: (memberKey: string) => LivingMember | undefined,
  ) {
    this.purse = new Purse(memberKey);
    this.#random = random;
    this.#count = count;
    this.#inviterOf = inviterOf;
    this.#joinedAtMs = joinedAtMs;
    this.#policy = random.pick(POLICIES);
    this.#habit = {
      orders: random.pick([0.003, 0.01, 0.04]),
      checkIns: random.pick([0, 0, 0.02, 0.3]),
      redeems: random.pick([0.003, 0.02]),
    };
    this.#birthday = { month: 1 + random.below(12), day: 1 + random.below(28) };
    this.#tiers = newTierState(LIFE_TIERS, joinedAtMs);
  }

  invitedBy(inviter: LivingMember, nowMs: number): void {
    const outcome = bindInvite(
      {
        inviteId: `${inviter.purse.wallet.memberKey}>${this.purse.wallet.memberKey}`,
        inviterKey: inviter.purse.wallet.memberKey,
        inviteeKey: this.purse.wallet.memberKey,
        existing: this.invite,
        inviterOfInviter: inviter.invite?.inviterKey ?? null,
        actsBefore: this.#orders,
      },
      nowMs,
    );
    if (outcome.kind === "bound") this.invite = outcome.invite;
  }

  /** A day of this member's life, from its midnight on. */
  day(midnightMs: number): void {
    const random = this.#random;
    this.#sweep(midnightMs);
    const due = this.#later.filter((one) => one.atMs <= midnightMs);
    if (due.length > 0) {
      this.#later = this.#later.filter((one) => one.atMs > midnightMs);
      for (const one of due) one.run(midnightMs);
    }
    if (random.chance(this.#habit.checkIns)) this.#checkInAt(midnightMs + 9 * HOUR_MS);
    if (random.chance(this.#habit.orders)) this.#order(midnightMs + 12 * HOUR_MS);
    if (random.chance(this.#habit.redeems)) this.#redeem(midnightMs + 20 * HOUR_MS);
    if (random.chance(0.0004)) this.#adjust(midnightMs + 21 * HOUR_MS);
  }

  /** In place, as rows are: a copy a day would be most of two years. */
  #use(changes: readonly CapChange[]): void {
    for (const { key, points, times } of changes) {
      const used = this.usage.get(key) ?? { points: 0, times: 0 };
      this.usage.set(key, { points: used.points + points, times: used.times + times });
    }
  }

  #key(): string {
    this.#serial += 1;
    return String(this.#serial);
  }

  /** Does a command, and now and then a second time, as a client does that heard no answer. */
  #send(command: () => { readonly kind: string }): void {
    this.#count.events += 1;
    const first = command();
    if (first.kind === "refused" || !this.#random.chance(0.02)) return;
    this.#count.repeats += 1;
    const again = command();
    if (again.kind !== "replayed") throw new Error(`repeated: ${again.kind}`);
  }

  #sweep(nowMs: number): void {
    const dueAtMs = nextDueAtMs(this.purse.wallet);
    if (dueAtMs !== null && dueAtMs <= nowMs) {
      while (!this.purse.expire(nowMs, 2).isDone);
    }
    const tierAtMs = tierDueAtMs(this.#tiers);
    if (tierAtMs !== null && tierAtMs <= nowMs) {
      this.#keepTier(evaluateTier(this.#tiers, LIFE_TIERS, nowMs), nowMs);
    }
    if (this.#remindAtMs !== null && this.#remindAtMs <= nowMs) {
      const { deadlines } = expiryCalendar(this.purse.wallet, nowMs);
      const who = { deadlines, channels: ["in_app"] as const, sent: this.#sent };
      const plan = planReminders(who, LIFE_REMINDERS, nowMs + 10 * HOUR_MS);
      for (const { naturalKey } of plan.due) this.#sent.add(naturalKey);
      this.#count.reminders += plan.due.length;
      this.#remindAtMs = plan.nextAtMs;
    }
  }

  #facts(nowMs: number): MemberFacts {
    const { tier } = effectiveTier(this.#tiers, LIFE_TIERS, nowMs);
    return {
      tierId: tier.tierId,
      segments: [],
      labels: [],
      ordersBefore: this.#orders,
      birthday: this.#birthday,
      tierPercent: tier.benefits.earnPercent,
    };
  }

  #keepTier(outcome: TierOutcome, nowMs: number): void {
    this.#tiers = outcome.state;
    for (const change of outcome.changes) {
      if (change.kind !== "gift") continue;
      const { naturalKey, points, tierId } = change;
      this.award({ naturalKey, points, sourceId: tierId }, "custom", nowMs);
    }
  }

  #grow(growth: number, nowMs: number): void {
    if (growth !== 0) this.#keepTier(addGrowth(this.#tiers, LIFE_TIERS, growth, nowMs), nowMs);
  }

  /** Points that a source owes: through caps and multipliers into the wallet. */
  award(award: Award, on: EventKind, nowMs: number): void {
    if (this.purse.find(award.naturalKey)) return;
    const rules = [awardAsRule(`award-${on}`, 1, on, award.points, []), ...LIFE_RULES];
    const event: EarnEvent = {
      eventId: award.naturalKey,
      kind: on,
      name: null,
      memberKey: this.purse.wallet.memberKey,
      atMs: nowMs,
      lines: [],
      storeId: null,
      channel: null,
    };
    const result = evaluate(rules, event, this.#facts(nowMs), LIFE_PROGRAMME, this.usage);
    if (result.points === 0) return;
    this.#use(result.changes);
    const expiresAtMs = nowMs + 90 * DAY_MS;
    const cause = { breakdown: result.shares, sourceId: award.sourceId };
    const wish = { type: "earn_action" as const, expiresAtMs, cause };
    this.#send(() => this.purse.credit(award.naturalKey, result.points, nowMs, wish));
    this.#remindAtMs = nowMs;
  }

  #checkInAt(nowMs: number): void {
    const pay = (outcome: CheckInOutcome): void => {
      if (outcome.kind !== "checked") return;
      this.#checkIn = outcome.state;
      for (const award of outcome.awards) this.award(award, "check_in", nowMs);
    };
    const outcome = checkIn(this.#checkIn, LIFE_CHECK_IN, nowMs);
    pay(outcome);
    if (outcome.kind === "checked" && this.#random.chance(0.1)) {
      pay(makeUp(this.#checkIn, LIFE_CHECK_IN, outcome.day - 2, nowMs));
    }
  }

  #order(nowMs: number): void {
    const id = `o${this.#key()}`;
    const lines = [lineOf(500 + this.#random.below(30_000))];
    if (this.#random.chance(0.4)) {
      lines.push(lineOf(300 + this.#random.below(9_000), { categoryIds: ["tea"] }));
    }
    const event: EarnEvent = {
      eventId: id,
      kind: "order",
      name: null,
      memberKey: this.purse.wallet.memberKey,
      atMs: nowMs,
      lines,
      storeId: null,
      channel: null,
    };
    const facts = this.#facts(nowMs);
    const result = evaluate(LIFE_RULES, event, facts, LIFE_PROGRAMME, this.usage);
    this.#use(result.changes);
    this.#orders += 1;
    const received = `received:${id}`;
    grantsOf(result, LIFE_RULES, LIFE_PROGRAMME, nowMs, received).forEach((grant, at) => {
      const { expiresAtMs, pending } = grant;
      const cause = { orderId: id, sourceId: id, breakdown: grant.shares };
      const wish = { type: "earn_order" as const, expiresAtMs, pending, originId: id, cause };
      this.#send(() => this.purse.credit(`earn_order:${id}:${at}`, grant.points, nowMs, wish));
    });
    this.#remindAtMs = nowMs;
    const amountFen = lines.reduce((sum, line) => sum + line.amountFen, 0);
    const growth = Math.floor(amountFen / 100);
    this.#grow(growth, nowMs);
    this.#countTask(event, facts, nowMs);
    this.#completeInvite(event, nowMs);
    this.#after(7 + this.#random.below(5), nowMs, (atMs) => this.purse.activate(received, atMs));
    if (this.#random.chance(0.15)) this.#willReturn(id, amountFen, growth, result, nowMs);
  }

  #after(days: number, nowMs: number, run: (nowMs: number) => void): void {
    this.#later.push({ atMs: nowMs + days * DAY_MS, run });
  }

  #countTask(event: EarnEvent, facts: MemberFacts, nowMs: number): void {
    const period = taskPeriod(LIFE_TASK, nowMs, CHINA_MS);
    const member = { ...facts, joinedAtMs: this.#joinedAtMs };
    const row = this.#tasks.get(period) ?? null;
    const outcome = advanceTask(row, LIFE_TASK, event, member, CHINA_MS);
    if (outcome.kind !== "moved") return;
    this.#tasks.set(period, outcome.progress);
    if (!outcome.award) return;
    this.award(outcome.award, "task", nowMs);
    this.#grow(outcome.award.growth, nowMs);
  }

  #completeInvite(event: EarnEvent, nowMs: number): void {
    if (!this.invite) return;
    const inviter = this.#inviterOf(this.invite.inviterKey);
    if (!inviter) return;
    const period = inviteCapPeriod(LIFE_INVITES, nowMs);
    const facts = {
      inviter: NO_PRINTS,
      invitee: NO_PRINTS,
      rewardedInPeriod: inviter.rewarded.get(period) ?? 0,
    };
    const outcome = completeInvite(this.invite, LIFE_INVITES, event, facts);
    if (outcome.kind !== "decided") return;
    this.invite = outcome.invite;
    if (outcome.countsIn !== null) {
      inviter.rewarded.set(outcome.countsIn, facts.rewardedInPeriod + 1);
    }
    if (outcome.awards.inviter) inviter.award(outcome.awards.inviter, "invite", nowMs);
    if (outcome.awards.invitee) this.award(outcome.awards.invitee, "invite", nowMs);
  }

  /** A return or two, within the window or after it. */
  #willReturn(
    id: string,
    amountFen: number,
    growth: number,
    result: Evaluation,
    nowMs: number,
  ): void {
    const earned = { basisFen: amountFen, shares: result.shares };
    const first = 1 + this.#random.below(amountFen);
    let reversed = 0;
    let shrunk = 0;
    const giveBack = (returnedFen: number, part: number) => (atMs: number) => {
      const back = reversalOf(earned, returnedFen, reversed);
      reversed += back.points;
      if (back.points > 0) {
        this.#send(() => this.purse.clawBack(`${id}:${part}`, back.points, this.#policy, atMs, id));
        this.#use(capsFreed(result.changes, result.shares, back.shares));
      }
      const lost = Math.floor((growth * returnedFen) / amountFen) - shrunk;
      shrunk += lost;
      this.#grow(0 - lost, atMs);
    };
    const days = 1 + this.#random.below(20);
    this.#after(days, nowMs, giveBack(first, 1));
    if (this.#random.chance(0.3)) this.#after(days + 3, nowMs, giveBack(amountFen, 2));
  }

  #redeem(nowMs: number): void {
    const { active } = this.purse.balance(nowMs);
    if (active < 20) return;
    const id = `r${this.#key()}`;
    const points = 10 + this.#random.below(active - 9);
    const outcome = this.purse.hold(id, points, this.#random.chance(0.3), nowMs);
    if (outcome.kind !== "held") throw new Error(`hold: ${outcome.kind}`);
    this.#count.events += 1;
    const { hold: made } = outcome;
    if (this.#random.chance(0.2)) {
      this.#after(1 + this.#random.below(40), nowMs, (atMs) => this.purse.release(made, atMs));
      return;
    }
    this.#send(() => this.purse.capture(made, nowMs));
    if (this.#random.chance(0.15)) this.#willCancel(id, made.slices, points, nowMs);
  }

  #willCancel(id: string, slices: readonly LotSlice[], points: number, nowMs: number): void {
    const policy = this.#random.chance(0.5) ? GRACE : ({ kind: "forfeit" } as const);
    const first = 1 + this.#random.below(points);
    const days = this.#random.below(120);
    this.#after(days, nowMs, (atMs) => {
      this.#send(() => this.purse.refund(`${id}:1`, slices, first, atMs, { policy }));
    });
    if (first === points) return;
    this.#after(days + 5, nowMs, (atMs) => {
      const more = { policy, alreadyReturned: first };
      this.#send(() => this.purse.refund(`${id}:2`, slices, points - first, atMs, more));
    });
  }

  #adjust(nowMs: number): void {
    const key = `adjust-${this.#key()}`;
    const points = 1 + this.#random.below(300);
    if (this.#random.chance(0.5)) this.#send(() => this.purse.credit(key, points, nowMs));
    else this.#send(() => this.purse.manualDebit(key, points, true, nowMs));
  }
}
