/**
 * One member in one commit: what is loaded, what it earns, what is written. Events, check-ins, tasks, invites and codes all
 * pay through here, so that caps, multipliers and the breakdown are the same for every source.
 */
import { DAY_MS } from "../../kernel/clock.ts";
import {
  awardTerms,
  evaluate,
  grantsOf,
  REDEMPTION_CHANNEL,
  type Award,
  type EarnEvent,
  type EarnProgramme,
  type Evaluation,
  type EventKind,
  type MemberFacts,
  type RuleInForce,
} from "../../earning/rules/index.ts";
import {
  namesOf,
  rulesAt,
  type NamedShare,
  tasksAt,
  type ProgrammeTerms,
} from "../../earning/programme/index.ts";
import { advanceTask, taskPeriod, undoTask, type TaskTerms } from "../../earning/tasks/index.ts";
import { invariant } from "../../kernel/invariant.ts";
import { periodEndMs, PERIODS, type Period } from "../../kernel/calendar.ts";
import { LIMITS } from "../../kernel/limits.ts";
import {
  addGrowth,
  evaluateTier,
  newTierState,
  joinTiers,
  type TierState,
  type TierOutcome,
} from "../../tiers/index.ts";
import {
  balanceOf,
  clawBack,
  credit,
  type Cause,
  type CreditType,
  type PendingRule,
  type PointsEntry,
  type RuleShare,
  type WalletBalance,
} from "../points/index.ts";
import type { PointsDesk } from "../points-desk.ts";
import type { EarningStore } from "./earning-store.ts";
import type { PurchasesStore } from "./purchases-store.ts";
import { planFor, type RemindingPorts } from "./reminding.ts";
import { factsOf, nextBirthdayMs, paysBirthdays, type Profile } from "./profile.ts";

export interface EarnerPorts extends RemindingPorts {
  readonly points: PointsDesk;
  readonly earning: EarningStore;
  readonly purchases: PurchasesStore;
}

/** What a payment says beside its points. */
export interface PayNote {
  readonly kind: EventKind;
  /** The terms that gave it: a task, a table. */
  readonly ruleId: string;
  readonly version: number;
  readonly storeId?: string | null;
  readonly actor?: string;
}

const NO_WAITING = { kind: "none" } as const;
/** Rows of caps beyond which those of past periods are thrown away. */
const CAP_ROWS_MAX = 64;
const MONEY: ReadonlySet<EventKind> = new Set(["order", "write_off"]);

/** The word of the wallet for an event that became final. */
export function receivedEvent(eventId: string): string {
  return `received:${eventId}`;
}

export class Earner {
  readonly memberKey: string;
  readonly terms: ProgrammeTerms;
  readonly nowMs: number;
  readonly #ports: EarnerPorts;
  #profile: Profile;
  readonly #names: () => ReadonlyMap<string, string>;

  constructor(ports: EarnerPorts, memberKey: string, terms: ProgrammeTerms, nowMs: number) {
    this.#ports = ports;
    this.memberKey = memberKey;
    this.terms = terms;
    this.nowMs = nowMs;
    this.#profile = ports.earning.profile(memberKey);
    let names: ReadonlyMap<string, string> | null = null;
    this.#names = () => (names ??= namesOf(terms));
  }

  get profile(): Profile {
    return this.#profile;
  }

  set profile(next: Profile) {
    this.#profile = next;
  }

