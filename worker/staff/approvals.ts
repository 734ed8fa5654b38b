/**
 * Acts that cost points or money above a threshold wait for a second person. Another domain registers a kind with what it does
 * once agreed (`registerApproval`) and asks before it acts (`secondPerson`).
 */
import { createHash } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { DAY_MS } from "../kernel/clock.ts";
import type { Permission } from "../kernel/permission.ts";
import type { Code } from "../kernel/refusal.ts";
import { invariant } from "../kernel/invariant.ts";
import type { Env } from "../platform/env.ts";
import { json, type ProblemMaker, type Session } from "../platform/http/api.ts";
import type { AuditNote } from "../platform/http/audited.ts";
import { APPROVAL_DAYS, cameToNothing, needsSecond, type Approval } from "./approval.ts";
import { ApprovalsStore } from "./approvals-store.ts";
import { othersWhoMay } from "./people-store.ts";

export interface ApprovedAct<P> {
  readonly env: Env;
  readonly programmeId: string;
  /** Use it as the idempotency key of what is done: a lost answer makes the act run again. */
  readonly approvalId: string;
  readonly subject: string;
  readonly reason: string;
  readonly payload: P;
  /** `staff:<id>` each. */
  readonly proposedBy: string;
  readonly decidedBy: string;
  readonly decidedAtMs: number;
  /** What an earlier run has left with `again`; null: nothing is done yet. */
  readonly progress: unknown;
  readonly nowMs: number;
}

export type ActOutcome =
  /** `outcome` is shown in the inbox; it is no place for secrets or personal data. */
  | { readonly kind: "done"; readonly outcome?: unknown }
  /** It cannot be done, now and later. Throw, or answer `again`, for what may work at the next try. */
  | {
      readonly kind: "refused";
      readonly code: Code;
      readonly figures?: Readonly<Record<string, unknown>>;
    }
  /** `progress`: a part is done. Whoever agreed comes again for the next one; when nobody does, the clock does. */
  | { readonly kind: "again"; readonly progress?: unknown };

export interface ApprovalKind<P> {
  /** `points.bulk_grant`: domain, then act. */
  readonly kind: string;
  /** What the second person must hold beside `approvals.decide`. */
  readonly permission: Permission;
  /** What the figure counts. `always`: there is no figure, the act needs a second person or not. */
  readonly unit: "points" | "fen" | "units" | "always";
  /** Until a merchant sets another: from this figure on; null: never. */
  readonly defaultFrom: number | null;
  /**
   * Figures of the same purse that one person moves alone within a day count together, so that no act escapes the threshold by
   * being cut into small ones.
   */
  readonly purse?: string;
  readonly title: { readonly "zh-CN": string; readonly en: string };
  readonly payload: z.ZodType<P>;
  /** Its words are about a person: they lie sealed, and the log of acts does without them. */
  readonly isPersonal?: boolean;
  /** Two proposals about one subject would be one act: while the first waits, the second is told so. */
  readonly isOnePerSubject?: boolean;
  readonly execute: (act: ApprovedAct<P>) => Promise<ActOutcome>;
}

const kinds = new Map<string, ApprovalKind<never>>();

/** Once, where the domain declares its routes. */
export function registerApproval<P>(kind: ApprovalKind<P>): void {
  invariant(/^[a-z]+\.[a-z_]+$/.test(kind.kind), "an approval kind reads domain.act");
  kinds.set(kind.kind, kind as unknown as ApprovalKind<never>);
}

export function approvalKinds(): readonly ApprovalKind<never>[] {
  return [...kinds.values()];
}

/** What each kind is called, by its kind. */
export function approvalTitles(): Readonly<Record<string, ApprovalKind<never>["title"]>> {
  return Object.fromEntries(approvalKinds().map(({ kind, title }) => [kind, title]));
}

export function approvalKind(kind: string): ApprovalKind<unknown> | undefined {
  return kinds.get(kind) as unknown as ApprovalKind<unknown> | undefined;
}

export interface SecondPersonCall {
  readonly env: Env;
  readonly session: Session;
  readonly nowMs: number;
  readonly problem: ProblemMaker;
  readonly audit: (note: AuditNote) => void;
}

export interface Proposal<P> {
  readonly kind: string;
  /** Made by the client, so that a repeated request is the same proposal. */
  readonly approvalId: string;
  readonly subject: string;
  readonly figure: number;
  readonly reason: string;
  readonly payload: P;
}

/** `202` with this, under the name the contract gives it. */
export const approvalSchema = z
  .object({
    approvalId: z.string(),
    kind: z.string(),
    state: z.enum(["proposed", "approved", "rejected", "withdrawn", "done", "refused"]),
    subject: z.string(),
    figure: z.int(),
    reason: z.string(),
    payload: z.unknown(),
    proposedBy: z.string(),
    proposedAtMs: z.int(),
    expiresAtMs: z.int(),
    decidedBy: z.string().nullable(),
    decidedAtMs: z.int().nullable(),
    note: z.string().nullable(),
    outcome: z.unknown(),
  })
  .openapi("Approval");

