/** Grants of a size that one person does not decide alone: what waits for a second one, and what is done then. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { bucketOf, MEMBER_ID_PATTERN, memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import {
  registerApproval,
  secondPerson,
  type ActOutcome,
  type ApprovedAct,
  type SecondPersonCall,
} from "../staff/index.ts";
import type { ChangeReply, GrantRequest } from "./requests.ts";

/** Points from which on a merchant who set nothing needs a second person; of many members their sum. */
const POINTS_FROM = 100_000;

const moment = z.int().min(1).max(LIMITS.timeMsMax).nullable();
const payloadSchema = z.object({
  memberIds: z.array(z.string().regex(MEMBER_ID_PATTERN)).min(1).max(LIMITS.bulkGrantsMax),
  points: z.int().min(1).max(LIMITS.pointsMax),
  reason: z.string(),
  internalNote: z.string(),
  storeId: z.string().nullable(),
  expiresAtMs: moment,
  pendingUntilMs: moment,
  idempotencyKey: z.string(),
});
export type GrantPayload = z.infer<typeof payloadSchema>;

export const GRANT = "points.grant";
export const BULK_GRANT = "points.bulk_grant";

export function registerGrantApprovals(): void {
  const common = {
    permission: "points.approve",
    unit: "points",
    defaultFrom: POINTS_FROM,
    purse: "points",
    payload: payloadSchema,
    execute: grantApproved,
  } as const;
  registerApproval({ ...common, kind: GRANT, title: { "zh-CN": "发放积分", en: "Grant points" } });
  const title = { "zh-CN": "批量发放积分", en: "Grant points to many" };
  registerApproval({ ...common, kind: BULK_GRANT, title });
}

async function grantApproved(act: ApprovedAct<GrantPayload>): Promise<ActOutcome> {
  const { env, programmeId, payload, proposedBy, decidedBy, nowMs } = act;
  if (payload.expiresAtMs !== null && payload.expiresAtMs <= nowMs) {
    return { kind: "refused", code: "invalid", figures: { field: "expiresAtMs" } };
  }
  const actor = `${proposedBy}+${decidedBy}`;
  const replies = await grantAll(env, requestsOf(programmeId, payload, actor));
  return { kind: "done", outcome: tallyOf(programmeId, replies) };
}

/** As `secondPerson`; without D1 nobody knows whether one is needed, so nothing is granted. */
export async function askSecond<P>(
  call: SecondPersonCall,
  proposal: Proposal<P>,
): Promise<Response | null> {
  try {
    return await secondPerson(call, proposal);
  } catch (error) {
    log("second_person_failed", { kind: proposal.kind, error: describeError(error) });
    return call.problem("unavailable", {}, 5);
  }
}
type Proposal<P> = Parameters<typeof secondPerson<P>>[1];

/** One id for one act, so that a command that comes again is the same proposal. */
export function approvalIdOf(kind: string, ...parts: readonly string[]): string {
  const digest = createHash("sha256").update(JSON.stringify([kind, ...parts]));
  return digest.digest("base64url").slice(0, 32);
}

export function requestsOf(
  programmeId: string,
  { memberIds, ...grant }: GrantPayload,
  actor: string,
): GrantRequest[] {
  // Naming a member twice is one grant, as repeating the command is.
  return [...new Set(memberIds)].map((memberId) => ({
    ...{ memberKey: memberKeyOf(programmeId, memberId), ...grant },
    ...{ actor, source: "manual" as const },
  }));
}

interface Granted {
  readonly memberKey: string;
  readonly reply: ChangeReply;
}

/** One call an Account object, whatever the number of its members. */
export async function grantAll(env: Env, requests: readonly GrantRequest[]): Promise<Granted[]> {
  const byBucket = Map.groupBy(requests, ({ memberKey }) =>
    bucketOf(memberKey, accountBuckets(env)),
  );
  const granted = await Promise.all(
    [...byBucket].map(async ([bucket, own]) => {
      const replies = await stubOf(env.ACCOUNT, bucket, env).grantMany(own);
      return own.map(({ memberKey }, at) => ({ memberKey, reply: replies[at] as ChangeReply }));
    }),
  );
  return granted.flat();
}

export function tallyOf(programmeId: string, granted: readonly Granted[]) {
  const isReplay = ({ reply }: Granted): boolean => reply.kind === "changed" && reply.isReplay;
  const repeated = granted.filter(isReplay).length;
  const refused = granted.flatMap(({ memberKey, reply }) => {
    if (reply.kind === "changed") return [];
    const code = reply.kind === "mismatch" ? "idempotency_mismatch" : "too_many_points";
    return [{ memberId: memberKey.slice(programmeId.length + 1), code }];
  });
  return { granted: granted.length - repeated - refused.length, repeated, refused };
}
