/** Replays past events through a draft beside the rules in force: what it costs, who wins, who loses. Pure. */
import { worthFen, type ConversionRate, type RuleShare } from "../../accounts/points/index.ts";
import { awardTerms } from "./award.ts";
import { withUse } from "./caps.ts";
import { evaluate } from "./evaluate.ts";
import { capsFreed, reversalOf } from "./returns.ts";
import type { CapUsage, EarnEvent, EarnProgramme, MemberFacts, RuleInForce } from "./types.ts";

export interface PastEvent {
  readonly event: EarnEvent;
  readonly member: MemberFacts;
  /** What a source paid by its own table, which multipliers raise; absent: rules alone decide. */
  readonly stated?: RuleShare;
  /** What went back of it since; absent: nothing. */
  readonly returned?: { readonly returnedFen: number; readonly basisFen: number };
}

/** Nothing is left of it: its points went back with it. */
export function isTakenBack({ returned }: PastEvent): boolean {
  return returned !== undefined && returned.returnedFen >= returned.basisFen;
}

export interface MemberChange {
  readonly memberKey: string;
  readonly now: number;
  readonly draft: number;
}

export interface DryRunReport {
  readonly events: number;
  readonly members: number;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  readonly nowPoints: number;
  readonly draftPoints: number;
  /** What the difference is worth in money, by the programme's rate. */
  readonly costFen: number;
  readonly winners: number;
  readonly losers: number;
  readonly unchanged: number;
  /** Those who gain and lose most, most first. */
  readonly mostWon: readonly MemberChange[];
  readonly mostLost: readonly MemberChange[];
  readonly withheldByCaps: number;
}

/** Members named in a report. */
const NAMED_MAX = 20;

/** `rules` as they are and as they would be; events may come in any order. */
export function dryRun(
  events: readonly PastEvent[],
  now: readonly RuleInForce[],
  draft: readonly RuleInForce[],
  programme: EarnProgramme,
  rate: ConversionRate,
): DryRunReport {
  const ordered = [...events].sort(
    (a, b) => a.event.atMs - b.event.atMs || (a.event.eventId < b.event.eventId ? -1 : 1),
  );
  const before = earnedBy(ordered, now, programme);
  const after = earnedBy(ordered, draft, programme);
  const changes = [...before.points].map(([memberKey, points]): MemberChange => {
    return { memberKey, now: points, draft: after.points.get(memberKey) ?? 0 };
  });
  const won = changes.filter((one) => one.draft > one.now);
  const lost = changes.filter((one) => one.draft < one.now);
  const gain = (one: MemberChange): number => Math.abs(one.draft - one.now);
  const most = (list: readonly MemberChange[]): readonly MemberChange[] =>
    [...list]
      .sort((a, b) => gain(b) - gain(a) || (a.memberKey < b.memberKey ? -1 : 1))
      .slice(0, NAMED_MAX);
  const difference = after.total - before.total;
  return {
    events: ordered.length,
    members: changes.length,
    fromMs: ordered[0]?.event.atMs ?? null,
    toMs: ordered.at(-1)?.event.atMs ?? null,
    nowPoints: before.total,
    draftPoints: after.total,
    costFen: Math.sign(difference) * worthFen(Math.abs(difference), rate),
    winners: won.length,
    losers: lost.length,
    unchanged: changes.length - won.length - lost.length,
    mostWon: most(won),
    mostLost: most(lost),
    withheldByCaps: after.withheld,
  };
}

interface Earned {
  readonly points: ReadonlyMap<string, number>;
  readonly total: number;
  readonly withheld: number;
}

/** Counts caps from the first event on, as if nothing had been earned before; what went back counts as never kept. */
function earnedBy(
  events: readonly PastEvent[],
  rules: readonly RuleInForce[],
  programme: EarnProgramme,
): Earned {
  const points = new Map<string, number>();
  const usage = new Map<string, CapUsage>();
  let total = 0;
  let withheld = 0;
  for (const { event, member, stated, returned } of events) {
    const used = usage.get(event.memberKey) ?? new Map();
    const by = stated ? awardTerms(event.kind, stated, rules, member) : { rules, member };
    const result = evaluate(by.rules, event, by.member, programme, used);
    const back = returned && reversalOf({ ...returned, ...result }, returned.returnedFen, 0);
    const freed = back ? capsFreed(result.changes, result.shares, back.shares) : [];
    usage.set(event.memberKey, withUse(withUse(used, result.changes), freed));
    const kept = result.points - (back?.points ?? 0);
    points.set(event.memberKey, (points.get(event.memberKey) ?? 0) + kept);
    total += kept;
    for (const notice of result.notices) withheld += notice.withheld;
  }
  return { points, total, withheld };
}
