import { sealDays } from "../evidence/index.ts";
import { accountNames } from "../platform/account-names.ts";
import { inChunks, skuKeys } from "./audit.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import { resealCases, resealEvidence } from "../after-sales/index.ts";
import { reconcileDue, SEALED_PAYMENT_ACCOUNTS } from "../payments/index.ts";
import { sweepFulfilment } from "../fulfilment/index.ts";
import { sweepMerges } from "../merges/index.ts";
import { SEALED_IDENTITIES } from "../sign-in/index.ts";
import { SEALED_APPROVALS, sweepApprovals, sweepSignIns } from "../staff/index.ts";
import { reseal, rotatedProgrammes } from "../vault/index.ts";

async function poke(kind: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log("sweep_failed", { kind, error: describeError(error) });
  }
}

/** Once a minute, from cron: wakes every object that might have lost its alarm, and publishes yesterday's roots. Never throws. */
export async function sweepAll(env: Env, nowMs: number): Promise<void> {
  await sweepObjects(env);
  await poke("approvals", () => sweepApprovals(env, nowMs));
  await poke("sign-ins", () => sweepSignIns(env.DB, nowMs));
  await poke("merges", () => sweepMerges(env, nowMs));
  await poke("fulfilment", () => sweepFulfilment(env, nowMs));
  await poke("reseal", () => resealRest(env));
  await poke("bills", () => reconcileDue(env, nowMs));
  await poke("evidence", async () => {
    await sealDays({
      db: env.DB,
      evidenceKeys: env.EVIDENCE_KEYS,
      nowMs,
      isProjectedThrough: (atMs) => isProjectedThrough(env, nowMs, atMs),
    });
  });
}

/** What a rotation left under older data keys and fulfilment does not own. */
async function resealRest(env: Env): Promise<void> {
  for (const programmeId of await rotatedProgrammes(env)) {
    await poke("reseal", async () => {
      await reseal(env, programmeId, [
        ...[SEALED_IDENTITIES, SEALED_PAYMENT_ACCOUNTS],
        ...SEALED_APPROVALS,
      ]);
      await resealEvidence(env, programmeId);
      await resealCases(env, programmeId);
    });
  }
}

/** Wakes every object that might have lost its alarm. Never throws. */
export async function sweepObjects(env: Env): Promise<void> {
  await poke("skus", async () => {
    await inChunks(await skuKeys(env), (key) => stubOf(env.SKU, key, env).sweep());
  });
  await poke("accounts", async () => {
    await inChunks(await accountNames(env), (name) => stubOf(env.ACCOUNT, name, env).sweep());
  });
}

/** Asks every Account how old the oldest entry is that D1 has not confirmed. */
async function isProjectedThrough(env: Env, nowMs: number, atMs: number): Promise<boolean> {
  const audits = await inChunks(await accountNames(env), (name) =>
    stubOf(env.ACCOUNT, name, env).audit(),
  );
  return audits.every(
    ({ projectionWaiting, projectionLagMs }) =>
      projectionWaiting === 0 || nowMs - projectionLagMs >= atMs,
  );
}
