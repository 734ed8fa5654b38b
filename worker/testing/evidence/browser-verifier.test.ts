/** The page that verifies a receipt and the core that makes it are written apart; here they meet. */
import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  parseReceipt,
  receiptBytes as pageReceiptBytes,
  rootBytes as pageRootBytes,
  verdictOf,
  verifyReceipt,
  type CheckedReceipt,
} from "../../../storefront/member/verify/evidence.ts";
import { memberTagOf, receiptBytes, rootBytes, type Receipt } from "../../evidence/receipt.ts";
import type { EvidenceKeyView, RootBody, SignatureView } from "../../pages/wire.ts";
import { inLeafOrder, proofOf, rootOfDay } from "./day-of-receipts.ts";

const DAY = 20_384;
const TAG_KEY = new Uint8Array(32).fill(7);
const merchant = generateKeyPairSync("ed25519");
const stranger = generateKeyPairSync("ed25519");

function keyView(publicKey: KeyObject, keyId = "k1"): EvidenceKeyView {
  return { keyId, publicKey: publicKey.export({ format: "jwk" }).x ?? "" };
}
const KEYS = [keyView(merchant.publicKey)];

const textOf = (seq: number): string => `["entry","积分",${seq}]`;
const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

function receipts(count: number): Receipt[] {
  return Array.from({ length: count }, (_, at) => ({
    programmeId: "demo",
    memberTag: memberTagOf(`demo:m${at % 3}`, TAG_KEY),
    seq: at + 1,
    day: DAY,
    prevHash: hashOf(textOf(at)),
    hash: hashOf(textOf(at + 1)),
  })).sort(inLeafOrder);
}

const signed = (bytes: Uint8Array, key = merchant.privateKey) => ({
  keyId: "k1",
  signature: sign(null, bytes, key).toString("base64url"),
});

/** Every receipt of a day, signed, with its proof and the day's root. */
function dayOf(count: number): { views: CheckedReceipt[]; root: RootBody & SignatureView } {
  const all = receipts(count);
  const daily = rootOfDay("demo", DAY, all);
  const { day: dayNumber, ...rest } = daily;
  const root = { ...rest, dayNumber, ...signed(rootBytes(daily)) };
  const views = all.map((receipt, at) => ({
    receipt,
    entryText: textOf(receipt.seq),
    ...signed(receiptBytes(receipt)),
    inclusion: { ...proofOf(all, at), root },
  }));
  return { views, root };
}

const first = (views: readonly CheckedReceipt[]): CheckedReceipt => {
  const [view] = views;
  if (!view?.inclusion) throw new Error("a sealed receipt");
  return view;
};

describe("the page that verifies", () => {
  it("reads the bytes that are signed as the core writes them", () => {
    const { views, root } = dayOf(3);
    for (const { receipt } of views)
      expect(pageReceiptBytes(receipt)).toEqual(receiptBytes(receipt as Receipt));
    const { dayNumber: day, ...rest } = root;
    expect(pageRootBytes(root)).toEqual(rootBytes({ ...rest, day }));
  });

  it.each([1, 2, 3, 5, 8, 13])("takes every receipt of a day of %i for genuine", async (count) => {
    const { views, root } = dayOf(count);
    for (const view of views) {
      const findings = await verifyReceipt(view, KEYS, [root]);
      expect(findings).toEqual({
        signature: "good",
        entry: "good",
        inclusion: "good",
        root: "good",
        published: "good",
      });
      expect(verdictOf(findings)).toBe("genuine");
    }
  });

  it("finds every change", async () => {
    const { views, root } = dayOf(5);
    const view = first(views);
    const inclusion = view.inclusion;
    if (inclusion === null) throw new Error("sealed");
    const changed: readonly CheckedReceipt[] = [
      { ...view, receipt: { ...view.receipt, seq: 99 } },
      { ...view, receipt: { ...view.receipt, hash: "f".repeat(64) } },
      { ...view, receipt: { ...view.receipt, day: DAY + 1 } },
      { ...view, entryText: textOf(99) },
      { ...view, ...signed(receiptBytes(view.receipt as Receipt), stranger.privateKey) },
      { ...view, keyId: "never-published" },
      { ...view, signature: "%%%" },
      { ...view, inclusion: { ...inclusion, index: inclusion.index + 1 } },
      { ...view, inclusion: { ...inclusion, path: inclusion.path.slice(1) } },
      { ...view, inclusion: { ...inclusion, root: { ...root, size: root.size + 1 } } },
      { ...view, inclusion: { ...inclusion, root: { ...root, ...signed(new Uint8Array(4)) } } },
    ];
    for (const one of changed)
      expect(verdictOf(await verifyReceipt(one, KEYS, [root]))).toBe("broken");
    const other = { ...root, previous: "1".repeat(64) };
    expect(await verifyReceipt(view, KEYS, [other])).toMatchObject({ published: "bad" });
  });

  it("claims nothing that it could not check", async () => {
    const { views, root } = dayOf(2);
    const view = first(views);
    expect(verdictOf(await verifyReceipt(view, [], [root]))).toBe("unproved");
    const offline = await verifyReceipt(view, KEYS, []);
    expect([offline.published, verdictOf(offline)]).toEqual(["unknown", "genuine"]);
    const open = await verifyReceipt({ ...view, inclusion: null }, KEYS, []);
    expect([open.inclusion, verdictOf(open)]).toEqual(["unknown", "waiting"]);
  });

  it("reads only whole receipts", () => {
    const view = first(dayOf(2).views);
    const text = JSON.stringify(view);
    expect(parseReceipt(text)).toEqual(view);
    expect(parseReceipt(JSON.stringify({ ...view, inclusion: null }))?.inclusion).toBeNull();
    const bad = ["", "null", "[]", "{}", text.slice(0, -2), text.replace('"seq":', '"sequel":')];
    for (const one of bad) expect(parseReceipt(one)).toBeNull();
    expect(parseReceipt(JSON.stringify({ ...view, inclusion: { index: 0 } }))).toBeNull();
  });
});
