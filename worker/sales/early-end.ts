/** What a second person agrees to when a running sale ends before its hour. */
import { z } from "@hono/zod-openapi";
import { stubOf } from "../platform/env.ts";
import { registerApproval } from "../staff/index.ts";
import { addressOf } from "./run-command.ts";

export const EARLY_END = "sales.early_end";

export function registerEarlyEnd(): void {
  registerApproval({
    kind: EARLY_END,
    permission: "sales.run",
    unit: "always",
    defaultFrom: 0,
    isOnePerSubject: true,
    title: { "zh-CN": "提前结束秒杀场", en: "End a running sale early" },
    // The goods by name: whoever decides knows no sale by its id.
    payload: z.object({ saleId: z.string().max(128), goods: z.string().optional() }),
    execute: async ({ env, programmeId, payload, proposedBy, decidedBy }) => {
      const { saleId } = payload;
      const address = addressOf(saleId, programmeId);
      if (!address) return { kind: "refused", code: "not_found" };
      const both = `${proposedBy} + ${decidedBy}`;
      const sku = stubOf(env.SKU, address.skuKey, env);
      const outcome = await sku.command(saleId, { kind: "close", isEarly: true }, both);
      if (outcome.kind === "not_found") return { kind: "refused", code: "not_found" };
      if (outcome.kind === "conflict")
        return { kind: "refused", code: "conflict", figures: { reason: outcome.reason } };
      const { granted, closedAtMs } = outcome.snapshot.sale;
      return { kind: "done", outcome: { saleId, granted, closedAtMs } };
    },
  });
}
