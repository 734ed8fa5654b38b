/** What sending goods costs, by where they go. */
import { fitOf } from "./regions.ts";

export interface FreightRule {
  /** Codes of provinces, cities or districts; empty: everywhere else. */
  readonly regions: readonly string[];
  readonly firstPieces: number;
  readonly firstFen: number;
  readonly extraPieces: number;
  readonly extraFen: number;
  /** From so many pieces on nothing is charged; null: never by number. */
  readonly freeFromPieces: number | null;
}

export interface FreightTemplate {
  readonly templateId: string;
  readonly title: string;
  readonly rules: readonly FreightRule[];
  /** Where nothing is sent. */
  readonly undeliverable: readonly string[];
}

export type FreightQuote =
  | { readonly kind: "deliverable"; readonly amountFen: number }
  | { readonly kind: "undeliverable" };

/** The rule that names the district most closely; of equal ones the first. */
function ruleFor(template: FreightTemplate, districtCode: string): FreightRule | null {
  let best: FreightRule | null = null;
  let bestFit = -1;
  for (const rule of template.rules) {
    const fit =
      rule.regions.length === 0
        ? 0
        : Math.max(...rule.regions.map((code) => fitOf(code, districtCode)));
    if (rule.regions.length > 0 && fit === 0) continue;
    if (fit > bestFit) [best, bestFit] = [rule, fit];
  }
  return best;
}

/** Without a template goods travel free to everywhere. A template without a rule for a place does not go there. */
export function quoteFreight(
  template: FreightTemplate | null,
  districtCode: string,
  pieces: number,
): FreightQuote {
  if (!template) return { kind: "deliverable", amountFen: 0 };
  if (template.undeliverable.some((code) => fitOf(code, districtCode) > 0)) {
    return { kind: "undeliverable" };
  }
  const rule = ruleFor(template, districtCode);
  if (!rule) return { kind: "undeliverable" };
  const { firstPieces, firstFen, extraPieces, extraFen, freeFromPieces } = rule;
  if (freeFromPieces !== null && pieces >= freeFromPieces) {
    return { kind: "deliverable", amountFen: 0 };
  }
  const extra = Math.max(0, pieces - firstPieces);
  const steps = extraPieces > 0 ? Math.ceil(extra / extraPieces) : 0;
  return { kind: "deliverable", amountFen: firstFen + steps * extraFen };
}
