/** Versions of a rule: draft → dry run → published → retired. A published version never changes. Pure. */
import type { Refused } from "../../accounts/points/index.ts";
import type { DryRunReport } from "./dry-run.ts";
import type { EarnRule } from "./types.ts";

export type VersionState = "draft" | "dry_run" | "published" | "retired";

/** What has versions: a rule, or a task. */
export interface Versioned {
  readonly ruleId?: string;
  readonly taskId?: string;
  readonly endsAtMs: number | null;
  readonly title: string;
}

export interface RuleVersion<R extends Versioned = EarnRule> {
  readonly version: number;
  readonly state: VersionState;
  readonly rule: R;
  readonly savedBy: string;
  readonly savedAtMs: number;
  readonly report: DryRunReport | null;
  readonly publishedBy: string | null;
  readonly publishedAtMs: number | null;
  readonly retiredAtMs: number | null;
}

/** All versions of one rule, oldest first. At most one is a draft or in dry run, at most one is published. */
export interface RuleBook<R extends Versioned = EarnRule> {
  readonly ruleId: string;
  readonly versions: readonly RuleVersion<R>[];
}

export type BookOutcome<R extends Versioned = EarnRule> =
  | { readonly kind: "ok"; readonly book: RuleBook<R> }
  | Refused;

function refused(reason: string): Refused {
  return { kind: "refused", refusal: { code: "conflict", figures: { reason } } };
}

export function isOpen({ state }: { readonly state: VersionState }): boolean {
  return state === "draft" || state === "dry_run";
}

function replaced<R extends Versioned>(book: RuleBook<R>, next: RuleVersion<R>): RuleBook<R> {
  const versions = book.versions.map((one) => (one.version === next.version ? next : one));
  return { ...book, versions };
}

/** Saves a draft. An open version is overwritten and needs its dry run again; otherwise a new version begins. */
export function saveDraft<R extends Versioned = EarnRule>(
  book: RuleBook<R>,
  rule: R,
  staff: string,
  nowMs: number,
): BookOutcome<R> {
  if ((rule.ruleId ?? rule.taskId) !== book.ruleId) return refused("another_rule");
  const open = book.versions.find(isOpen);
  const draft: RuleVersion<R> = {
    version: open?.version ?? book.versions.length + 1,
    state: "draft",
    rule,
    savedBy: staff,
    savedAtMs: nowMs,
    report: null,
    publishedBy: null,
    publishedAtMs: null,
    retiredAtMs: null,
  };
  if (open) return { kind: "ok", book: replaced(book, draft) };
  return { kind: "ok", book: { ...book, versions: [...book.versions, draft] } };
}

/** Keeps what a dry run of exactly this version showed. */
export function recordDryRun<R extends Versioned = EarnRule>(
  book: RuleBook<R>,
  version: number,
  report: DryRunReport,
): BookOutcome<R> {
  const draft = book.versions.find((one) => one.version === version);
  if (!draft || !isOpen(draft)) return refused("not_a_draft");
  return { kind: "ok", book: replaced(book, { ...draft, state: "dry_run", report }) };
}

/** Puts a tried version into force from now on and retires the one before. */
export function publish<R extends Versioned = EarnRule>(
  book: RuleBook<R>,
  version: number,
  staff: string,
  nowMs: number,
): BookOutcome<R> {
  const tried = book.versions.find((one) => one.version === version);
  if (!tried || !isOpen(tried)) return refused("not_a_draft");
  if (tried.state !== "dry_run") return refused("no_dry_run");
  const { endsAtMs } = tried.rule;
  if (endsAtMs !== null && endsAtMs <= nowMs) return refused("already_over");
  const versions = book.versions.map((one): RuleVersion<R> => {
    if (one.version === version) {
      return { ...one, state: "published", publishedBy: staff, publishedAtMs: nowMs };
    }
    return one.state === "published" ? { ...one, state: "retired", retiredAtMs: nowMs } : one;
  });
  return { kind: "ok", book: { ...book, versions } };
}

/** Takes the published version out of force. */
export function retire<R extends Versioned = EarnRule>(
  book: RuleBook<R>,
  nowMs: number,
): BookOutcome<R> {
  const published = book.versions.find((one) => one.state === "published");
  if (!published) return refused("not_published");
  return {
    kind: "ok",
    book: replaced(book, { ...published, state: "retired", retiredAtMs: nowMs }),
  };
}
