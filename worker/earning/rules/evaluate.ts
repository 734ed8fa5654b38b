/**
 * What an event earns: filter, add the base rules or let the first that does not stack win, multiply, round once, cap.
 * Every point is attributed to the version of the rule that gave it. Pure.
 */
import { expiryOf, type PendingRule, type RuleShare } from "../../accounts/points/index.ts";
import { DAY_MS } from "../../kernel/clock.ts";
import { roomUnder, useOf, WALLET } from "./caps.ts";
import { amountOf, linesIn, mayMeet, meets } from "./conditions.ts";
import {
  atMost,
  fractionOf,
  plus,
  roundBy,
  split,
  times,
  ZERO,
  type Fraction,
} from "./fraction.ts";
import type {
  Benefit,
  CapNotice,
  CapUsage,
  EarnEvent,
  EarnProgramme,
  EarnRule,
  Evaluation,
  MemberFacts,
  PendingPolicy,
  RuleInForce,
} from "./types.ts";

/** The rule id of points that a tier's multiplier gave; its version is 0. */
export const TIER_RULE = "tier";

const NOTHING: Evaluation = { points: 0, shares: [], notices: [], changes: [] };

function applies(rule: EarnRule, event: EarnEvent, member: MemberFacts, zone: number): boolean {
  if (!rule.on.includes(event.kind) || !mayMeet(rule.condition, event)) return false;
  if (rule.startsAtMs !== null && event.atMs < rule.startsAtMs) return false;
  if (rule.endsAtMs !== null && event.atMs >= rule.endsAtMs) return false;
  return !rule.condition || meets(rule.condition, { event, member, zoneOffsetMs: zone });
}

/** All that stack, or the one of highest priority where any does not. Of equals the smaller id wins, for ever the same. */
function chosen(rules: readonly RuleInForce[]): readonly RuleInForce[] {
  const alone = rules.filter(({ rule }) => !rule.isStackable);
  return alone.length === 0 ? rules : alone.sort(byRank).slice(0, 1);
}

function byRank(a: RuleInForce, b: RuleInForce): number {
  return b.rule.priority - a.rule.priority || (a.rule.ruleId < b.rule.ruleId ? -1 : 1);
}

type BaseBenefit = Exclude<Benefit, { kind: "multiplier" }>;

function isBase(one: RuleInForce): one is RuleInForce & { rule: { benefit: BaseBenefit } } {
  return one.rule.benefit.kind !== "multiplier";
}

function baseOf(rule: EarnRule, benefit: BaseBenefit, event: EarnEvent): Fraction {
  if (benefit.kind === "fixed") return fractionOf(benefit.points);
  const amountFen = amountOf(linesIn(rule.scope, event.lines));
  return benefit.counting === "whole_steps"
    ? fractionOf(Math.floor(amountFen / benefit.perFen) * benefit.points)
    : fractionOf(amountFen * benefit.points, benefit.perFen);
}

interface Part {
  readonly rule: EarnRule | null;
  readonly version: number;
  readonly weight: Fraction;
}

/** Evaluates the rules in force at the event. The same arguments give the same answer, in any order of the rules. */
export function evaluate(
  rules: readonly RuleInForce[],
  event: EarnEvent,
  member: MemberFacts,
  programme: EarnProgramme,
  usage: CapUsage,
): Evaluation {
  const { zoneOffsetMs, rounding } = programme;
  const matching = rules
    .filter(({ rule }) => applies(rule, event, member, zoneOffsetMs))
    .sort(byRank);
  const base = chosen(matching.filter(isBase));
  if (base.length === 0) return NOTHING;
  const notices: CapNotice[] = [];
  const parts = base.map(({ rule, version }): Part => {
    const weight = baseOf(rule, rule.benefit as BaseBenefit, event);
    const room = roomUnder(rule.caps, rule.ruleId, usage, event.atMs, zoneOffsetMs);
    const allowed = atMost(weight, room.points);
    if (allowed !== weight && room.tightest) {
      notices.push({
        ruleId: rule.ruleId,
        period: room.tightest.period,
        withheld: roundBy(weight, rounding) - room.points,
      });
    }
    return { rule, version, weight: allowed };
  });
  const sum = parts.reduce((total, part) => plus(total, part.weight), ZERO);
  const multipliers = multipliersOf(matching, member);
  const factor = multipliers.reduce((by, one) => times(by, one.factor), fractionOf(1));
  const basePoints = roundBy(sum, rounding);
  const whole = roundBy(times(sum, factor), rounding);
  const baseShares = split(
    basePoints,
    parts.map((part) => part.weight),
  );
  const extraShares = split(
    whole - basePoints,
    multipliers.map((one) => one.weight),
  );
  const rows = [
    ...parts.map((part, at) => ({ ...part, points: baseShares[at] ?? 0 })),
    ...multipliers.map((one, at) => ({ ...one, points: extraShares[at] ?? 0 })),
  ];
  return capped(rows, event.atMs, programme, usage, notices);
}

