/** The hash chain of the audit log: whoever changes, drops or inserts a line breaks every later one. */
import { createHash } from "node:crypto";

/** The hash before the first entry. */
export const GENESIS = "0".repeat(64);

/** `entry` is the text as it is stored, so that no reader has to know how to write it again. */
export function chainHash(
  previous: string,
  programmeId: string,
  seq: number,
  entry: string,
): string {
  return createHash("sha256").update(`${previous}\n${programmeId}\n${seq}\n${entry}`).digest("hex");
}

export interface ChainLine {
  readonly seq: number;
  readonly entry: string;
  readonly hash: string;
}

export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

/** Follows lines from a head on. `brokenAt`: the first sequence number that does not follow; null when all do. */
export function followChain(
  programmeId: string,
  from: ChainHead,
  lines: readonly ChainLine[],
): { readonly head: ChainHead; readonly brokenAt: number | null } {
  let head = from;
  for (const { seq, entry, hash } of lines) {
    const wanted = chainHash(head.hash, programmeId, head.seq + 1, entry);
    if (seq !== head.seq + 1 || hash !== wanted) return { head, brokenAt: head.seq + 1 };
    head = { seq, hash };
  }
  return { head, brokenAt: null };
}
