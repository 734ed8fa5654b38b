/** Gives a campaign's points, a bounded number of members at a time. A step that is lost is done again: each member gets them once. */
import { grantAll } from "../accounts/index.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { attemptEach } from "../platform/upkeep.ts";
import { CampaignStore, runningCampaigns, type CampaignRow } from "./store.ts";

/** Members of one step. */
const STEP_MEMBERS = 500;
const STEPS_A_SWEEP = 40;

/** False: nothing is left to do, or another run does it. */
async function step(env: Env, row: CampaignRow, nowMs: number): Promise<boolean> {
  const { programmeId, campaignId, terms, startedBy } = row;
  const store = new CampaignStore(env.DB, programmeId);
  if (terms.expiresAtMs !== null && terms.expiresAtMs <= nowMs) {
    await store.end(campaignId, "stopped", ["running"], nowMs);
    return false;
  }
  const members = await store.next(campaignId, row.reached, STEP_MEMBERS);
  const to = members.at(-1);
  if (to === undefined) {
    await store.end(campaignId, "done", ["running"], nowMs);
    return false;
  }
  const { points, note, internalNote, expiresAtMs } = terms;
  const replies = await grantAll(
    env,
    members.map((memberId) => ({
      ...{ memberKey: memberKeyOf(programmeId, memberId), points, expiresAtMs, internalNote },
      ...{ reason: note, storeId: null, pendingUntilMs: null, actor: startedBy ?? "system" },
      ...{ source: "campaign" as const, idempotencyKey: campaignId },
    })),
  );
  // Whoever has them by an earlier try of this step has them by this campaign.
  const given = replies.filter(({ reply }) => reply.kind === "changed").length;
  return store.advance(row, { to, given, refused: members.length - given });
}

/** Takes a campaign as far as so many steps lead. */
export async function runCampaign(
  env: Env,
  programmeId: string,
  campaignId: string,
  nowMs: number,
  stepsMax: number,
): Promise<void> {
  const store = new CampaignStore(env.DB, programmeId);
  for (let steps = 0; steps < stepsMax; steps += 1) {
    const row = await store.find(campaignId);
    if (row?.state !== "running" || !(await step(env, row, nowMs))) return;
  }
}

/** From cron: goes on with every campaign under way. */
export async function sweepCampaigns(env: Env, nowMs: number): Promise<void> {
  const running = await runningCampaigns(env.DB);
  await attemptEach("campaigns", running, ({ programmeId, campaignId }) =>
    runCampaign(env, programmeId, campaignId, nowMs, STEPS_A_SWEEP),
  );
}
