/**
 * The worked examples of WeChat Pay's own documents and of its own libraries, each under its address. Signing is deterministic, so
 * their signature over a message that we compose is true for that very message and no other. The pages of decryption work no example
 * out with its key; the tests of the libraries do.
 */
import { createVerify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { certificateKey, verifyingKey } from "../rsa.ts";
import { jsapiMessage, proofOf, requestMessage, unseal } from "./protocol.ts";

/** The public half of `apiclient_test_key.pem`, which the pages on signing print as their test key. */
const TEST_KEY = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAptpm+qvIDCh/9wjU26SQ
CK26ogYkBhDrYxnAaw2JbbBsp1oDbHKk+1r381NeBUG2HEFAuU+Fr72u5ot3yKdz
oF/FajAzQNKnm569/D3upKoi8mYBaST15Uig8j8qoUW1U217LL0jEHlSnHV3lcaD
TXqDpTRR4Bfz9IqOgJgFZ8/oTfEomSrjrLYef81Eyxr7ZIMQXEKKEK7V4UXKS0+/
fDsiG/cXidhzt8UbTL9vqXqxM2+IDImyO+FAc/tkBG55LmzxPto1Nq0WbnZzRM/w
Tzrd0I/8NlevxtFbphg4evlHjFNI7+GrqR87ViEwuAJJ9Je5QQjct5YJfFRWiZ5C
MQIDAQAB
-----END PUBLIC KEY-----`;
const STAMP = { timestamp: "1554208460", nonce: "593BEC0C930BF1AFEB40B4A08C8FB242" };

const isSigned = (message: string, signature: string): boolean =>
  createVerify("RSA-SHA256").update(message).verify(TEST_KEY, signature, "base64");

describe("signing a request with a body", () => {
  // https://pay.weixin.qq.com/docs/partner/development/generate-request-signature-verification/request-body-parameters-signature.html
  const body =
    '{"appid":"wxd678efh567hg6787","mchid":"1900007291","description":"Image形象店-深圳腾大-QQ公仔","out_trade_no":"1217752501201407033233368018","notify_url":"https://www.weixin.qq.com/wxpay/pay.php","amount":{"total":100,"currency":"CNY"},"payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}';
  const signature =
    "jnks4dlrPw3ZX+ozVvSK39oa0t7OMBsg83BHAwd8BRdUFiVaQNTLTvci+wURgP1OQBbKYhFGvt7iqYpDSTQkp7Uq1sltaQKyncCyrA1g88m5bsKERQfPyT0ahSwKTYJ1CAn9QiJuSJRq1QsQs07eehbU/k9BCS51jTyc1Jpsi2H77HF9f/BnjXAOP3/sPObg6V5Ee4EzwLox684hhuMuIwHo7D8KFk3LIHOKDcNI4It1aCXydFWNpNK+SG86VUDe5kwoDpw4Ulqfu9z8OFDGbDs9TCxEv8iqQzbpxOlEVoOe2kalSYM5kApQb3nZcxdUtoE0liJGW3RGUNE0t4v01A==";

  it("composes the very message that the page signs", () => {
    const path = "/v3/pay/transactions/jsapi";
    expect(isSigned(requestMessage("POST", path, STAMP, body), signature)).toBe(true);
    expect(isSigned(requestMessage("POST", path, STAMP, `${body} `), signature)).toBe(false);
    expect(isSigned(requestMessage("GET", path, STAMP, body), signature)).toBe(false);
  });
});

describe("signing what opens the cashier inside WeChat", () => {
  // https://pay.weixin.qq.com/doc/v3/merchant/4012365341
  const signature =
    "mI35pfNEQV6777ke/1T+LJLQDNTm7yeoUJH+j/adPGhmCCi0PbgkvYQTRcXH0uibcLVtvFLdGLpmoYO9FV6lBBsTAjuhh5YOvQi0e2g3e0yytitiNET9FEuqM0pjnKfRW4K6LIZDdbWJv9KhZUx3DrJa5TL7OJ7VdADVivxVySIlPVKjGwuCXzuXSJes0UcILgWQUMyha5/3nYofuHtS7r+KYyMuxD+oJ9VM1Qdxk4UIG59CP5Y3wtYIFybyF3bdu1caHTRRX+DLyMXyYA/IrTmiW01c4RPjpHBX5Dk1sZyY1zVsWNsvMHr2e1NTWtBxKJ+qk5N61J7caYoepHFaxw==";

  it("composes the very message that the page signs", () => {
    const prepayId = "wx201410272009395522657a690389285100";
    const message = jsapiMessage("wx2421b1c4370ec43b", prepayId, STAMP);
    expect(isSigned(message, signature)).toBe(true);
    expect(isSigned(jsapiMessage("wx2421b1c4370ec43c", prepayId, STAMP), signature)).toBe(false);
  });
});

describe("believing an answer", () => {
  // https://pay.weixin.qq.com/docs/merchant/development/interface-rules/signature-verification.html
  const serial = "PUB_KEY_ID_0000000000000024101100397200000006";
  const key = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwXNI6sdlknHBnK8Fu2U6
Cwor9qY747jP8KAfeBMeveEt1TqaHkLfaSD07trZLhGpfs8/AHqjhgSMO1O10YQW
OrrJ4hjIWPKqxbgrYMkBQc+mwdiWp4W3ByCqxBRagCveCXRWCmuJYovl9H/bsDI0
iGbpVtEOghJtfciisYSgxcLufUDTRkvwxjIBK1pCRjk33jJ5YTBWTHMRtMAOcFLN
F6hdEYdX8SPsgHHeLZ5Lv2T/686w1xtgCHef/sd4uSfWmyzsalQdHG/e4IyYmrhx
+O3VBoNDzE3nx23bFeV/RVNCG7cV6VhmYokJNHa/erIPkEmEFID6A5wQOXuxUkmJ
WwIDAQAB
-----END PUBLIC KEY-----`;
  const headers = new Headers({
    "wechatpay-timestamp": "1722850421",
    "wechatpay-nonce": "d824f2e086d3c1df967785d13fcd22ef",
    "wechatpay-serial": serial,
    "wechatpay-signature":
      "mfI1CPqvBrgcXfgXMFjdNIhBf27ACE2YyeWsWV9ZI7T7RU0vHvbQpu9Z32ogzc+k8ZC5n3kz7h70eWKjgqNdKQF0eRp8mVKlmfzMLBVHbssB9jEZEDXThOX1XFqX7s7ymia1hoHQxQagPGzkdWxtlZPZ4ZPvr1RiqkgAu6Is8MZgXXrRoBKqjmSdrP1N7uxzJ/cjfSiis9FiLjuADoqmQ1P7p2N876YPAol7Rn0+GswwAwxldbdLrmVSjfytfSBJFqTMHn4itojgxSWWN1byuckQt8hSTEv/Lg97QoeGniYP17T80pJeQyL3b+295FPHSO2AtvCgyIbKMZ0BALilAA==",
  });
  const body = '{"code_url":"weixin://wxpay/bizpayurl?pr=JyC91EIz1"}';
  const atMs = 1_722_850_421_000;

  it("takes the answer that the page verifies, at its time, and no other", async () => {
    const keys = new Map([[serial, await verifyingKey(key)]]);
    expect(await proofOf(headers, body, keys, atMs)).toBe("proven");
    expect(await proofOf(headers, body, keys, atMs + 301_000)).toBe("stale");
    expect(await proofOf(headers, body.replace("1", "2"), keys, atMs)).toBe("wrong_signature");
    const others = new Map([[serial, await verifyingKey(TEST_KEY)]]);
    expect(await proofOf(headers, body, others, atMs)).toBe("wrong_signature");
  });
});

