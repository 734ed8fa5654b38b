/**
 * A programme's terms for tests: plain, and changed where a test says so. As values for what decides, and as bodies for what
 * staff send: there the programme fills in its zone and counts versions.
 */
import {
  assembleTerms,
  type ProgrammeTerms,
  type RuleWindow,
  type StoredTask,
} from "../../earning/programme/index.ts";
import type { CheckInTerms } from "../../earning/check-in/index.ts";
import type { InviteTerms } from "../../earning/invites/index.ts";
import type { EarnRule } from "../../earning/rules/index.ts";
import type { TierTerms } from "../../tiers/index.ts";
import { CHINA_MS, PROGRAMME, ruleOf } from "./earning.ts";
import { LIFE_CHECK_IN, LIFE_INVITES, LIFE_REMINDERS, LIFE_TIERS } from "./life-terms.ts";

export const TERMS: ProgrammeTerms = assembleTerms(
  "demo",
  1,
  {
    earn: { ...PROGRAMME, expiry: { kind: "never" } },
    check_in: { ...LIFE_CHECK_IN, cycle: "endless", streak: [], cumulative: [], dailyPoints: 5 },
    invites: LIFE_INVITES,
    growth: { version: 1, perAmount: { growth: 1, perFen: 100 }, registration: 0, checkIn: 0 },
  },
  [],
  [],
);

/** Rules in force since ever. */
export const windows = (...rules: readonly Partial<EarnRule>[]): RuleWindow[] =>
  rules.map((rule, at) => ({
    rule: ruleOf({ ruleId: `r${at}`, ...rule }),
    version: 1,
    fromMs: 0,
    untilMs: null,
  }));

export function taskOf(more: Partial<StoredTask> = {}): StoredTask {
  return {
    taskId: "buy-twice",
    version: 1,
    title: "Buy twice",
    kind: "custom",
    on: "order",
    condition: null,
    target: 2,
    period: "ever",
    points: 40,
    growth: 0,
    claim: "by_member",
    newcomerDays: null,
    startsAtMs: null,
    endsAtMs: null,
    detail: "",
    link: null,
    ...more,
  };
}

export const NO_GRACE_TIERS: TierTerms = {
  ...LIFE_TIERS,
  zoneOffsetMs: CHINA_MS,
  roundTo: "none",
  graceDays: 0,
};

export const REMINDERS = { ...LIFE_REMINDERS, quiet: null };

type Body = Readonly<Record<string, unknown>>;
type Must = (method: "POST" | "PUT", path: string, body: object) => Promise<unknown>;

function bodyOf(terms: object): Body {
  const { version: _, zoneOffsetMs: __, ...body } = terms as Body;
  return body;
}

/** Five points a day, without tables and cards. */
export function checkInBody(more: Partial<CheckInTerms> = {}): Body {
  const plain = { cycle: "weekly", dailyPoints: 5, streak: [], cumulative: [], makeUpDaysMax: 0 };
  return { ...bodyOf(LIFE_CHECK_IN), ...plain, makeUpPays: false, ...more };
}

export const taskBody = (more: Partial<StoredTask> = {}): Body => bodyOf(taskOf(more));
export const inviteBody = (more: Partial<InviteTerms> = {}): Body =>
  bodyOf({ ...LIFE_INVITES, ...more });
export const tiersBody = (more: Partial<TierTerms> = {}): Body =>
  bodyOf({ ...LIFE_TIERS, ...more });

/** Drafts a rule or a task, tries it and puts it into force, as staff do. */
export async function publishWith(
  must: Must,
  shelf: "rules" | "tasks",
  body: object,
): Promise<void> {
  const { ruleId, taskId } = body as { ruleId?: string; taskId?: string };
  const path = `/api/v1/staff/earning/${shelf}`;
  await must("POST", path, body);
  for (const step of ["dry-run", "publish"]) {
    await must("POST", `${path}/${ruleId ?? taskId}/${step}`, {});
  }
}
