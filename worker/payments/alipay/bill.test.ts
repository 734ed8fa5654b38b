import { zipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { gbk } from "../../testing/bank/alipay-bill.ts";
import { Bank } from "../../testing/bank/bank.ts";
import { newBankKeys, newPair, type BankKeys } from "../../testing/bank/keys.ts";
import { signingKey, verifyingKey } from "../rsa.ts";
import { Alipay } from "./alipay.ts";
import { readBill } from "./bill.ts";

const NOW = Date.parse("2026-11-23T10:15:00+08:00");
const YESTERDAY = NOW - 86_400_000;
const DAY = "2026-11-22";

describe("a day's bill", () => {
  let keys: BankKeys;
  beforeAll(async () => {
    keys = await newBankKeys();
  });

  const GATEWAY = "https://mall.test/pay-sim/alipay/gateway.do";

  /** A bank whose clock the test sets, and the mall's side of it. */
  async function opened({ origin = "https://mall.test", platform = keys.platform } = {}) {
    const clock = { nowMs: NOW };
    const asked: string[] = [];
    const bank = new Bank({
      ...{ keys, origin: () => origin, now: () => clock.nowMs },
      deliver: () => Promise.resolve(new Response()),
    });
    const alipay = new Alipay(
      {
        ...{ appId: "2021000000000001", gateway: GATEWAY },
        key: await signingKey(keys.merchant.privatePem),
        platformKey: await verifyingKey(platform.publicPem),
      },
      (request) => {
        asked.push((request as Request).url);
        return bank.fetch(request as Request);
      },
    );
    const paid = async (id: string, title: string, amountFen: number): Promise<string> => {
      bank.ledger.open({
        ...{ provider: "alipay", id, title, amountFen, expiresAtMs: NOW },
        ...{ notifyUrl: "", returnUrl: "" },
      });
      await bank.pay(id);
      return bank.ledger.trades.get(id)?.txns[0]?.txnId ?? "";
    };
    return { alipay, asked, clock, paid };
  }

  it("tells payments and what went back, of that day alone", async () => {
    const { alipay, clock, paid } = await opened();
    clock.nowMs = YESTERDAY;
    const txnId = await paid("p1", "手冲咖啡, 大杯", 1_990);
    const back = { refundId: "p1r1", paymentId: "p1", txnId, amountFen: 990, totalFen: 1_990 };
    await alipay.refund({ ...back, reason: "one of two" }, clock.nowMs);
    clock.nowMs = NOW;
    await paid("p2", "of today", 100);
    expect(await alipay.bill(DAY, NOW)).toEqual({
      kind: "bill",
      rows: [
        { kind: "payment", paymentId: "p1", txnId, refundId: null, amountFen: 1_990 },
        { kind: "refund", paymentId: "p1", txnId, refundId: "p1r1", amountFen: 990 },
      ],
    });
    expect(await alipay.bill("2026-11-21", NOW)).toEqual({ kind: "bill", rows: [] });
  });

  it("is none before the day is over", async () => {
    const { alipay } = await opened();
    const none = { kind: "none", word: "isp.bill_not_exist" };
    expect(await alipay.bill("2026-11-23", NOW)).toEqual(none);
  });

  it("is taken from nobody else: not on another's word, and not from another's host", async () => {
    const forged = await opened({ platform: await newPair() });
    expect(await forged.alipay.bill(DAY, NOW)).toEqual({ kind: "none", word: "no answer" });
    const { alipay, asked } = await opened({ origin: "https://alipay.com.elsewhere.test" });
    expect(await alipay.bill(DAY, NOW)).toEqual({ kind: "none", word: "unreadable bill" });
    expect(asked).toEqual([GATEWAY]);
  });
});

describe("an archive", () => {
  const HEAD = "支付宝交易号,商户订单号,业务类型,商品名称,订单金额（元）,退款批次号/请求号";
  const zipped = (text: string): Uint8Array => zipSync({ "a.csv": gbk(text) });

  it("is read by the names of its columns, whatever a name of goods contains", () => {
    const lines = [
      "2026\t,p1\t,交易,茶, 热, 大,12.00,",
      "2027\t,p2\t,退款（交易退款）,茶,-3.50,r1\t",
    ];
    expect(readBill(zipped(["#", HEAD, ...lines, "#", "x,y,交易,z,1.00,"].join("\n")))).toEqual([
      { kind: "payment", paymentId: "p1", txnId: "2026", refundId: null, amountFen: 1_200 },
      { kind: "refund", paymentId: "p2", txnId: "2027", refundId: "r1", amountFen: 350 },
    ]);
  });

  it("that is none, or has no such table, tells nothing rather than a day without trade", () => {
    expect(readBill(gbk(HEAD))).toBeNull();
    expect(readBill(zipped("门店编号,交易订单总笔数"))).toBeNull();
    expect(readBill(zipped(HEAD))).toEqual([]);
  });

  it("that claims to be far larger than a day is not unpacked", () => {
    const archive = zipSync({ "a.csv": gbk(HEAD), "b.csv": new Uint8Array(33 * 1_048_576) });
    expect(readBill(archive)).toBeNull();
  });
});
