/** What a second person agrees to when much money goes back. */
import { z } from "@hono/zod-openapi";
import { accountOf, sealCaseWords } from "../accounts/index.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import { openApprovalId, registerApproval, waitingApprovals } from "../staff/index.ts";
import { giveBackBy } from "./decide.ts";

export const REFUND = "orders.refund";
const DEFAULT_FROM_FEN = 50_000;

const refundSchema = z.object({
  memberId: z.string(),
  orderId: z.string(),
  caseId: z.string(),
  step: z.enum(["agree_refund", "take_back"]),
  points: z.int(),
  cashFen: z.int(),
  // All that the case brings back, and not less by agreement.
  isWhole: z.boolean().default(false),
  note: z.string(),
  evenIfUsed: z.boolean().default(false),
});

/** What was rejected, or lapsed, is proposed anew under a number of its own. */
export const refundApprovalId = (
  call: Parameters<typeof openApprovalId>[0],
  caseId: string,
): Promise<string> =>
  openApprovalId(call, (turn) => `refund${turn === 0 ? "" : turn}-${caseId}`.slice(0, 40));

/** The proposals that wait, by the case that each is about. */
export const waitingRefunds = (
  call: Parameters<typeof waitingApprovals>[0],
): ReturnType<typeof waitingApprovals> =>
  waitingApprovals(call, REFUND, (payload) => {
    const known = refundSchema.safeParse(payload);
    return known.success ? caseKey(known.data) : null;
  });

interface CaseOfOrder {
  readonly memberId: string;
  readonly orderId: string;
  readonly caseId: string;
}

export const caseKey = ({ memberId, orderId, caseId }: CaseOfOrder): string =>
  `${memberId} ${orderId} ${caseId}`;

export function registerRefundApproval(): void {
  registerApproval({
    kind: REFUND,
    permission: "orders.refund",
    unit: "fen",
    defaultFrom: DEFAULT_FROM_FEN,
    title: { "zh-CN": "大额退款", en: "Large refund" },
    // The reason is the member's, the note is what the member is answered.
    isPersonal: true,
    payload: refundSchema,
    execute: async ({ env, programmeId, payload, proposedBy, decidedBy }) => {
      const { memberId, orderId, caseId, step, points, cashFen, evenIfUsed } = payload;
      const at = { orderId, caseId };
      const { note } = await sealCaseWords(env, programmeId, at, { note: payload.note });
      const memberKey = memberKeyOf(programmeId, memberId);
      if (payload.isWhole) {
        const order = await accountOf(env, memberKey).order(memberKey, orderId);
        const one = order?.life?.afterSales.find((some) => some.caseId === caseId);
        // Freight joined it, or a use came back: what two agreed to is not all of it any more.
        if (one && (one.points > points || one.cashFen > cashFen)) {
          return { kind: "refused", code: "conflict", figures: { reason: "worth_more_now" } };
        }
      }
      const reply = await giveBackBy(env, {
        ...{ memberKey, ...at, step, note, evenIfUsed },
        by: `${proposedBy} + ${decidedBy}`,
        share: { points, cashFen },
      });
      if (reply.kind === "goods_used") {
        return { kind: "refused", code: "conflict", figures: { reason: reply.kind } };
      }
      if (reply.kind === "not_found") return { kind: "refused", code: "not_found" };
      if (reply.kind === "refused") {
        return { kind: "refused", code: "conflict", figures: { reason: reply.reason } };
      }
      if (reply.kind === "forfeits_more") return { kind: "refused", code: reply.refusal.code };
      return { kind: "done", outcome: { orderId, caseId, cashFen, points } };
    },
  });
}
