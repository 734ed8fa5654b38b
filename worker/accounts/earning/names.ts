/** What people call the things that gave points, or took some off a price. Pure. */
import { taskOf, type ProgrammeTerms } from "../../earning/programme/index.ts";
import { DISCOUNT_SHARE } from "../orders.ts";
import type { ShareName } from "../requests.ts";

const SOURCES: ReadonlyMap<string, ShareName["kind"]> = new Map([
  ["check-in", "check_in"],
  ["tier", "tier"],
  ["tier-gift", "tier_gift"],
  ["invite", "invite"],
  ["till-code", "till_code"],
]);

export function nameOf(ruleId: string, terms: ProgrammeTerms | null): ShareName {
  if (ruleId.startsWith(DISCOUNT_SHARE)) {
    const id = ruleId.slice(DISCOUNT_SHARE.length);
    const discount = terms?.discounts.discounts.find(({ discountId }) => discountId === id);
    return { kind: "discount", name: discount?.title ?? id };
  }
  const rule = terms?.rules.find((one) => one.rule.ruleId === ruleId);
  if (rule) return { kind: "rule", name: rule.rule.title };
  const task = terms && taskOf(terms, ruleId);
  if (task) return { kind: "task", name: task.title };
  return { kind: SOURCES.get(ruleId) ?? "rule", name: ruleId };
}
