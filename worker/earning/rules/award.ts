/** Points that a source has decided by itself: a check-in table, a task, an invite. Caps and multipliers still apply. Pure. */
import type { RuleShare } from "../../accounts/points/index.ts";
import type { Cap, EventKind, MemberFacts, RuleInForce } from "./types.ts";

/** One payment that a source owes. `naturalKey` makes it exist once per member. */
export interface Award {
  readonly naturalKey: string;
  readonly points: number;
  /** The task, day, invite or code it is for. */
  readonly sourceId: string;
}

/**
 * An award as a rule, to be evaluated beside the multipliers in force; `ruleId` and `version` are those of the terms that
 * gave it, so that the ledger explains it like any other.
 */
export function awardAsRule(
  ruleId: string,
  version: number,
  on: EventKind,
  points: number,
  caps: readonly Cap[],
): RuleInForce {
  return {
    rule: {
      ruleId,
      title: ruleId,
      on: [on],
      startsAtMs: null,
      endsAtMs: null,
      condition: null,
      scope: null,
      benefit: { kind: "fixed", points },
      priority: 0,
      isStackable: true,
      caps,
      expiry: null,
      pending: null,
    },
    version,
  };
}

/** What an award is evaluated by: itself, and the multipliers. It is active at once, and a tier multiplies what rules give. */
export function awardTerms(
  kind: EventKind,
  { ruleId, version, points }: RuleShare,
  rules: readonly RuleInForce[],
  member: MemberFacts,
): { readonly rules: readonly RuleInForce[]; readonly member: MemberFacts } {
  const own = awardAsRule(ruleId, version, kind, points, []);
  const multipliers = rules.filter(({ rule }) => rule.benefit.kind === "multiplier");
  return {
    rules: [{ ...own, rule: { ...own.rule, pending: { kind: "none" } } }, ...multipliers],
    member: { ...member, tierPercent: 100 },
  };
}
