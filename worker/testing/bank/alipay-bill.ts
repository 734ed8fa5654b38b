/** The bill of the pretended Alipay: a table of lines and a table of sums, in GBK, in one archive. */
import { zipSync } from "fflate";
import type { Trade } from "./trades.ts";

const HEAD =
  "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
const SUMS =
  "门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）";

/** Every character that GBK has, with its bytes: there is a decoder everywhere, and nowhere an encoder. */
function gbkTable(): Map<string, readonly number[]> {
  const decoder = new TextDecoder("gbk");
  const table = new Map<string, readonly number[]>();
  for (let high = 0x81; high <= 0xfe; high += 1) {
    for (let low = 0x40; low <= 0xfe; low += 1) {
      const text = decoder.decode(new Uint8Array([high, low]));
      if (text.length === 1 && text !== "\uFFFD") table.set(text, [high, low]);
    }
  }
  return table;
}

let known: Map<string, readonly number[]> | null = null;

export function gbk(text: string): Uint8Array<ArrayBuffer> {
  const table = (known ??= gbkTable());
  const bytes = [...text].flatMap((one) => {
    const code = one.codePointAt(0) ?? 0x3f;
    return code < 0x80 ? [code] : (table.get(one) ?? [0x3f]);
  });
  return Uint8Array.from(bytes);
}

const yuan = (fen: number): string => (fen / 100).toFixed(2);
const beijing = (atMs: number): string =>
  new Date(atMs + 28_800_000).toISOString().slice(0, 19).replace("T", " ");

/** Of one day, Beijing time, as `2026-11-22`. */
export function billArchive(trades: Iterable<Trade>, day: string): Uint8Array {
  const lines: string[] = [];
  const line = (trade: Trade, kind: string, txnId: string, atMs: number, of: Amount): void => {
    if (!beijing(atMs).startsWith(day)) return;
    const time = beijing(atMs);
    const [amount, fee] = [yuan(of.fen), "0.00"];
    const own = [`${txnId}\t`, `${trade.id}\t`, kind, trade.title, time, time, "", "", "", ""];
    const after = [`${of.refundId ?? ""}\t`, fee, fee, ""];
    const between = ["buy***", amount, amount, fee, fee, fee, fee, fee, "", fee, fee];
    lines.push([...own, ...between, ...after].join(","));
  };
  for (const trade of trades) {
    if (trade.provider !== "alipay") continue;
    for (const { txnId, amountFen, paidAtMs } of trade.txns)
      line(trade, "交易", txnId, paidAtMs, { fen: amountFen });
    for (const { txnId, refundId, amountFen, atMs } of trade.refunds)
      line(trade, "退款", txnId, atMs, { fen: -amountFen, refundId });
  }
  const remarks = ["#支付宝业务明细查询", "#-----业务明细列表-----"];
  const details = [...remarks, HEAD, ...lines, "#-----业务明细列表结束-----", ""].join("\r\n");
  const sums = ["#支付宝业务汇总查询", SUMS, "#-----汇总结束-----", ""].join("\r\n");
  return zipSync({ "details.csv": gbk(details), "sums.csv": gbk(sums) });
}

interface Amount {
  readonly fen: number;
  readonly refundId?: string;
}