  facts(atMs: number): MemberFacts {
    return factsOf(this.#profile, this.terms, atMs);
  }

  /** What rules may ask about the member at an event: redemptions are counted by themselves. */
  factsFor({ atMs, channel }: EarnEvent): MemberFacts {
    const facts = this.facts(atMs);
    return channel === REDEMPTION_CHANNEL
      ? { ...facts, ordersBefore: this.#profile.redemptions }
      : facts;
  }

  get balance(): WalletBalance {
    return balanceOf(this.#ports.account.members.wallet(this.memberKey), this.nowMs);
  }

  /** Room for points before the bound of a lifetime. */
  get room(): number {
    return LIMITS.pointsMax - this.#ports.account.members.wallet(this.memberKey).granted;
  }

  named(shares: readonly RuleShare[]): readonly NamedShare[] {
    return shares.map((share) => ({
      ...share,
      name: this.#names().get(share.ruleId) ?? share.ruleId,
    }));
  }

  /** Takes the member in: from now on there is a moment of joining, and a tier where the programme has any. */
  join(atMs: number): void {
    const { tiers } = this.terms;
    const joinedAtMs = this.#profile.joinedAtMs ?? atMs;
    const tier = this.#profile.tier ?? (tiers && newTierState(tiers, joinedAtMs));
    this.#profile = { ...this.#profile, joinedAtMs, tier };
    if (tier && tiers) this.keepTier(evaluateTier(tier, tiers, this.nowMs));
  }

  /** Writes the profile, with the moments at which it needs attention again. */
  save(): void {
    const remindAtMs = this.#hasEarned ? this.#remindAtMs() : this.#profile.remindAtMs;
    this.#profile = { ...this.#profile, birthdayAtMs: this.#birthdayAtMs(), remindAtMs };
    this.#ports.earning.saveProfile(this.memberKey, this.#profile);
  }

  /** Points changed beside earning, as by a grant: the reminders are planned anew. */
  planReminders(): void {
    const remindAtMs = this.#remindAtMs();
    if (remindAtMs === this.#profile.remindAtMs) return;
    this.#profile = { ...this.#profile, remindAtMs };
    this.#ports.earning.saveProfile(this.memberKey, this.#profile);
  }

  #remindAtMs(): number | null {
    const plan = planFor(this.#ports, this.memberKey, this.#profile, this.terms, this.nowMs);
    // What is due is written by the sweep, which the alarm calls at once.
    return plan.due.length > 0 ? this.nowMs : plan.nextAtMs;
  }

  #hasEarned = false;

  #birthdayAtMs(): number | null {
    const { birthday, birthdayAtMs } = this.#profile;
    if (!birthday || !paysBirthdays(this.terms)) return null;
    return birthdayAtMs ?? nextBirthdayMs(birthday, this.nowMs, this.terms.earn.zoneOffsetMs);
  }

  // ---- points

  /** What the rules give for an event, before it is credited. */
  evaluate(
    event: EarnEvent,
    rules: readonly RuleInForce[],
    facts = this.factsFor(event),
  ): Evaluation {
    return evaluate(rules, event, facts, this.#programme(event.kind), this.#usage());
  }

  #usage() {
    const { earning } = this.#ports;
    const usage = earning.usage(this.memberKey);
    if (usage.size > CAP_ROWS_MAX) {
      earning.forgetCaps(
        this.memberKey,
        [...usage.keys()].filter((key) => this.#isPast(key)),
      );
    }
    return usage;
  }

  /** Whether a cap counts in a period so long over that no late event can fall into it. */
  #isPast(key: string): boolean {
    const [index = "", period = ""] = key.split(":").reverse();
    if (!(PERIODS as readonly string[]).includes(period)) return true;
    const endMs = periodEndMs(period as Period, Number(index), this.terms.earn.zoneOffsetMs);
    return endMs !== null && endMs < this.nowMs - CAP_MEMORY_MS;
  }

  /** Only orders are received and sent back; what waits for that would wait for ever on anything else. */
  #programme(kind: EventKind): EarnProgramme {
    const { earn } = this.terms;
    return MONEY.has(kind) || earn.pending.kind !== "event"
      ? earn
      : { ...earn, pending: NO_WAITING };
  }

  /** Credits what an evaluation gives, one lot for each validity and waiting time, and counts the caps. */
  credit(
    evaluation: Evaluation,
    event: EarnEvent,
    rules: readonly RuleInForce[],
    keyOf: (at: number) => string,
    note: Pick<PayNote, "actor" | "storeId"> & { readonly sourceId: string },
  ): void {
    const { kind, atMs, eventId } = event;
    const waitsFor = receivedEvent(eventId);
    const grants = grantsOf(evaluation, rules, this.#programme(kind), atMs, waitsFor);
    grants.forEach((grant, at) => {
      if (grant.points === 0) return;
      const cause: Cause = {
        naturalKey: keyOf(at),
        orderId: kind === "order" ? eventId : null,
        sourceId: note.sourceId,
        breakdown: grant.shares,
        actor: note.actor ?? "system",
        storeId: note.storeId ?? event.storeId,
        customerNote: kind,
        internalNote: "",
        occurredAtMs: atMs,
      };
      this.#book(MONEY.has(kind) ? "earn_order" : "earn_action", {
        ...{ points: grant.points, expiresAtMs: grant.expiresAtMs, pending: grant.pending },
        ...{ source: kind, originId: note.sourceId, cause },
      });
    });
    this.#ports.earning.useCaps(this.memberKey, evaluation.changes);
    if (evaluation.points > 0) this.#hasEarned = true;
  }

  #book(
    type: CreditType,
    command: {
      readonly points: number;
      readonly expiresAtMs: number | null;
      readonly pending: PendingRule;
      readonly source: string;
      readonly originId: string;
      readonly cause: Cause;
    },
  ): void {
    const outcome = this.#ports.points.change(this.memberKey, this.nowMs, (wallet, ledger) =>
      credit(wallet, { type, ...command }, ledger, this.nowMs),
    );
    // What a member may ever own was looked at before; a rule cannot say anything else that a wallet refuses.
    invariant(outcome.kind !== "refused", "a checked credit is booked", { outcome });
  }

  /** Pays what a source owes, through the multipliers and caps in force. Once a natural key, for ever. */
  pay(award: Award, note: PayNote): number {
    if (award.points === 0 || this.#isKnown(award.naturalKey)) return 0;
    const event = this.event(note.kind, award.naturalKey, note.storeId ?? null);
    const { kind, ruleId, version } = note;
    const stated = { ruleId, version, points: award.points };
    const inForce = rulesAt(this.terms, this.nowMs);
    const { rules, member } = awardTerms(kind, stated, inForce, this.facts(this.nowMs));
    const evaluation = this.evaluate(event, rules, member);
    if (evaluation.points === 0 || evaluation.points > this.room) return 0;
    const { sourceId } = award;
    const { actor = "system", storeId = null } = note;
    // A multiplier with a validity of its own makes a second lot, under a key of its own.
    const keyOf = (at: number): string =>
      at === 0 ? award.naturalKey : `${award.naturalKey}:${at}`;
    this.credit(evaluation, event, rules, keyOf, { sourceId, actor, storeId });
    return evaluation.points;
  }

  #isKnown(naturalKey: string): boolean {
    return this.#ports.account.entries.lookup(this.memberKey).find(naturalKey) !== null;
  }

  event(kind: EventKind, eventId: string, storeId: string | null = null): EarnEvent {
    return {
      eventId,
      kind,
      name: null,
      memberKey: this.memberKey,
      atMs: this.nowMs,
      lines: [],
      storeId,
      channel: null,
    };
  }

  // ---- growth and tiers

  grow(growth: number): void {
    const { tiers } = this.terms;
    const { tier } = this.#profile;
    if (growth === 0 || !tiers || !tier) return;
    this.keepTier(addGrowth(tier, tiers, growth, this.nowMs));
  }

  /** Another record of this person came in: the growth of both counts. */
  joinTier(from: TierState): void {
    const { tiers } = this.terms;
    const { tier } = this.#profile;
    if (tiers && tier) this.keepTier(joinTiers(tier, from, tiers, this.nowMs));
  }

  /** Keeps the tier, and pays its gifts. */
  keepTier(outcome: TierOutcome): void {
    this.#profile = { ...this.#profile, tier: outcome.state };
    for (const change of outcome.changes) {
      if (change.kind !== "gift") continue;
      const { naturalKey, points, tierId } = change;
      const version = this.terms.tiers?.version ?? 1;
      this.pay(
        { naturalKey, points, sourceId: tierId },
        { kind: "custom", ruleId: "tier-gift", version },
      );
    }
  }

  // ---- tasks

  /** Counts an event for every task it moves; tasks that pay by themselves pay now. */
  advanceTasks(event: EarnEvent): void {
    for (const task of tasksAt(this.terms, event.atMs)) this.#advance(task, event);
  }

  /** An event went back whole: what stood on it is open again, and a reward that was paid for it is taken back. */
  undoTasks(event: EarnEvent): void {
    const { earning } = this.#ports;
    const { zoneOffsetMs } = this.terms.earn;
    for (const task of tasksAt(this.terms, event.atMs)) {
      const period = taskPeriod(task, event.atMs, zoneOffsetMs);
      const undone = undoTask(earning.task(this.memberKey, task.taskId, period), event.eventId);
      if (undone.kind === "unmoved") continue;
      earning.saveTask(this.memberKey, undone.progress);
      if (undone.paidKey === null) continue;
      const { taskId: sourceId, points } = task;
      this.takeBackAward({ naturalKey: undone.paidKey, points, sourceId }, "return");
      this.grow(0 - task.growth);
    }
  }

  /** Takes back what an award really paid: all lots of it, those of multipliers too. Caps that it used stay used. */
  takeBackAward(award: Award, customerNote: "return" | "invite_undone"): void {
    const points = this.#paidBy(award);
    if (points <= 0) return;
    const { naturalKey, sourceId } = award;
    const cause: Cause = {
      ...{ naturalKey: `undo:${naturalKey}`, orderId: null, sourceId, breakdown: [] },
      ...{ actor: "system", storeId: null, customerNote, internalNote: "" },
      occurredAtMs: this.nowMs,
    };
    const command = { points, policy: this.terms.clawback, originId: sourceId, cause };
    this.#ports.points.change(this.memberKey, this.nowMs, (wallet, known) =>
      clawBack(wallet, command, known, this.nowMs),
    );
  }

  #paidBy({ naturalKey, points: stated }: Award): number {
    const { entries, merges } = this.#ports.account;
    const ledger = entries.lookup(this.memberKey);
    const paid = ledger.find(naturalKey);
    // It was paid into the ledger of a record that came in later, where only its lots came along.
    if (!paid) return merges.recordsIn(this.memberKey).length > 0 ? stated : 0;
    let points = 0;
    for (let at = 1, entry: PointsEntry | null = paid; entry; at += 1) {
      points += entry.points;
      entry = ledger.find(`${naturalKey}:${at}`);
    }
    return points;
  }

  #advance(task: TaskTerms, event: EarnEvent): void {
    const { earning } = this.#ports;
    const { zoneOffsetMs } = this.terms.earn;
    const period = taskPeriod(task, event.atMs, zoneOffsetMs);
    const joinedAtMs = this.#profile.joinedAtMs ?? event.atMs;
    const member = { ...this.factsFor(event), joinedAtMs };
    const row = earning.task(this.memberKey, task.taskId, period);
    const outcome = advanceTask(row, task, event, member, zoneOffsetMs);
    if (outcome.kind !== "moved") return;
    earning.saveTask(this.memberKey, outcome.progress);
    if (!outcome.award) return;
    this.pay(outcome.award, { kind: "task", ruleId: task.taskId, version: task.version });
    this.grow(outcome.award.growth);
  }
}

/** An event may come this late, so caps of its time are remembered as long. */
const CAP_MEMORY_MS = 92 * DAY_MS;
