/** Everything a programme says about earning, as one plain value: what the Worker reads and an Account decides by. Pure. */
import type {
  ClawbackPolicy,
  LapsePolicy,
  OffsetTerms as RateTerms,
  RuleShare,
} from "../../accounts/points/index.ts";
import { DAY_MS } from "../../kernel/clock.ts";
import type { ReminderTerms } from "../../reminders/index.ts";
import type { TierTerms } from "../../tiers/index.ts";
import type { CheckInTerms } from "../check-in/index.ts";
import { DEFAULT_DISCOUNTS, type DiscountTerms } from "../discounts/index.ts";
import type { InviteTerms } from "../invites/index.ts";
import type { ApprovalTerms } from "../manual/index.ts";
import type { EarnProgramme, EarnRule, RuleInForce } from "../rules/index.ts";
import type { TaskTerms } from "../tasks/index.ts";

export const TERMS_KINDS = [
  "earn",
  "check_in",
  "invites",
  "tiers",
  "growth",
  "reminders",
  "approval",
  "refund",
  "clawback",
  "rate",
  "discounts",
  "offset",
  "stored_value",
] as const;
/** Terms that exist once a programme, in versions. */
export type TermsKind = (typeof TERMS_KINDS)[number];

/** What makes growth, which is no money and is never spent. Tasks add their own. */
export interface GrowthTerms {
  readonly version: number;
  /** For each whole `perFen` paid; null: money makes no growth. */
  readonly perAmount: { readonly growth: number; readonly perFen: number } | null;
  readonly registration: number;
  readonly checkIn: number;
}

/** Where points may pay for part of a bill. How much of it, and what they are worth, is the conversion rate's to say. */
export interface OffsetTerms {
  readonly version: number;
  /** At the merchant's other tills, through the API. */
  readonly tills: boolean;
  /** On the cash leg of an order of the mall. */
  readonly mall: boolean;
  /** Whether a bill that another discount stands on takes points as well. */
  readonly isStackable: boolean;
  /** How long a till may take between hold and capture. */
  readonly holdMinutes: number;
}

/** Money that members leave with the merchant beforehand. All amounts in fen. */
export interface StoredValueTerms {
  readonly version: number;
  /** False: nobody can bring money in; what is there can still be spent. */
  readonly isOn: boolean;
  /** What the page offers; the member may choose another amount between the two below. */
  readonly choicesFen: readonly number[];
  readonly topUpMinFen: number;
  readonly topUpMaxFen: number;
  /** The most that one member may have here. */
  readonly balanceMaxFen: number;
}

/** A task with what its page says of it. */
export interface StoredTask extends TaskTerms {
  readonly detail: string;
  /** Where the member does it: a path on this origin. */
  readonly link: string | null;
}

/** A version with the time it was in force; `untilMs` null: it is. */
export interface RuleWindow {
  readonly rule: EarnRule;
  readonly version: number;
  readonly fromMs: number;
  readonly untilMs: number | null;
}
export interface TaskWindow {
  readonly task: StoredTask;
  readonly fromMs: number;
  readonly untilMs: number | null;
}

/** What each kind of terms holds. */
export interface TermsOf {
  readonly earn: EarnProgramme;
  readonly check_in: CheckInTerms;
  readonly invites: InviteTerms;
  readonly tiers: TierTerms;
  readonly growth: GrowthTerms;
  readonly reminders: ReminderTerms;
  readonly approval: ApprovalTerms;
  readonly refund: LapsePolicy;
  readonly clawback: { readonly policy: ClawbackPolicy };
  readonly rate: RateTerms;
  readonly discounts: DiscountTerms;
  readonly offset: OffsetTerms;
  readonly stored_value: StoredValueTerms;
}

/** One state of a programme. It is handed to Accounts whole, so nothing that earns reads a database of its own. */
export interface ProgrammeTerms {
  readonly programmeId: string;
  /** Counts the changes of the programme; a higher one replaces a lower one. */
  readonly revision: number;
  readonly earn: EarnProgramme;
  readonly refund: LapsePolicy;
  readonly clawback: ClawbackPolicy;
  readonly approval: ApprovalTerms;
  readonly rate: RateTerms;
  readonly discounts: DiscountTerms;
  readonly offset: OffsetTerms;
  readonly storedValue: StoredValueTerms;
  readonly growth: GrowthTerms;
  /** Null: the merchant has none, and there is nothing to be shown. */
  readonly checkIn: CheckInTerms | null;
  readonly invites: InviteTerms | null;
  readonly tiers: TierTerms | null;
  readonly reminders: ReminderTerms | null;
  /** In force, or retired so lately that an event of their time may still come. */
  readonly rules: readonly RuleWindow[];
  readonly tasks: readonly TaskWindow[];
}

