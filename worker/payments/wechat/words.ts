/** What WeChat Pay says of a payment or a refund, in the mall's words. Pure but for the opening of what is sealed. */
import { z } from "@hono/zod-openapi";
import type { Heard, PaymentWord, RefundWord } from "../provider.ts";
import type { Sealed } from "./protocol.ts";

/** Whose payment it must be. */
export interface Names {
  readonly appId: string;
  readonly mchId: string;
}

const transaction = z.object({
  appid: z.string(),
  mchid: z.string(),
  out_trade_no: z.string(),
  trade_state: z.string(),
  transaction_id: z.string().optional(),
  success_time: z.string().optional(),
  // Nothing was paid by less than a fen, and nothing could go back.
  amount: z.object({ total: z.int().min(1), currency: z.string().default("CNY") }).optional(),
  // Nobody is refused their money because a name is missing.
  payer: z
    .object({ openid: z.string().min(1) })
    .nullable()
    .catch(null)
    .default(null),
});

const refund = z.object({
  out_refund_no: z.string(),
  /** A query says `status`, a notification `refund_status`. */
  status: z.string().optional(),
  refund_status: z.string().optional(),
  success_time: z.string().optional(),
});

const envelope = z.object({
  event_type: z.string(),
  resource: z.object({
    algorithm: z.string(),
    ciphertext: z.string(),
    associated_data: z.string().optional(),
    nonce: z.string(),
  }),
});

export function paymentWord(body: unknown, names: Names): PaymentWord {
  const said = transaction.safeParse(body);
  if (!said.success) return { kind: "silence", word: "unreadable" };
  const { data } = said;
  if (data.appid !== names.appId || data.mchid !== names.mchId) {
    return { kind: "silence", word: "another merchant's" };
  }
  switch (data.trade_state) {
    case "SUCCESS":
    // What was refunded had been paid before.
    case "REFUND": {
      const { transaction_id: txnId, success_time: time, amount } = data;
      const paidAtMs = Date.parse(time ?? "");
      if (!txnId || !amount || amount.currency !== "CNY" || Number.isNaN(paidAtMs)) {
        return { kind: "silence", word: "incomplete" };
      }
      const paid = { paymentId: data.out_trade_no, txnId, amountFen: amount.total, paidAtMs };
      return { kind: "paid", paid, payer: data.payer?.openid ?? null };
    }
    case "CLOSED":
    case "REVOKED":
      return { kind: "closed" };
    default:
      return { kind: "unpaid" };
  }
}

export function refundWord(
  body: unknown,
  order: { readonly refundId: string },
  nowMs: number,
): RefundWord {
  const said = refund.safeParse(body);
  if (!said.success || said.data.out_refund_no !== order.refundId) return { kind: "silence" };
  const { status, refund_status: told, success_time: time } = said.data;
  switch (status ?? told) {
    case "SUCCESS": {
      const atMs = Date.parse(time ?? "");
      return { kind: "done", atMs: Number.isNaN(atMs) ? nowMs : atMs };
    }
    case "PROCESSING":
      return { kind: "asked" };
    case "CLOSED":
    case "ABNORMAL":
      return { kind: "refused", word: String(status ?? told) };
    default:
      return { kind: "silence" };
  }
}

/** A proven notification, opened. What does not open, or is another merchant's, is not believed. */
export async function heardResource(
  body: string,
  names: Names,
  open: (sealed: Sealed) => Promise<string | null>,
): Promise<Heard> {
  const said = envelope.safeParse(parse(body));
  if (!said.success) return { kind: "forged", word: "unreadable" };
  const { resource } = said.data;
  const { associated_data: associated, ...rest } = resource;
  const sealed = associated === undefined ? rest : { ...rest, associated_data: associated };
  const text = await open(sealed);
  if (text === null) return { kind: "forged", word: "does_not_open" };
  const opened = parse(text);
  const { event_type: event } = said.data;
  if (event === "TRANSACTION.SUCCESS") {
    const word = paymentWord(opened, names);
    if (word.kind === "paid") return word;
    return word.kind === "silence" ? { kind: "forged", word: word.word } : { kind: "other" };
  }
  if (!event.startsWith("REFUND.")) return { kind: "other" };
  const of = refund.extend({ mchid: z.string() }).safeParse(opened);
  if (!of.success || of.data.mchid !== names.mchId) return { kind: "forged", word: "refund" };
  const refundId = of.data.out_refund_no;
  return { kind: "refund", refundId, word: refundWord(opened, { refundId }, 0) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