interface MultiplierPart extends Part {
  readonly factor: Fraction;
}

/** Multiplier rules that apply, and the member's tier, which always stacks. */
function multipliersOf(
  matching: readonly RuleInForce[],
  member: MemberFacts,
): readonly MultiplierPart[] {
  const byRule = chosen(matching.filter((one) => !isBase(one))).map(
    ({ rule, version }): MultiplierPart => {
      const percent = rule.benefit.kind === "multiplier" ? rule.benefit.percent : 100;
      return {
        rule,
        version,
        factor: fractionOf(percent, 100),
        weight: fractionOf(percent - 100),
      };
    },
  );
  if (member.tierPercent <= 100) return byRule;
  const tier: MultiplierPart = {
    rule: null,
    version: 0,
    factor: fractionOf(member.tierPercent, 100),
    weight: fractionOf(member.tierPercent - 100),
  };
  return [...byRule, tier];
}

/** Caps of multiplier rules on what they added, then the caps of the wallet from the least important share up. */
function capped(
  rows: readonly (Part & { readonly points: number })[],
  atMs: number,
  programme: EarnProgramme,
  usage: CapUsage,
  notices: CapNotice[],
): Evaluation {
  const { zoneOffsetMs, walletCaps } = programme;
  const kept = rows.map((row) => {
    if (!row.rule || row.rule.benefit.kind !== "multiplier") return row.points;
    const room = roomUnder(row.rule.caps, row.rule.ruleId, usage, atMs, zoneOffsetMs);
    if (room.tightest && row.points > room.points) {
      const { ruleId } = row.rule;
      notices.push({ ruleId, period: room.tightest.period, withheld: row.points - room.points });
    }
    return Math.min(row.points, room.points);
  });
  const sum = kept.reduce((total, points) => total + points, 0);
  const room = roomUnder(walletCaps, WALLET, usage, atMs, zoneOffsetMs);
  let over = Math.max(0, sum - room.points);
  if (over > 0 && room.tightest) {
    notices.push({ ruleId: WALLET, period: room.tightest.period, withheld: over });
  }
  for (let at = kept.length - 1; at >= 0 && over > 0; at -= 1) {
    const cut = Math.min(kept[at] ?? 0, over);
    kept[at] = (kept[at] ?? 0) - cut;
    over -= cut;
  }
  const points = kept.reduce((total, one) => total + one, 0);
  const shares: RuleShare[] = [];
  const changes = [...useOf(walletCaps, WALLET, points, atMs, zoneOffsetMs)];
  rows.forEach(({ rule, version }, at) => {
    const share = kept[at] ?? 0;
    if (share === 0) return;
    shares.push({ ruleId: rule?.ruleId ?? TIER_RULE, version, points: share });
    if (rule) changes.push(...useOf(rule.caps, rule.ruleId, share, atMs, zoneOffsetMs));
  });
  return { points, shares, notices, changes };
}

/** One lot to credit. Rules with a validity or a waiting time of their own make lots of their own. */
export interface EarnGrant {
  readonly points: number;
  readonly shares: readonly RuleShare[];
  readonly expiresAtMs: number | null;
  readonly pending: PendingRule;
}

/** Lots that an evaluation makes. `activationEvent` is what the shell reports when the return window is over. */
export function grantsOf(
  evaluation: Evaluation,
  rules: readonly RuleInForce[],
  programme: EarnProgramme,
  atMs: number,
  activationEvent: string,
): readonly EarnGrant[] {
  const byId = new Map(rules.map(({ rule }) => [rule.ruleId, rule]));
  const grants = new Map<string, EarnGrant>();
  for (const share of evaluation.shares) {
    const rule = byId.get(share.ruleId);
    const expiresAtMs = expiryOf(rule?.expiry ?? programme.expiry, atMs, programme.zoneOffsetMs);
    const waits = pendingOf(rule?.pending ?? programme.pending, atMs, activationEvent);
    const pending = withinLife(waits, expiresAtMs);
    const key = JSON.stringify([expiresAtMs, pending]);
    const grant = grants.get(key) ?? { points: 0, shares: [], expiresAtMs, pending };
    grants.set(key, {
      ...grant,
      points: grant.points + share.points,
      shares: [...grant.shares, share],
    });
  }
  return [...grants.values()];
}

/**
 * An old rule may meet a programme that waits longer by now than the rule's points live, by an event that comes late. The date
 * that the member was told stands, so such points are active at once.
 */
function withinLife(pending: PendingRule, expiresAtMs: number | null): PendingRule {
  const isTooLong = pending.kind === "until" && expiresAtMs !== null && pending.atMs >= expiresAtMs;
  return isTooLong ? { kind: "none" } : pending;
}

function pendingOf(policy: PendingPolicy, atMs: number, activationEvent: string): PendingRule {
  if (policy.kind === "none") return { kind: "none" };
  if (policy.kind === "event") return { kind: "event", event: activationEvent };
  return { kind: "until", atMs: atMs + policy.days * DAY_MS };
}