export const PROGRAMME_LIMITS = {
  /** Published rules and tasks of one programme. */
  rulesMax: 200,
  tasksMax: 100,
  /** Text of a whole `ProgrammeTerms`, bytes. */
  bytesMax: 400_000,
  /** How late an event may come. Versions that were retired earlier are forgotten by Accounts. */
  lateMsMax: 90 * DAY_MS,
} as const;

/** What holds until the merchant says otherwise: points that never lapse, given back with a month's grace. */
export const DEFAULT_TERMS: Readonly<
  Pick<
    TermsOf,
    | "earn"
    | "refund"
    | "clawback"
    | "approval"
    | "rate"
    | "growth"
    | "discounts"
    | "offset"
    | "stored_value"
  >
> = {
  earn: {
    zoneOffsetMs: 8 * 3_600_000,
    rounding: "floor",
    walletCaps: [],
    expiry: { kind: "never" },
    pending: { kind: "none" },
  },
  refund: { kind: "grace", days: 30 },
  clawback: { policy: "within_balance" },
  approval: { pointsFrom: 10_000, alonePerDayMax: 50_000 },
  rate: { rate: { points: 100, fen: 100 }, pointsMin: 0, percentMax: 100, pointsMax: null },
  growth: { version: 0, perAmount: { growth: 1, perFen: 100 }, registration: 0, checkIn: 0 },
  discounts: DEFAULT_DISCOUNTS,
  // Points become money only where the merchant says so.
  offset: { version: 0, tills: false, mall: false, isStackable: false, holdMinutes: 15 },
  stored_value: {
    ...{ version: 0, isOn: false, choicesFen: [5_000, 10_000, 20_000, 50_000] },
    ...{ topUpMinFen: 100, topUpMaxFen: 100_000, balanceMaxFen: 500_000 },
  },
};

/** Terms as saved, by kind; a kind that nobody saved is absent. */
export type SavedTerms = { readonly [K in TermsKind]?: TermsOf[K] };

export function assembleTerms(
  programmeId: string,
  revision: number,
  saved: SavedTerms,
  rules: readonly RuleWindow[],
  tasks: readonly TaskWindow[],
): ProgrammeTerms {
  return {
    programmeId,
    revision,
    earn: saved.earn ?? DEFAULT_TERMS.earn,
    refund: saved.refund ?? DEFAULT_TERMS.refund,
    clawback: (saved.clawback ?? DEFAULT_TERMS.clawback).policy,
    approval: saved.approval ?? DEFAULT_TERMS.approval,
    rate: saved.rate ?? DEFAULT_TERMS.rate,
    growth: saved.growth ?? DEFAULT_TERMS.growth,
    discounts: saved.discounts ?? DEFAULT_TERMS.discounts,
    offset: saved.offset ?? DEFAULT_TERMS.offset,
    storedValue: saved.stored_value ?? DEFAULT_TERMS.stored_value,
    checkIn: saved.check_in ?? null,
    invites: saved.invites ?? null,
    tiers: saved.tiers ?? null,
    reminders: saved.reminders ?? null,
    rules,
    tasks,
  };
}

function isInForce(
  window: { readonly fromMs: number; readonly untilMs: number | null },
  atMs: number,
): boolean {
  return window.fromMs <= atMs && (window.untilMs === null || atMs < window.untilMs);
}

/** Rules in force at a moment. An event that comes late is judged by the rules of its own time. */
export function rulesAt(terms: ProgrammeTerms, atMs: number): readonly RuleInForce[] {
  return terms.rules
    .filter((window) => isInForce(window, atMs))
    .map(({ rule, version }) => ({ rule, version }));
}

export function tasksAt(terms: ProgrammeTerms, atMs: number): readonly StoredTask[] {
  return terms.tasks.filter((window) => isInForce(window, atMs)).map(({ task }) => task);
}

/** The newest version of a task, retired or not: what was completed may be claimed after its end. */
export function taskOf(terms: ProgrammeTerms, taskId: string): StoredTask | null {
  const versions = terms.tasks.filter(({ task }) => task.taskId === taskId);
  return versions.sort((a, b) => b.fromMs - a.fromMs)[0]?.task ?? null;
}

/** What a rule, a table or a task is called, for the explanation of an entry. */
export function namesOf(terms: ProgrammeTerms): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { rule } of terms.rules) names.set(rule.ruleId, rule.title);
  for (const { task } of terms.tasks) names.set(task.taskId, task.title);
  return names;
}

/** A share with its name, as people read it. */
export interface NamedShare extends RuleShare {
  readonly name: string;
}
