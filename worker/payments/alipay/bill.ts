/** The daily bill of Alipay: an archive of tables in GBK, one of which has a line for every payment and refund. Pure. */
import { unzipSync } from "fflate";
import { fenOfYuan } from "../money.ts";
import type { BillRow } from "../provider.ts";

/** Columns are found by their names, as in the other bill. */
const COLUMNS = {
  txnId: "支付宝交易号",
  paymentId: "商户订单号",
  kind: "业务类型",
  title: "商品名称",
  amount: "订单金额（元）",
  refundId: "退款批次号/请求号",
} as const;
type Column = keyof typeof COLUMNS;

/** Many times what a busy merchant has in a day; what claims to unpack to more is not unpacked. */
const TABLE_BYTES_MAX = 32 * 1_048_576;

/** Null: it is no such archive, so nothing is known; a day without trade has a table without lines. */
export function readBill(archive: Uint8Array): BillRow[] | null {
  const tables = tablesOf(archive);
  const details = tables?.map(rowsOf).filter((rows) => rows !== null) ?? [];
  return details.length === 0 ? null : details.flat();
}

function tablesOf(archive: Uint8Array): string[] | null {
  let isWhole = true;
  const filter = ({ originalSize }: { readonly originalSize: number }): boolean =>
    (isWhole &&= originalSize <= TABLE_BYTES_MAX);
  try {
    const files = Object.values(unzipSync(archive, { filter }));
    return isWhole ? files.map((bytes) => new TextDecoder("gbk").decode(bytes)) : null;
  } catch {
    return null;
  }
}

/** Null: another table, such as the sums by store that lie beside it. */
function rowsOf(table: string): BillRow[] | null {
  const lines = table.split(/\r?\n/);
  const start = lines.findIndex((line) => line.startsWith(COLUMNS.txnId));
  const head = (lines[start] ?? "").split(",").map((name) => name.trim());
  if (Object.values(COLUMNS).some((name) => !head.includes(name))) return null;
  const titleAt = head.indexOf(COLUMNS.title);
  const rows: BillRow[] = [];
  for (const line of lines.slice(start + 1)) {
    // The sums below the lines are remarks, like the lines above the head.
    if (line.startsWith("#")) break;
    const fields = line.split(",");
    // Nothing is quoted, so a comma in the name of the goods moves what comes after it.
    const moved = fields.length - head.length;
    const field = (column: Column): string => {
      const at = head.indexOf(COLUMNS[column]);
      return (fields[at > titleAt ? at + moved : at] ?? "").trim();
    };
    const row = rowOf(field);
    if (row) rows.push(row);
  }
  return rows;
}

function rowOf(field: (column: Column) => string): BillRow | null {
  const isRefund = field("kind").startsWith("退款");
  // What goes back has a sign before it.
  const amountFen = fenOfYuan(field("amount").replace(/^-/, ""));
  if (amountFen === null || (!isRefund && field("kind") !== "交易")) return null;
  return {
    kind: isRefund ? "refund" : "payment",
    paymentId: field("paymentId"),
    txnId: field("txnId"),
    refundId: isRefund ? field("refundId") : null,
    amountFen,
  };
}
