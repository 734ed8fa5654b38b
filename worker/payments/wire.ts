import { z } from "@hono/zod-openapi";
import { PROVIDERS, SCENES } from "./provider.ts";

export const payWaysSchema = z
  .object({
    pay: z.object({ amountFen: z.int(), payByMs: z.int() }).nullable(),
    ways: z.array(z.object({ provider: z.enum(PROVIDERS), scenes: z.array(z.enum(SCENES)) })),
  })
  .openapi("PaymentWays");
export type PayWays = z.infer<typeof payWaysSchema>;

export const begunPaymentSchema = z
  .object({
    paymentId: z.string(),
    amountFen: z.int(),
    payByMs: z.int(),
    handOver: z
      .discriminatedUnion("kind", [
        z.object({ kind: z.literal("redirect"), url: z.string() }),
        z.object({ kind: z.literal("qr"), text: z.string() }),
        z.object({ kind: z.literal("jsapi"), params: z.record(z.string(), z.string()) }),
      ])
      .nullable()
      .describe("Null: it is paid already."),
  })
  .openapi("BegunPayment");
export type BegunPayment = z.infer<typeof begunPaymentSchema>;
