/** WeChat Pay v3 against vectors made by an independent implementation, `node:crypto`, from the documented messages. */
import {
  createCipheriv,
  createHash,
  createSign,
  createVerify,
  generateKeyPairSync,
} from "node:crypto";
import { describe, expect, it } from "vitest";
import { signingKey, verifyingKey } from "../rsa.ts";
import { parseTradeBill } from "./bill.ts";
import { authorization, jsapiParams, proofOf, requestMessage, unseal } from "./protocol.ts";
import { WechatPay } from "./wechat.ts";
import { heardResource, paymentWord } from "./words.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const PRIVATE = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const PUBLIC = publicKey.export({ type: "spki", format: "pem" }).toString();
const NOW = 1_700_000_000_000;
const STAMP = { timestamp: String(NOW / 1_000), nonce: "5K8264ILTKCH16CQ2502SI8ZNMTM67VS" };
const API_KEY = "0123456789abcdef0123456789abcdef";
const NAMES = { appId: "wx8888888888888888", mchId: "1900000001" };

const isSigned = (text: string, signature: string): boolean =>
  createVerify("RSA-SHA256").update(text).verify(PUBLIC, signature, "base64");
const signed = (text: string): string =>
  createSign("RSA-SHA256").update(text).sign(PRIVATE, "base64");

describe("a request", () => {
  it("signs method, path with query, time, nonce and body, each on a line", async () => {
    const path = "/v3/pay/transactions/h5?x=1";
    const body = '{"a":"茶"}';
    expect(requestMessage("POST", path, STAMP, body)).toBe(
      `POST\n${path}\n1700000000\n${STAMP.nonce}\n${body}\n`,
    );
    const signer = { mchId: NAMES.mchId, serial: "5157F09E", key: await signingKey(PRIVATE) };
    const header = await authorization(signer, "POST", path, STAMP, body);
    expect(header).toMatch(/^WECHATPAY2-SHA256-RSA2048 mchid="1900000001",nonce_str="5K8264/);
    const signature = /signature="([^"]+)"/.exec(header)?.[1] ?? "";
    expect(isSigned(requestMessage("POST", path, STAMP, body), signature)).toBe(true);
  });

  it("hands the page what opens the cashier inside WeChat", async () => {
    const signer = { mchId: NAMES.mchId, serial: "5157F09E", key: await signingKey(PRIVATE) };
    const params = await jsapiParams(signer, NAMES.appId, "wx201410272009395522", STAMP);
    const message = `${NAMES.appId}\n1700000000\n${STAMP.nonce}\nprepay_id=wx201410272009395522\n`;
    expect(params).toMatchObject({ signType: "RSA", package: "prepay_id=wx201410272009395522" });
    expect(isSigned(message, params["paySign"] ?? "")).toBe(true);
  });
});

describe("an answer or a notification", () => {
  const body = '{"id":"EV-1"}';
  const headersOf = (over: Record<string, string> = {}): Headers =>
    new Headers({
      "wechatpay-timestamp": STAMP.timestamp,
      "wechatpay-nonce": STAMP.nonce,
      "wechatpay-serial": "PUB_KEY_ID_1",
      "wechatpay-signature": signed(`${STAMP.timestamp}\n${STAMP.nonce}\n${body}\n`),
      ...over,
    });
  const verifiers = async () => new Map([["PUB_KEY_ID_1", await verifyingKey(PUBLIC)]]);

  it("is believed with its signature, and with nothing less", async () => {
    const keys = await verifiers();
    expect(await proofOf(headersOf(), body, keys, NOW)).toBe("proven");
    expect(await proofOf(headersOf(), `${body} `, keys, NOW)).toBe("wrong_signature");
    expect(await proofOf(headersOf(), body, keys, NOW + 301_000)).toBe("stale");
    expect(await proofOf(headersOf(), body, keys, NOW - 301_000)).toBe("stale");
    const other = headersOf({ "wechatpay-serial": "PUB_KEY_ID_2" });
    expect(await proofOf(other, body, keys, NOW)).toBe("unknown_serial");
    expect(await proofOf(new Headers(), body, keys, NOW)).toBe("no_signature");
    const moved = headersOf({ "wechatpay-nonce": "another" });
    expect(await proofOf(moved, body, keys, NOW)).toBe("wrong_signature");
  });
});