describe("believing a notification, by a platform certificate", () => {
  // github.com/wechatpay-apiv3/wechatpay-go, core/notify/notify_test.go
  const certificate = `-----BEGIN CERTIFICATE-----
MIIDVzCCAj+gAwIBAgIJANfOWdH1ItcBMA0GCSqGSIb3DQEBCwUAMEIxCzAJBgNV
BAYTAlhYMRUwEwYDVQQHDAxEZWZhdWx0IENpdHkxHDAaBgNVBAoME0RlZmF1bHQg
Q29tcGFueSBMdGQwHhcNMjEwNDI3MDg1NTIzWhcNMzEwNDI1MDg1NTIzWjBCMQsw
CQYDVQQGEwJYWDEVMBMGA1UEBwwMRGVmYXVsdCBDaXR5MRwwGgYDVQQKDBNEZWZh
dWx0IENvbXBhbnkgTHRkMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA
2VCTd91fnUn73Xy9DLvt/V62TVxRTEEstVdeRaZ3B3leO0pldE806mXO4RwdHXag
HQ4vGeZN0yqm++rDsGK+U3AH7kejyD2pXshNP9Cq5YwbptiLGtjcquw4HNxJQUOm
DeJf2vg6byms9RUipiq4SzbJKqJFlUpbuIPDpSpWz10PYmyCNeDGUUK65E5h2B83
4uxl1zNLYQCrkdBzb8oUxwYeP5a2DNxmjL5lsJML7DGr5znsevnoqGRwTm9fxCGf
y8wus7hwKz6clt3Whmmda7UAdb1c08hEQFVRbF14AR73xbnd8N0obCWJPCbzMCtk
aSef4FdEEgEXJiw0VAJT8wIDAQABo1AwTjAdBgNVHQ4EFgQUT1c7nd/SUO76HSoZ
umNUJv1R5PwwHwYDVR0jBBgwFoAUT1c7nd/SUO76HSoZumNUJv1R5PwwDAYDVR0T
BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOCAQEAfTjxKRQMzNB/U6ZoCUS+BSNfa2Oh
0plMN6ZuzwiVVZwg1jywvv5yv04koS7Pd4i9E4gt9ZBUQXlpq+A3oOCEEHNRR6b2
kyazGRM7s0OP5X21WrbpSmKmU6K7hkfx30yYs08LVs/Q8DIhvaj1FCFeJzUCzYn/
fHMq4tsbKO0dKAeydPM/nrUZBmaYQVKMVOORGLFjFKVO7JV6Kq/R86ouhjEPgJOe
2xulNBUcjicqtZlBdEh/PWCYP2SpGVDclKm8jeo175T3EVAkdKzzmfpxtMmnMlmq
cTJOU9TxuGvNASMtjj7pYIerTx+xgZDXEVBWFW9PjJ0TV06tCRsgSHItgg==
-----END CERTIFICATE-----`;
  const headers = new Headers({
    "wechatpay-timestamp": "1624523846",
    "wechatpay-nonce": "EcZ9Cmy4Xyx1i6RlJQzLcCyEqDa26NBz",
    "wechatpay-serial": "D7CE59D1F522D701",
    "wechatpay-signature":
      "tJHIiIS9eB2hAYstmAmbbD3ZE5LiIm/Ug5tuL4fC0YOFRWIHV39UFIZXC0e9Wl6lBu6sKvkqDkzpqzBsVHyXFlbYZTOQrVdG4b6LfTnK4mikv9++ixJMd3vTf2yCqvBkh98zs3Ds5zsYQakzbcwhmw4fMJs4nPLws28H0UW9FjDR//rxELLwXvV1VEA1IBLX70xptjL8hrfUjEE8kkry6yNJTHZRU8CAc7qHli2Ng1V1qb9ARbK8A3ThmFmPQvRGrapI/jS2laKKgYUmfdEdkNO6B2Cke5e8VTxY406ArAmQ90GAihDwIcb16TQMnzCMBoutnwZKNiKRACrFmtxw2Q==",
  });
  const body =
    '{"id":"3119dfba-e649-5eec-ab1e-3412bc4d2e17","create_time":"2021-06-24T16:37:26+08:00","resource_type":"encrypt-resource","event_type":"PAYSCORE.USER_OPEN_SERVICE","summary":"签约成功","resource":{"original_type":"payscore","algorithm":"AEAD_AES_256_GCM","ciphertext":"YDS3lKPaC4Y52Gf3uhft5qUBlIa8b428AWTtTauHQfQrRw+X1WpiuHIDy0vo1Vd6VEq67aVyqPdDYMkRVSDaZL3iZttevRMOoPKMifozg6XPWjIZumks/GpT48lI4NizyeaqLBokNebthah3o1H76qSlO9NkDjp9bzmKLEYYH9TEklFUpsvPqOTOcgSLgh21YJXYR7dEBXFgRLiNIKRgO5JdXh1hccRUAlyVWxE54PXpnQ==","associated_data":"payscore","nonce":"Kj7QIyUiYx1q"}}';
  const atMs = 1_624_523_846_000;

  it("takes it under the serial of its certificate, at its time, and no other", async () => {
    const { serial, key } = await certificateKey(certificate);
    const keys = new Map([[serial, key]]);
    expect(serial).toBe("D7CE59D1F522D701");
    expect(await proofOf(headers, body, keys, atMs)).toBe("proven");
    expect(await proofOf(headers, body, keys, atMs - 301_000)).toBe("stale");
    expect(await proofOf(headers, `${body}\n`, keys, atMs)).toBe("wrong_signature");
    expect(await proofOf(headers, body, new Map(), atMs)).toBe("unknown_serial");
  });
});

describe("opening what is sealed", () => {
  // github.com/wechatpay-apiv3/wechatpay-java, core/…/cipher/AeadAesCipherTest.java, its key in core/…/model/TestConfig.java
  const apiV3Key = "a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb";
  const sealed = {
    algorithm: "AEAD_AES_256_GCM",
    associated_data: "associatedData",
    nonce: "uluk4a9R25RW",
    ciphertext: "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=",
  };

  it("opens with its key, and neither with another nor when anything of it was changed", async () => {
    expect(await unseal(sealed, apiV3Key)).toBe("message");
    expect(await unseal(sealed, apiV3Key.toLowerCase())).toBeNull();
    expect(await unseal({ ...sealed, associated_data: "" }, apiV3Key)).toBeNull();
    expect(await unseal({ ...sealed, nonce: "uluk4a9R25Rw" }, apiV3Key)).toBeNull();
    const ciphertext = sealed.ciphertext.replace("ulw", "ulx");
    expect(await unseal({ ...sealed, ciphertext }, apiV3Key)).toBeNull();
  });
});
