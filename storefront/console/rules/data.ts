/** What the API of rules answers, and the addresses it answers at. */
import type { Values } from "./schema.ts";

export const API = "/api/v1/staff/earning";
export const HOME = "/console/rules";

export interface TermsView {
  readonly kind: string;
  /** 0: nobody saved any. */
  readonly version: number;
  /** Null: there are none. */
  readonly terms: Values | null;
  readonly savedBy: string | null;
  readonly savedAtMs: number | null;
}
export interface TermsHistory extends TermsView {
  readonly versions: readonly TermsView[];
}

export interface MemberChange {
  readonly memberKey: string;
  readonly now: number;
  readonly draft: number;
}
export interface DryRun {
  readonly events: number;
  readonly members: number;
  readonly nowPoints: number;
  readonly draftPoints: number;
  readonly costFen: number;
  readonly winners: number;
  readonly losers: number;
  readonly unchanged: number;
  readonly mostWon: readonly MemberChange[];
  readonly mostLost: readonly MemberChange[];
}

export interface RuleVersion {
  readonly id: string;
  readonly version: number;
  readonly state: "draft" | "dry_run" | "published" | "retired";
  readonly body: Values;
  readonly report: DryRun | null;
  readonly savedBy: string;
  readonly savedAtMs: number;
  readonly publishedAtMs: number | null;
}

export type Shelf = "rules" | "tasks";
export const isShelf = (word: string): word is Shelf => word === "rules" || word === "tasks";
export const isOpen = ({ state }: RuleVersion): boolean => state === "draft" || state === "dry_run";

/** Of one rule: what is in force, what is drafted, and the newest of all. */
export interface Book {
  readonly id: string;
  readonly live: RuleVersion | null;
  readonly draft: RuleVersion | null;
  readonly newest: RuleVersion;
}

export function booksOf(versions: readonly RuleVersion[]): readonly Book[] {
  const byId = new Map<string, RuleVersion[]>();
  for (const one of versions) byId.set(one.id, [...(byId.get(one.id) ?? []), one]);
  return [...byId].flatMap(([id, all]) => {
    const newest = all.reduce(
      (best, one) => (one.version > best.version ? one : best),
      all[0] as RuleVersion,
    );
    const live = all.find(({ state }) => state === "published") ?? null;
    return [{ id, newest, live, draft: all.find(isOpen) ?? null }];
  });
}
