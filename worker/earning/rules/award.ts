/** Points that a source has decided by itself: a check-in table, a task, an invite. Caps and multipliers still apply. Pure. */
import type { Cap, EventKind, RuleInForce } from "./types.ts";

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
