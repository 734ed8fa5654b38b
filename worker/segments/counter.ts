/** Rounds of counting: who belongs to a segment by the figures of now, a bounded number of members at a time. */
import { DAY_MS } from "../kernel/clock.ts";
import type { Env } from "../platform/env.ts";
import { attemptEach } from "../platform/upkeep.ts";
import { FIRST_STATE, fragmentOf, topsOf, type RoundState, type SegmentRule } from "./model.ts";
import { countingSegments, END, SegmentStore, type SegmentRow } from "./store.ts";
import { tellMembers } from "./tell.ts";

/** Members told in one step. */
const TOLD = 200;

/** One step of a segment's round: rank where the rule asks for a share, go through members, tell Accounts, and then let it count. */
async function step(env: Env, row: SegmentRow, nowMs: number): Promise<void> {
  const store = new SegmentStore(env.DB, row.programmeId);
  const rule = JSON.parse(row.rule) as SegmentRule;
  const state = row.basis === null ? FIRST_STATE : (JSON.parse(row.basis) as RoundState);
  const unranked = [...topsOf(rule)].find(([by]) => state.basis[by] === undefined);
  if (unranked) return store.setState(row, await store.rank(state, ...unranked));
  if (row.reached !== END) return store.step(row, fragmentOf(rule, state.basis, nowMs));
  const { side } = state.telling;
  const members = await store.changed(row, state.telling, TOLD);
  const mark = { list: "segments", word: row.segmentId, isOn: side === "gained" } as const;
  await tellMembers(env, row.programmeId, members, mark, nowMs);
  const last = members.at(-1);
  if (last !== undefined) {
    return store.setState(row, { ...state, telling: { side, after: last } });
  }
  if (side === "gained") {
    return store.setState(row, { ...state, telling: { side: "lost", after: "" } });
  }
  await store.finish(row, nowMs);
  if (row.nextRound !== null) while (await store.forgetRounds(row.segmentId, row.nextRound));
}

/** Takes a segment's round as far as so many steps lead. */
export async function count(
  env: Env,
  programmeId: string,
  segmentId: string,
  nowMs: number,
  stepsMax: number,
): Promise<void> {
  const store = new SegmentStore(env.DB, programmeId);
  for (let steps = 0; steps < stepsMax; steps += 1) {
    const row = await store.find(segmentId);
    if (row?.nextRound == null) return;
    await step(env, row, nowMs);
  }
}

const STEPS_A_SWEEP = 60;
/** Who belongs is counted anew once a day. */
const STALE_MS = DAY_MS;

/** From cron: goes on with every round under way, and begins those that are due. */
export async function sweepSegments(env: Env, nowMs: number): Promise<void> {
  const rows = await countingSegments(env.DB, nowMs - STALE_MS);
  await attemptEach("segments", rows, ({ programmeId, segmentId }) =>
    count(env, programmeId, segmentId, nowMs, STEPS_A_SWEEP),
  );
}
