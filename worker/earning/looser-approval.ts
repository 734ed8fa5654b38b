/** Terms that say from where on adjustments need a second person: to ask for one less often needs a second person itself. */
import { z } from "zod";
import { approvalIdOf, askSecond } from "../accounts/index.ts";
import {
  hasColleague,
  openApprovalId,
  registerApproval,
  type ActOutcome,
  type ApprovedAct,
  type SecondPersonCall,
} from "../staff/index.ts";
import { DEFAULT_TERMS, parseTerms } from "./programme/index.ts";
import { EarningStore, savedTerms, termsWrite } from "./store.ts";
import { forgetTerms } from "./terms-cache.ts";

const KIND = "points.loosen";
type ApprovalTerms = typeof DEFAULT_TERMS.approval;

const payloadSchema = z.object({
  pointsFrom: z.int(),
  alonePerDayMax: z.int(),
  /** What they replace. */
  version: z.int(),
});
type Payload = z.infer<typeof payloadSchema>;

export function registerLooserApproval(): void {
  registerApproval({
    ...{ kind: KIND, permission: "approvals.decide", unit: "always", defaultFrom: 0 },
    title: { "zh-CN": "放宽手工调整的门槛", en: "Raise the threshold of adjustments" },
    payload: payloadSchema,
    execute: saveApproved,
  });
}

function isLooser(before: ApprovalTerms, after: ApprovalTerms): boolean {
  return after.pointsFrom > before.pointsFrom || after.alonePerDayMax > before.alonePerDayMax;
}

/** Null: they may be saved at once. */
export async function secondForLooser(
  call: SecondPersonCall,
  saved: { readonly version: number; readonly body: unknown } | undefined,
  after: ApprovalTerms,
): Promise<Response | null> {
  const before = (saved?.body as ApprovalTerms | undefined) ?? DEFAULT_TERMS.approval;
  if (!isLooser(before, after) || !(await hasColleague(call))) return null;
  const { pointsFrom, alonePerDayMax } = after;
  const payload = { pointsFrom, alonePerDayMax, version: saved?.version ?? 0 };
  // Whoever asks for the same while it waits is led to the first.
  const approvalId = await openApprovalId(call, (turn) =>
    approvalIdOf(KIND, JSON.stringify(payload), String(turn)),
  );
  return askSecond(call, {
    ...{ kind: KIND, approvalId, reason: "", payload },
    ...{ subject: "threshold:points.adjust", figure: pointsFrom },
  });
}

async function saveApproved(act: ApprovedAct<Payload>): Promise<ActOutcome> {
  const { env, programmeId, payload, proposedBy, decidedBy, nowMs } = act;
  const { version, ...body } = payload;
  const store = new EarningStore(env.DB);
  const { revision, terms } = await store.programme(programmeId);
  const current = terms.find(({ kind }) => kind === "approval");
  const parsed = parseTerms("approval", body, version + 1, savedTerms(terms));
  if (parsed.kind === "invalid") return { kind: "refused", code: "invalid" };
  const outcome = { kind: "done", outcome: body } as const;
  if ((current?.version ?? 0) !== version) {
    // A lost answer made it run again.
    const isDone =
      current?.version === version + 1 &&
      JSON.stringify(current.body) === JSON.stringify(parsed.value);
    return isDone
      ? outcome
      : { kind: "refused", code: "conflict", figures: { reason: "changed_meanwhile" } };
  }
  const by = { savedBy: `${proposedBy}+${decidedBy}`, savedAtMs: nowMs };
  const write = termsWrite("approval", version + 1, parsed.value, by);
  const isSaved = await store.save(programmeId, revision, [write]);
  forgetTerms(programmeId);
  return isSaved ? outcome : { kind: "again" };
}