function seal(text: string, about = "transaction", nonce = "fdasflkja484") {
  const cipher = createCipheriv("aes-256-gcm", API_KEY, nonce);
  cipher.setAAD(Buffer.from(about));
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return {
    ...{ algorithm: "AEAD_AES_256_GCM", ciphertext: sealed.toString("base64") },
    ...{ associated_data: about, nonce },
  };
}

const PAID = {
  ...{ appid: NAMES.appId, mchid: NAMES.mchId, out_trade_no: "p1", trade_state: "SUCCESS" },
  ...{ transaction_id: "4200001", success_time: "2026-11-22T19:00:00+08:00" },
  amount: { total: 990, currency: "CNY" },
};

describe("what is sealed", () => {
  it("opens with the key, and neither with another nor when a byte was changed", async () => {
    const sealed = seal("茶");
    expect(await unseal(sealed, API_KEY)).toBe("茶");
    expect(await unseal(sealed, "f".repeat(32))).toBeNull();
    expect(await unseal({ ...sealed, associated_data: "refund" }, API_KEY)).toBeNull();
    expect(await unseal({ ...sealed, nonce: "fdasflkja485" }, API_KEY)).toBeNull();
    expect(await unseal({ ...sealed, algorithm: "AES" }, API_KEY)).toBeNull();
  });

  it("is a payment of this merchant and this app, or nothing", async () => {
    const heard = (of: object) =>
      heardResource(
        JSON.stringify({ event_type: "TRANSACTION.SUCCESS", resource: seal(JSON.stringify(of)) }),
        NAMES,
        (one) => unseal(one, API_KEY),
      );
    expect(await heard(PAID)).toMatchObject({
      ...{ kind: "paid", paid: { paymentId: "p1", txnId: "4200001", amountFen: 990 } },
    });
    const said = { ...PAID, payer: { openid: "oPayer0001" } };
    expect(await heard(said)).toMatchObject({ payer: "oPayer0001", paid: { paymentId: "p1" } });
    expect(await heard(PAID)).toMatchObject({ payer: null });
    expect(await heard({ ...PAID, appid: "wx0000000000000000" })).toMatchObject({ kind: "forged" });
    expect(await heard({ ...PAID, mchid: "1900000009" })).toMatchObject({ kind: "forged" });
    expect(await heard({ ...PAID, amount: { total: 990, currency: "USD" } })).toMatchObject({
      kind: "forged",
    });
    for (const total of [0, -990]) {
      expect(paymentWord({ ...PAID, amount: { total } }, NAMES)).toMatchObject({ kind: "silence" });
    }
    expect(await heard({ ...PAID, trade_state: "NOTPAY" })).toEqual({ kind: "other" });
    expect(paymentWord({}, NAMES)).toMatchObject({ kind: "silence" });
  });
});

describe("a refund notice", () => {
  const heard = (of: object, event = "REFUND.SUCCESS") =>
    heardResource(
      JSON.stringify({ event_type: event, resource: seal(JSON.stringify(of), "refund") }),
      NAMES,
      (one) => unseal(one, API_KEY),
    );
  const BACK = {
    ...{ mchid: NAMES.mchId, out_refund_no: "p1r1", refund_status: "SUCCESS" },
    success_time: "2026-11-22T19:00:00+08:00",
  };

  it("is heard by its own words, of this merchant alone", async () => {
    expect(await heard(BACK)).toMatchObject({
      ...{ kind: "refund", refundId: "p1r1", word: { kind: "done" } },
    });
    expect(await heard({ ...BACK, refund_status: "ABNORMAL" }, "REFUND.ABNORMAL")).toMatchObject({
      word: { kind: "refused", word: "ABNORMAL" },
    });
    expect(await heard({ ...BACK, mchid: "1900000009" })).toMatchObject({ kind: "forged" });
  });
});

