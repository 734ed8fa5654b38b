/** Counts what the ledger brought to D1 since the last step: figures of days, goods and members. */
import type { MemberFigures } from "../accounts/index.ts";
import { programmeDay, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import { bucketOf, memberKeyOf } from "../kernel/ids.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import { attempt } from "../platform/upkeep.ts";
import { DigestStore, type MemberRow } from "./digest-store.ts";
import { addCounts, digestOf, frequencyOf, monthOf, type MemberDelta } from "./model.ts";

/** Entries of one step: as many members at most are asked about, and their rows written, at once. */
const STEP_ROWS = 500;
const ROLL_ROWS = 2_000;
/** Account objects asked at the same time. */
const FAN_OUT = 64;

/** One step; answers how many entries it read. Steps may run at the same time: one of them counts. */
async function step(env: Env, nowMs: number): Promise<number> {
  const store = new DigestStore(env.DB);
  const mark = await store.mark();
  const rows = await store.read(mark, STEP_ROWS);
  const last = rows.at(-1);
  if (!last) return 0;
  const { days, goods, members } = digestOf(rows, ZONE_OFFSET_MS);
  const [counts, standings] = await Promise.all([store.counts(members), standingsOf(env, members)]);
  const today = programmeDay(nowMs, ZONE_OFFSET_MS);
  const written = members.map((delta): MemberRow => {
    const { programmeId, memberId } = delta;
    const key = memberKeyOf(programmeId, memberId);
    const next = addCounts(counts.get(key) ?? null, delta, monthOf(today));
    const standing = standings.get(key) ?? null;
    const firstSeenAtMs = standing?.joinedAtMs ?? delta.firstActiveAtMs;
    const frequency = frequencyOf(next);
    return { ...next, programmeId, memberId, firstSeenAtMs, frequency, standing };
  });
  await store.add({ from: mark, to: last.rowid, today, nowMs }, { days, goods }, written);
  return rows.length;
}

/** What the Accounts know of these members: one question an object. */
async function standingsOf(
  env: Env,
  members: readonly MemberDelta[],
): Promise<Map<string, MemberFigures>> {
  const keys = members.map(({ programmeId, memberId }) => memberKeyOf(programmeId, memberId));
  const byAccount = [...Map.groupBy(keys, (key) => bucketOf(key, accountBuckets(env)))];
  const found = new Map<string, MemberFigures>();
  for (let at = 0; at < byAccount.length; at += FAN_OUT) {
    const asked = byAccount.slice(at, at + FAN_OUT).map(async ([name, own]) => {
      const figures = await stubOf(env.ACCOUNT, name, env).figuresOf(own);
      for (const one of figures) found.set(one.memberKey, one);
    });
    await Promise.all(asked);
  }
  return found;
}

/** Steps until the digest has come to the end of the ledger, or made as many as it may. */
export async function digest(env: Env, nowMs: number, stepsMax: number): Promise<void> {
  for (let steps = 0; steps < stepsMax; steps += 1) {
    if ((await step(env, nowMs)) < STEP_ROWS) break;
  }
}

/** From cron: the digest, and the windows and months that ended. */
export async function sweepFigures(env: Env, nowMs: number): Promise<void> {
  await digest(env, nowMs, 40);
  const today = programmeDay(nowMs, ZONE_OFFSET_MS);
  await new DigestStore(env.DB).roll(today, monthOf(today), ROLL_ROWS);
}

let freshenedAtMs = 0;

/** Before staff are shown figures: what came since the last minute, if it is little. A failure shows older figures. */
export async function freshen(env: Env, nowMs: number): Promise<void> {
  if (nowMs - freshenedAtMs < 1_000 && nowMs >= freshenedAtMs) return;
  freshenedAtMs = nowMs;
  await attempt("figures", () => digest(env, nowMs, 3));
}
