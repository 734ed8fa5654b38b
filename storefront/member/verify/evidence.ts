/**
 * Checks a receipt with what the browser has by itself: the bytes, hashes and proofs of docs/points.md, "Evidence".
 * Nothing is sent anywhere, so it works without a network.
 */
import type {
  EvidenceKeyView,
  ReceiptBody,
  ReceiptView,
  RootBody,
  SignatureView,
} from "../../../worker/pages/wire.ts";

/** What of a receipt is checked. The key it names by itself is not: only a published one counts. */
export type CheckedReceipt = Pick<ReceiptView, "receipt" | "entryText" | keyof SignatureView> & {
  readonly inclusion: {
    readonly index: number;
    readonly path: readonly string[];
    readonly root: RootBody & SignatureView;
  } | null;
};

/** `unknown`: it could not be checked, which is no proof either way. */
export type CheckState = "good" | "bad" | "unknown";

export interface Findings {
  /** The merchant signed this very receipt. */
  readonly signature: CheckState;
  /** What the receipt says of the entry is what its fingerprint was made from. */
  readonly entry: CheckState;
  /** The entry stands in the tree of its day; `unknown` until the day is sealed. */
  readonly inclusion: CheckState;
  /** The merchant signed that tree's root. */
  readonly root: CheckState;
  /** The root is the one that was published; `unknown` when no published one is at hand. */
  readonly published: CheckState;
}

const encoder = new TextEncoder();
// Leaves and nodes are hashed with different first bytes, so that neither passes for the other.
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** As in docs/points.md: a JSON array in UTF-8 without blanks. */
export function receiptBytes(receipt: ReceiptBody): Uint8Array<ArrayBuffer> {
  const { programmeId, memberTag, seq, day, prevHash, hash } = receipt;
  return encoder.encode(
    JSON.stringify(["qiangdui.receipt.v1", programmeId, memberTag, seq, day, prevHash, hash]),
  );
}

export function rootBytes(body: RootBody): Uint8Array<ArrayBuffer> {
  const { programmeId, dayNumber, size, root, previous } = body;
  return encoder.encode(
    JSON.stringify(["qiangdui.root.v1", programmeId, dayNumber, size, root, previous]),
  );
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

async function sha256(...parts: Uint8Array[]): Promise<string> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether a receipt is in a tree of this size and root: RFC 9162, section 2.1.3.2. */
export async function isIncluded(
  receipt: ReceiptBody,
  index: number,
  path: readonly string[],
  { size, root }: RootBody,
): Promise<boolean> {
  if (!Number.isInteger(index) || index < 0 || index >= size) return false;
  let at = index;
  let last = size - 1;
  let node = await sha256(LEAF, receiptBytes(receipt));
  for (const beside of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      node = await sha256(NODE, fromHex(beside), fromHex(node));
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else {
      node = await sha256(NODE, fromHex(node), fromHex(beside));
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && node === root;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) =>
    char.charCodeAt(0),
  );
}

/** `unknown` where the browser does not know Ed25519; a key that was never published is `bad`. */
async function signatureState(
  { keyId, signature }: SignatureView,
  bytes: Uint8Array<ArrayBuffer>,
  keys: readonly EvidenceKeyView[],
): Promise<CheckState> {
  if (keys.length === 0) return "unknown";
  const key = keys.find((one) => one.keyId === keyId);
  if (key === undefined) return "bad";
  let publicKey: CryptoKey;
  let signed: Uint8Array<ArrayBuffer>;
  try {
    signed = fromBase64(signature);
  } catch {
    return "bad";
  }
  try {
    publicKey = await crypto.subtle.importKey("raw", fromBase64(key.publicKey), "Ed25519", false, [
      "verify",
    ]);
  } catch {
    return "unknown";
  }
  return (await crypto.subtle.verify("Ed25519", publicKey, signed, bytes)) ? "good" : "bad";
}

const sameRoot = (a: RootBody, b: RootBody): boolean =>
  new TextDecoder().decode(rootBytes(a)) === new TextDecoder().decode(rootBytes(b));

/** `published` are roots that came from the public record, not from the receipt. */
export async function verifyReceipt(
  view: CheckedReceipt,
  keys: readonly EvidenceKeyView[],
  published: readonly RootBody[],
): Promise<Findings> {
  const { receipt, entryText, inclusion } = view;
  const signature = await signatureState(view, receiptBytes(receipt), keys);
  const isEntry = (await sha256(encoder.encode(entryText))) === receipt.hash;
  const own = { signature, entry: isEntry ? ("good" as const) : ("bad" as const) };
  if (inclusion === null)
    return { ...own, inclusion: "unknown", root: "unknown", published: "unknown" };
  const { index, path, root } = inclusion;
  const isOfThisDay = root.dayNumber === receipt.day && root.programmeId === receipt.programmeId;
  const isIn = isOfThisDay && (await isIncluded(receipt, index, path, root));
  const record = published.find(
    ({ programmeId, dayNumber }) =>
      programmeId === root.programmeId && dayNumber === root.dayNumber,
  );
  return {
    ...own,
    inclusion: isIn ? "good" : "bad",
    root: await signatureState(root, rootBytes(root), keys),
    published: record === undefined ? "unknown" : sameRoot(record, root) ? "good" : "bad",
  };
}

/** What the findings come to: one bad one is enough; without the signature nothing is proved. */
export function verdictOf(findings: Findings): "genuine" | "waiting" | "broken" | "unproved" {
  const states = Object.values(findings);
  if (states.includes("bad")) return "broken";
  if (findings.signature !== "good") return "unproved";
  return findings.inclusion === "good" ? "genuine" : "waiting";
}

const HEX = /^[0-9a-f]{64}$/;
type Loose = Record<string, unknown>;
const loose = (value: unknown): Loose =>
  typeof value === "object" && value !== null ? (value as Loose) : {};
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value);
const isHash = (value: unknown): value is string => typeof value === "string" && HEX.test(value);

function isSignature(value: unknown): value is SignatureView {
  const { keyId, signature } = loose(value);
  return typeof keyId === "string" && typeof signature === "string";
}

function isReceipt(value: unknown): value is ReceiptBody {
  const { programmeId, memberTag, seq, day, prevHash, hash } = loose(value);
  return (
    typeof programmeId === "string" &&
    typeof memberTag === "string" &&
    isWhole(seq) &&
    isWhole(day) &&
    typeof prevHash === "string" &&
    isHash(hash)
  );
}

function isInclusion(value: unknown): value is NonNullable<CheckedReceipt["inclusion"]> {
  const { index, path, root } = loose(value);
  const { programmeId, dayNumber, size, root: top, previous } = loose(root);
  return (
    isWhole(index) &&
    Array.isArray(path) &&
    path.length <= 64 &&
    path.every(isHash) &&
    typeof programmeId === "string" &&
    isWhole(dayNumber) &&
    isWhole(size) &&
    isHash(top) &&
    isHash(previous) &&
    isSignature(root)
  );
}

/** Reads a receipt from text that somebody pasted; null: it is none. */
export function parseReceipt(text: string): CheckedReceipt | null {
  let value: Loose;
  try {
    value = loose(JSON.parse(text));
  } catch {
    return null;
  }
  const { receipt, entryText, inclusion = null } = value;
  if (!isReceipt(receipt) || !isSignature(value) || typeof entryText !== "string") return null;
  if (inclusion !== null && !isInclusion(inclusion)) return null;
  const { keyId, signature } = value;
  return { receipt, entryText, keyId, signature, inclusion };
}