/**
 * Null: go ahead, no second person is needed. Otherwise the answer to give: `202` with the proposal that now waits (the same
 * again for a repeated id), `422 idempotency_mismatch` when the id stands for another one, or `409 conflict` `already_proposed`
 * with the first when somebody asked for the same act before.
 */
export async function secondPerson<P>(
  call: SecondPersonCall,
  proposal: Proposal<P>,
): Promise<Response | null> {
  const { env, session, nowMs, problem } = call;
  const kind = kinds.get(proposal.kind);
  invariant(kind, "an approval is of a registered kind");
  const store = new ApprovalsStore(env, session.programmeId);
  const set = (await store.thresholds()).get(proposal.kind);
  const from = set ? set.from : kind.defaultFrom;
  const known = await store.find(proposal.approvalId);
  if (!known && !needsSecond(proposal.figure, from)) {
    // The development login is no person whose day could be added up.
    const isPerson = session.staff?.sessionId !== null;
    if (from === null || kind.purse === undefined || !isPerson) return null;
    const act = {
      ...{ purse: kind.purse, actor: `staff:${session.memberId}`, actId: actIdOf(proposal) },
    };
    const span = { sinceMs: nowMs - DAY_MS, nowMs };
    if (await store.actAlone(act, proposal.figure, from, span)) return null;
  }
  if (known) {
    const isSame =
      known.kind === proposal.kind &&
      JSON.stringify(known.payload) === JSON.stringify(proposal.payload);
    return isSame ? json(known, 202) : problem("idempotency_mismatch", { fields: ["approval"] });
  }
  const approval: Approval = {
    ...proposal,
    state: "proposed",
    proposedBy: `staff:${session.memberId}`,
    proposedAtMs: nowMs,
    expiresAtMs: nowMs + APPROVAL_DAYS * DAY_MS,
    ...{ decidedBy: null, decidedAtMs: null, note: null, outcome: null },
  };
  const { isPersonal = false, isOnePerSubject = false } = kind;
  const isNew = await store.insert(approval, { isPersonal, isOnePerSubject, nowMs });
  if (!isNew) {
    const first = isOnePerSubject ? await store.waitingAbout(approval, nowMs) : null;
    return problem("conflict", {
      reason: first ? "already_proposed" : "changed_meanwhile",
      ...first,
    });
  }
  call.audit({
    action: "approval.propose",
    subject: `approval:${approval.approvalId} ${approval.subject}`,
    after: {
      ...{ kind: approval.kind, figure: approval.figure },
      ...(isPersonal ? {} : { payload: approval.payload }),
    },
    reason: isPersonal ? "" : approval.reason,
  });
  return json(approval, 202);
}

/** The first of these ids that stands for no proposal, or for one that something may still come of. */
export async function openApprovalId(
  { env, session, nowMs }: Pick<SecondPersonCall, "env" | "session" | "nowMs">,
  idOf: (turn: number) => string,
): Promise<string> {
  const store = new ApprovalsStore(env, session.programmeId);
  for (let turn = 0; ; turn += 1) {
    const known = await store.find(idOf(turn));
    if (!known || !cameToNothing(known, nowMs)) return idOf(turn);
  }
}

const WAITING_MAX = 200;

/** What a list says of a row for which somebody proposed an act. */
type Waiting = Pick<Approval, "approvalId" | "proposedBy" | "proposedAtMs">;

/** What of one kind waits for a second person now, by what each is about. `keyOf` answers null for what it cannot read. */
export async function waitingApprovals(
  { env, session, nowMs }: Pick<SecondPersonCall, "env" | "session" | "nowMs">,
  kind: string,
  keyOf: (payload: unknown) => string | null,
): Promise<ReadonlyMap<string, Waiting>> {
  const store = new ApprovalsStore(env, session.programmeId);
  const found = new Map<string, Waiting>();
  for (const { payload, approvalId, proposedBy, proposedAtMs } of await store.waiting(
    ...([kind, nowMs, WAITING_MAX] as const),
  )) {
    const key = keyOf(payload);
    if (key !== null) found.set(key, { approvalId, proposedBy, proposedAtMs });
  }
  return found;
}

/** Another act under an id that was used before counts like any other. */
function actIdOf({ approvalId, kind, payload }: Proposal<unknown>): string {
  const digest = createHash("sha256").update(JSON.stringify([kind, payload]));
  return `${approvalId} ${digest.digest("base64url").slice(0, 16)}`;
}

/** Whether somebody else could be the second person; who works alone decides alone. */
export async function hasColleague({
  env,
  session: { staff, programmeId },
}: Pick<SecondPersonCall, "env" | "session">): Promise<boolean> {
  if (!staff?.sessionId) return false;
  return othersWhoMay(env.DB, programmeId, staff.staffId, "approvals.decide");
}
