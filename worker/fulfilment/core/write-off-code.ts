/**
 * What a member shows at the till: twelve digits that anybody can read aloud, and the same as a QR code with a longer proof.
 * Seven digits say which voucher, five prove that the server made them for this minute, this order and these stores.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { KeyRing } from "../../kernel/key-ring.ts";

export const CODE_STEP_MS = 60_000;
/** A code still counts this many steps after its own: people take a moment to read twelve digits. */
const STEPS_LATE_MAX = 1;
const LOCATOR_DIGITS = 7;
const PROOF_DIGITS = 5;
const QR_PROOF_SIGNS = 22;

export interface CodeSubject {
  readonly programmeId: string;
  readonly voucherId: string;
  readonly orderId: string;
  readonly storeIds: readonly string[] | null;
}

export interface ShownCode {
  /** Twelve digits. */
  readonly code: string;
  /** What the QR code says. */
  readonly qr: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

function proofOf(secret: string, subject: CodeSubject, step: number): Buffer {
  const { programmeId, voucherId, orderId, storeIds } = subject;
  const bound = JSON.stringify([programmeId, voucherId, orderId, storeIds, step]);
  return createHmac("sha256", secret).update(`write-off.v1\n${bound}`).digest();
}

const digitsOf = (proof: Buffer): string =>
  String(proof.readUInt32BE(0) % 10 ** PROOF_DIGITS).padStart(PROOF_DIGITS, "0");
const signsOf = (proof: Buffer): string => proof.toString("base64url").slice(0, QR_PROOF_SIGNS);

/** The codes of the next `steps` minutes: a phone that loses its network goes on showing them. */
export function codesFrom(
  ring: KeyRing,
  subject: CodeSubject,
  locator: string,
  nowMs: number,
  steps: number,
): ShownCode[] {
  const [{ secret }] = ring;
  const first = Math.floor(nowMs / CODE_STEP_MS);
  return Array.from({ length: steps }, (_, at) => {
    const step = first + at;
    const proof = proofOf(secret, subject, step);
    const code = `${locator}${digitsOf(proof)}`;
    const fromMs = step * CODE_STEP_MS;
    return { code, qr: `QD1.${code}.${signsOf(proof)}`, fromMs, untilMs: fromMs + CODE_STEP_MS };
  });
}

/** What stays with a write-off of whoever did it, and of the code. */
export interface ActSnapshot {
  readonly name: string;
  readonly device: string;
  /** The minute that the code was shown for; acts of before codes were told apart have none. */
  readonly shownStep?: number;
}

export interface ReadCode {
  readonly locator: string;
  /** As it was typed, or longer, as it was scanned. */
  readonly proof: string;
}

/** Reads what a clerk typed or a camera saw; null when it is no code of ours. */
export function readCode(text: string): ReadCode | null {
  const plain = text.replaceAll(/[\s-]/g, "");
  const typed = /^(\d{7})(\d{5})$/.exec(plain);
  if (typed) return { locator: typed[1] ?? "", proof: typed[2] ?? "" };
  // A proof may have hyphens of its own, so a scanned text is read as it is.
  const scanned = /^QD1\.(\d{7})\d{5}\.([0-9A-Za-z_-]{22})$/.exec(text.trim());
  return scanned ? { locator: scanned[1] ?? "", proof: scanned[2] ?? "" } : null;
}

/** The minute for which the proof was made for this voucher: this one, or the one before; null: neither. */
export function shownStep(
  ring: KeyRing,
  subject: CodeSubject,
  proof: string,
  nowMs: number,
): number | null {
  const now = Math.floor(nowMs / CODE_STEP_MS);
  const show = proof.length === PROOF_DIGITS ? digitsOf : signsOf;
  for (const { secret } of ring) {
    for (let late = 0; late <= STEPS_LATE_MAX; late += 1) {
      const wanted = Buffer.from(show(proofOf(secret, subject, now - late)));
      const given = Buffer.from(proof);
      if (wanted.length === given.length && timingSafeEqual(wanted, given)) return now - late;
    }
  }
  return null;
}

/** Seven digits out of chance; the first is never zero, so that nobody drops it. */
export function locatorOf(bytes: Uint8Array): string {
  const number = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return String(1_000_000 + (number % 9_000_000)).padStart(LOCATOR_DIGITS, "0");
}
