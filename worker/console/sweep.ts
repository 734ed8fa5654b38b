import { sealDays } from "../evidence/index.ts";
import { accountNames } from "../platform/account-names.ts";
import { FAN_OUT, inChunks } from "./audit.ts";
import { skusToWake } from "./skus-to-wake.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { attempt, attemptEach } from "../platform/upkeep.ts";
import { resealCases, resealEvidence } from "../after-sales/index.ts";
import { reconcileDue, SEALED_PAYMENT_ACCOUNTS } from "../payments/index.ts";
import { sweepFulfilment } from "../fulfilment/index.ts";
import { sweepMerges } from "../merges/index.ts";
import { SEALED_IDENTITIES } from "../sign-in/index.ts";
import { SEALED_APPROVALS, sweepApprovals, sweepSignIns } from "../staff/index.ts";
import { reseal, rotatedProgrammes } from "../vault/index.ts";

/** Once a minute, from cron: wakes objects that might have lost their alarm, and publishes yesterday's roots. Never throws. */
export async function sweepAll(env: Env, nowMs: number): Promise<void> {
  await sweepObjects(env);
  await attempt("approvals", () => sweepApprovals(env, nowMs));
  await attempt("sign-ins", () => sweepSignIns(env.DB, nowMs));
  await attempt("merges", () => sweepMerges(env, nowMs));
  await attempt("fulfilment", () => sweepFulfilment(env, nowMs));
  await attempt("reseal", () => resealRest(env));
  await attempt("bills", () => reconcileDue(env, nowMs));
  await attempt("evidence", async () => {
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
  await attemptEach("reseal", await rotatedProgrammes(env, "rest"), async (programmeId) => {
    await reseal(env, programmeId, [
      ...[SEALED_IDENTITIES, SEALED_PAYMENT_ACCOUNTS],
      ...SEALED_APPROVALS,
    ]);
    await resealEvidence(env, programmeId);
    await resealCases(env, programmeId);
  });
}

/** Wakes objects that might have lost their alarm. Never throws. */
export async function sweepObjects(env: Env): Promise<void> {
  await attempt("skus", async () =>
    attemptEach("skus", await skusToWake(env), (key) => stubOf(env.SKU, key, env).sweep(), FAN_OUT),
  );
  await attempt("accounts", async () =>
    attemptEach(
      "accounts",
      await accountNames(env),
      (name) => stubOf(env.ACCOUNT, name, env).sweep(),
      FAN_OUT,
    ),
  );
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
