/** Builders of events, members and rules for tests: say what matters, the rest is plain. */
import type {
  CapUsage,
  EarnEvent,
  EarnProgramme,
  EarnRule,
  EventLine,
  MemberFacts,
  RuleInForce,
} from "../../earning/rules/index.ts";

export const CHINA_MS = 8 * 3_600_000;
export const NO_USE: CapUsage = new Map();

/** A moment as the programme's clock in China shows it: `2026-06-01T12:00`. */
export function chinaMs(text: string): number {
  return Date.parse(`${text.includes("T") ? text : `${text}T00:00`}:00Z`) - CHINA_MS;
}

export const PLAIN: MemberFacts = {
  tierId: null,
  segments: [],
  labels: [],
  ordersBefore: 0,
  birthday: null,
  tierPercent: 100,
};

export const PROGRAMME: EarnProgramme = {
  zoneOffsetMs: CHINA_MS,
  rounding: "floor",
  walletCaps: [],
  expiry: { kind: "after", amount: 12, unit: "months", rounding: { kind: "month_end" } },
  pending: { kind: "none" },
};

export function lineOf(amountFen: number, more: Partial<EventLine> = {}): EventLine {
  return { productId: "p", categoryIds: [], labels: [], amountFen, ...more };
}

export function orderOf(amountFen: number, more: Partial<EarnEvent> = {}): EarnEvent {
  return {
    eventId: "o1",
    kind: "order",
    name: null,
    memberKey: "demo:m",
    atMs: chinaMs("2026-06-01T12:00"),
    lines: [lineOf(amountFen)],
    storeId: null,
    channel: null,
    ...more,
  };
}

export function ruleOf(more: Partial<EarnRule> = {}): EarnRule {
  return {
    ruleId: "r",
    title: "rule",
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
    ...more,
  };
}

/** Rules in force, named `r0`, `r1` … and in version 1. */
export function inForce(...rules: readonly Partial<EarnRule>[]): RuleInForce[] {
  return rules.map((rule, at) => ({ rule: ruleOf({ ruleId: `r${at}`, ...rule }), version: 1 }));
}
