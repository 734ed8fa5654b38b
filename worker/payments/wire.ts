import { z } from "@hono/zod-openapi";
import { PROVIDERS, SCENES } from "./provider.ts";
import { STANDINGS } from "./reconcile.ts";

export const payWaysSchema = z
  .object({
    pay: z.object({ amountFen: z.int(), payByMs: z.int() }).nullable(),
    ways: z.array(z.object({ provider: z.enum(PROVIDERS), scenes: z.array(z.enum(SCENES)) })),
  })
  .openapi("PaymentWays");
export type PayWays = z.infer<typeof payWaysSchema>;

const handOverSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("redirect"), url: z.string() }),
  z.object({ kind: z.literal("qr"), text: z.string() }),
  z.object({ kind: z.literal("jsapi"), params: z.record(z.string(), z.string()) }),
]);

export const begunPaymentSchema = z
  .object({
    paymentId: z.string(),
    amountFen: z.int(),
    payByMs: z.int(),
    handOver: handOverSchema.nullable().describe("Null: it is paid already."),
  })
  .openapi("BegunPayment");
export type BegunPayment = z.infer<typeof begunPaymentSchema>;

export const begunTopUpSchema = z
  .object({
    topUpId: z.string(),
    amountFen: z.int(),
    payByMs: z.int(),
    handOver: handOverSchema.nullable().describe("Null: it is paid already."),
  })
  .openapi("BegunTopUp");
export type BegunTopUp = z.infer<typeof begunTopUpSchema>;

export const moveSchema = z
  .object({
    moveId: z.string(),
    kind: z.string(),
    paymentId: z.string(),
    memberId: z.string(),
    orderId: z.string(),
    provider: z.string(),
    amountFen: z.int(),
    state: z.string(),
    reason: z.string(),
    atMs: z.int(),
  })
  .openapi("MoneyMove");
export type MoveView = z.infer<typeof moveSchema>;

export const reconciledSchema = z
  .object({
    provider: z.string(),
    day: z.string(),
    checked: z.int(),
    word: z.string().describe("Empty, or why there was no bill."),
    atMs: z.int(),
    differences: z.array(
      z.object({
        name: z.string(),
        kind: z.string(),
        moveId: z.string(),
        paymentId: z.string(),
        billFen: z.int().nullable(),
        ownFen: z.int().nullable(),
        memberId: z.string().nullable(),
        orderId: z.string().nullable(),
        explained: z
          .object({ note: z.string(), by: z.string(), atMs: z.int() })
          .nullable()
          .describe("What somebody found out about it; it counts as no difference any more."),
      }),
    ),
  })
  .openapi("ReconciledDay");
export type ReconciledView = z.infer<typeof reconciledSchema>;

export const financeSchema = z
  .object({
    isGreen: z.boolean(),
    troubled: z.array(moveSchema).describe("Failed refunds and wrong amounts: somebody decides."),
    returned: z
      .array(
        moveSchema.extend({
          backState: z.string().nullable().describe("How far its refund is; null: not told yet."),
        }),
      )
      .describe("Money that came too late or twice, newest first: it goes back by itself."),
    standings: z.array(
      z.object({
        name: z.enum(STANDINGS),
        count: z.int(),
        orders: z
          .array(
            z.object({
              ...{ memberId: z.string(), orderId: z.string(), title: z.string() },
              ...{ state: z.string(), points: z.int(), paidFen: z.int(), updatedAtMs: z.int() },
            }),
          )
          .describe("The newest of them."),
      }),
    ),
    bills: z.array(reconciledSchema),
    providers: z.array(z.enum(PROVIDERS)).describe("Whose bills can be fetched."),
  })
  .openapi("Finance");
export type FinanceView = z.infer<typeof financeSchema>;

/**
 * `payment`: the order is over or paid otherwise, and the provider has not said whether this attempt was paid; `refund`: not taken by
 * the provider yet; `refund_slow`: taken days ago and not done; `unpaid`: its deadline is over and it waits still; `goods`: what
 * delivers itself is not delivered.
 */
export const DOUBTS = ["payment", "refund", "refund_slow", "unpaid", "goods"] as const;
export type DoubtName = (typeof DOUBTS)[number];

export const doubtsSchema = z
  .object({
    count: z.int().describe("Of all names; the items are the oldest of each."),
    afterMs: z.int().describe("What is settled sooner never stands here."),
    items: z.array(
      z.object({
        name: z.enum(DOUBTS),
        ...{ memberId: z.string(), orderId: z.string(), title: z.string() },
        provider: z.string().nullable().describe("Who is asked; null: no provider."),
        ...{ amountFen: z.int(), points: z.int(), sinceMs: z.int() },
      }),
    ),
  })
  .openapi("InDoubt");
export type DoubtsView = z.infer<typeof doubtsSchema>;

export const PAY_MINUTES_MAX = 10_080;
const minutes = z.int().min(1).max(PAY_MINUTES_MAX);
export const payTermsSchema = z
  .object({ flashMinutes: minutes, standingMinutes: minutes })
  .openapi("PaymentTerms");

export const paymentSettingsSchema = z
  .object({
    terms: payTermsSchema.extend({
      savedAtMs: z.int().describe("0: nobody has set them."),
    }),
    isPretended: z.boolean().describe("Paid by the pretended bank of a local server."),
    accounts: z.array(
      z.object({
        provider: z.enum(PROVIDERS),
        isEnabled: z.boolean(),
        account: z
          .object({
            appId: z.string(),
            mchId: z.string(),
            publicKeyId: z.string(),
            privateKeyPrint: z.string(),
          })
          .nullable(),
        notifyUrl: z.string(),
        savedBy: z.string().nullable(),
        savedAtMs: z.int().nullable(),
      }),
    ),
  })
  .openapi("PaymentSettings");
export type PaymentSettingsView = z.infer<typeof paymentSettingsSchema>;