describe("the keys of the platform", () => {
  it("stand side by side while a merchant moves from certificates to the public key", async () => {
    const old = generateKeyPairSync("rsa", { modulusLength: 2_048 });
    const verifiers = new Map([
      ["PUB_KEY_ID_1", await verifyingKey(PUBLIC)],
      [
        "7132D72A",
        await verifyingKey(old.publicKey.export({ type: "spki", format: "pem" }).toString()),
      ],
    ]);
    const message = `${STAMP.timestamp}\n${STAMP.nonce}\n{}\n`;
    const proof = (serial: string, signature: string) =>
      proofOf(
        new Headers({
          ...{ "wechatpay-timestamp": STAMP.timestamp, "wechatpay-nonce": STAMP.nonce },
          ...{ "wechatpay-serial": serial, "wechatpay-signature": signature },
        }),
        "{}",
        verifiers,
        NOW,
      );
    const byOld = createSign("RSA-SHA256").update(message).sign(old.privateKey, "base64");
    expect(await proof("PUB_KEY_ID_1", signed(message))).toBe("proven");
    expect(await proof("7132D72A", byOld)).toBe("proven");
    // What names one and is signed by the other is neither's; nor is the platform's own probe.
    expect(await proof("PUB_KEY_ID_1", byOld)).toBe("wrong_signature");
    expect(await proof("PUB_KEY_ID_1", `WECHATPAY/SIGNTEST/${byOld}`)).toBe("wrong_signature");
  });
});

describe("the file of a bill", () => {
  const line =
    "\uFEFF微信订单号,商户订单号,交易状态,商户退款单号,退款金额,应结订单金额\r\n`4200001,`p1,`SUCCESS,`0,`0.00,`9.90";
  const bytes = Uint8Array.from(new TextEncoder().encode(line));
  const sha1 = createHash("sha1").update(bytes).digest("hex");

  async function billOf(file: Uint8Array<ArrayBuffer>) {
    const account = {
      ...{ ...NAMES, apiV3Key: API_KEY, publicKeyId: "PUB_KEY_ID_1", baseUrl: "https://bank.test" },
      signer: { mchId: NAMES.mchId, serial: "5157F09E", key: await signingKey(PRIVATE) },
      verifiers: new Map([["PUB_KEY_ID_1", await verifyingKey(PUBLIC)]]),
    };
    const pay = new WechatPay(account, (request) => {
      if (request.url.includes("/v3/billdownload/")) return Promise.resolve(new Response(file));
      const said = JSON.stringify({
        ...{ hash_type: "SHA1", hash_value: sha1 },
        download_url: "https://bank.test/v3/billdownload/file?token=x",
      });
      const headers = {
        ...{ "wechatpay-timestamp": STAMP.timestamp, "wechatpay-nonce": STAMP.nonce },
        ...{ "wechatpay-serial": "PUB_KEY_ID_1" },
        "wechatpay-signature": signed(`${STAMP.timestamp}\n${STAMP.nonce}\n${said}\n`),
      };
      return Promise.resolve(new Response(said, { headers }));
    });
    return pay.bill("2026-11-21", NOW);
  }

  it("counts byte by byte, the mark at its beginning too", async () => {
    expect(await billOf(bytes)).toMatchObject({ kind: "bill", rows: [{ amountFen: 990 }] });
    expect(await billOf(bytes.slice(3))).toEqual({ kind: "none", word: "bill_hash" });
    const changed = Uint8Array.from(Buffer.from(line.replace("9.90", "9.91")));
    expect(await billOf(changed)).toEqual({ kind: "none", word: "bill_hash" });
  });
});

describe("the daily bill", () => {
  it("is read by the names of its columns, up to the totals", () => {
    const text = [
      "\uFEFF交易时间,微信订单号,商户订单号,交易状态,商户退款单号,退款金额,应结订单金额",
      "`2026-11-22 19:00:00,`4200001,`p1,`SUCCESS,`0,`0.00,`9.90",
      "`2026-11-22 19:05:00,`4200001,`p1,`REFUND,`p1r1,`9.90,`0.00",
      "总交易单数,应结订单总金额",
      "`2,`9.90",
    ].join("\r\n");
    expect(parseTradeBill(text)).toEqual([
      ...[{ kind: "payment", paymentId: "p1", txnId: "4200001", refundId: null, amountFen: 990 }],
      { kind: "refund", paymentId: "p1", txnId: "4200001", refundId: "p1r1", amountFen: 990 },
    ]);
  });
});
