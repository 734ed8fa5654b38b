/** A trade that Alipay knows only once its cashier was opened: when its time is over, and by whose clock. */
import { beforeAll, describe, expect, it } from "vitest";
import { Bank } from "../../testing/bank/bank.ts";
import { newBankKeys, type BankKeys } from "../../testing/bank/keys.ts";
import { signingKey, verifyingKey } from "../rsa.ts";
import { Alipay } from "./alipay.ts";

const NOW = Date.parse("2026-11-23T10:15:00+08:00");
const HOUR_MS = 3_600_000;
const GATEWAY = "https://mall.test/pay-sim/alipay/gateway.do";

describe("a trade that nobody opened", () => {
  let keys: BankKeys;
  beforeAll(async () => {
    keys = await newBankKeys();
  });

  async function opened(heads: (headers: Headers) => void = () => undefined) {
    const clock = { nowMs: NOW };
    const bank = new Bank({
      ...{ keys, origin: () => "https://mall.test", now: () => clock.nowMs },
      deliver: () => Promise.resolve(new Response()),
    });
    const account = {
      ...{ appId: "2021000000000001", gateway: GATEWAY },
      key: await signingKey(keys.merchant.privatePem),
      platformKey: await verifyingKey(keys.platform.publicPem),
    };
    const alipay = new Alipay(account, async (request) => {
      const response = await bank.fetch(request as Request);
      heads(response.headers);
      return response;
    });
    const link = async (expiresAtMs: number): Promise<Request> => {
      const begun = await alipay.begin(
        {
          ...{ paymentId: "p1", scene: "h5", title: "tea", amountFen: 990, expiresAtMs },
          ...{ notifyUrl: "", returnUrl: "", openId: null, clientIp: "" },
        },
        NOW,
      );
      if (begun.kind !== "begun" || begun.handOver.kind !== "redirect") throw new Error(begun.kind);
      return new Request(begun.handOver.url);
    };
    return { alipay, bank, clock, link };
  }

  it("is unknown at the hour of Alipay's clock, or of ours where that is behind", async () => {
    const { alipay } = await opened();
    expect(await alipay.close("p1", NOW + HOUR_MS)).toEqual({ kind: "unknown", atMs: NOW });
    const behindMs = NOW - HOUR_MS;
    expect(await alipay.close("p1", behindMs)).toEqual({ kind: "unknown", atMs: behindMs });
  });

  it("is unknown at the hour of our clock where none was told", async () => {
    const untold = await opened((headers) => headers.delete("date"));
    expect(await untold.alipay.close("p1", NOW)).toEqual({ kind: "unknown", atMs: NOW });
    const strange = await opened((headers) => headers.set("date", "some day"));
    expect(await strange.alipay.close("p1", NOW)).toEqual({ kind: "unknown", atMs: NOW });
  });

  it("is opened until its time is over, and never afterwards", async () => {
    const { alipay, bank, clock, link } = await opened();
    const inTime = await link(NOW + 60_000);
    clock.nowMs = NOW + 60_000;
    expect((await bank.fetch(inTime)).status).toBe(410);
    expect(await alipay.close("p1", clock.nowMs)).toMatchObject({ kind: "unknown" });
    clock.nowMs = NOW + 59_000;
    expect((await bank.fetch(await link(NOW + 60_000))).status).toBe(302);
    expect(await alipay.query("p1", clock.nowMs)).toEqual({ kind: "unpaid" });
    expect(await alipay.close("p1", clock.nowMs)).toEqual({ kind: "closed" });
  });
});
