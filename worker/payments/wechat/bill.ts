/** The daily trade bill of WeChat Pay: lines of fields, each after a backtick; a total at the end. Pure. */
import { fenOfYuan } from "../money.ts";
import type { BillRow } from "../provider.ts";

/** Columns are found by their names, because the platform has added some before. */
const COLUMNS = {
  txnId: "微信订单号",
  paymentId: "商户订单号",
  state: "交易状态",
  paid: "应结订单金额",
  refundId: "商户退款单号",
  refunded: "退款金额",
} as const;

export function parseTradeBill(text: string): BillRow[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const head = (lines[0] ?? "").split(",").map((name) => name.trim());
  const at = Object.fromEntries(
    Object.entries(COLUMNS).map(([key, name]) => [key, head.indexOf(name)]),
  ) as Record<keyof typeof COLUMNS, number>;
  const rows: BillRow[] = [];
  for (const line of lines.slice(1)) {
    // The totals have a head of their own, without backticks.
    if (!line.startsWith("`")) break;
    const fields = line.slice(1).split(",`");
    const field = (key: keyof typeof COLUMNS): string => (fields[at[key]] ?? "").trim();
    const isRefund = field("state") === "REFUND";
    const amountFen = fenOfYuan(isRefund ? field("refunded") : field("paid"));
    if (amountFen === null) continue;
    rows.push({
      kind: isRefund ? "refund" : "payment",
      paymentId: field("paymentId"),
      txnId: field("txnId"),
      refundId: isRefund ? field("refundId") : null,
      amountFen,
    });
  }
  return rows;
}
