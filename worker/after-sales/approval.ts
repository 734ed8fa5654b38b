/** What a second person agrees to when much money goes back. */
import { z } from "@hono/zod-openapi";
import { sealCaseWords } from "../accounts/index.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import { registerApproval } from "../staff/index.ts";
import { giveBackBy } from "./decide.ts";

export const REFUND = "orders.refund";
const DEFAULT_FROM_FEN = 50_000;

export function registerRefundApproval(): void {
  registerApproval({
    kind: REFUND,
    permission: "orders.refund",
    unit: "fen",
    defaultFrom: DEFAULT_FROM_FEN,
    title: { "zh-CN": "大额退款", en: "Large refund" },
    // The reason is the member's, the note is what the member is answered.
    isPersonal: true,
    payload: z.object({
      memberId: z.string(),
      orderId: z.string(),
      caseId: z.string(),
      step: z.enum(["agree_refund", "take_back"]),
      points: z.int(),
      cashFen: z.int(),
      note: z.string(),
      evenIfUsed: z.boolean().default(false),
    }),
    execute: async ({ env, programmeId, payload, proposedBy, decidedBy }) => {
      const { memberId, orderId, caseId, step, points, cashFen, evenIfUsed } = payload;
      const at = { orderId, caseId };
      const { note } = await sealCaseWords(env, programmeId, at, { note: payload.note });
      const memberKey = memberKeyOf(programmeId, memberId);
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
