/** Seals entries onto a member's chain and finds what was changed afterwards. Only pseudonymous fields are hashed. Pure. */
import { hash as digest } from "node:crypto";
import type { LotSlice, PointsEntry, PointsLot } from "./types.ts";

export const GENESIS_HASH = "0".repeat(64);

export type Unsealed = Omit<PointsEntry, "hash" | "hashVersion">;

export function sealEntry(entry: Unsealed): PointsEntry {
  const whole = { ...entry, hashVersion: 2 } as const;
  return { ...whole, hash: hashOf(whole) };
}

/**
 * The hash that an entry must carry. Version 1 is what entries had before rules existed; it stays, so that their chains
 * verify for ever.
 */
export function hashOf(entry: Omit<PointsEntry, "hash">): string {
  return digest("sha256", hashedText(entry), "hex");
}

/** The very text that is hashed: what a receipt shows, so that a stranger can hash it too. */
export function hashedText(entry: Omit<PointsEntry, "hash">): string {
  return entry.hashVersion === 1 ? textV1(entry) : textV2(entry);
}

function textV1(entry: Omit<PointsEntry, "hash">): string {
  const slices = entry.slices
    .map((slice) => `${slice.lotId}:${slice.points}:${slice.expiresAtMs ?? ""}`)
    .join(",");
  return [
    entry.prevHash,
    entry.seq,
    entry.type,
    entry.points,
    slices,
    entry.naturalKey,
    entry.balanceAfter,
    entry.occurredAtMs,
  ].join("|");
}

/** One JSON array in a fixed order: no text of one field can pass for another. */
function textV2(entry: Omit<PointsEntry, "hash">): string {
  return JSON.stringify([
    "points-entry.v2",
    entry.prevHash,
    entry.seq,
    entry.type,
    entry.points,
    entry.askedPoints,
    entry.slices.map(sliceText),
    entry.opens.map(lotText),
    entry.paid.map(sliceText),
    entry.overdraft,
    entry.naturalKey,
    entry.orderId,
    entry.sourceId,
    entry.breakdown.map(({ ruleId, version, points }) => [ruleId, version, points]),
    entry.storeId,
    entry.balanceAfter,
    entry.occurredAtMs,
    entry.recordedAtMs,
  ]);
}

function sliceText({ lotId, points, expiresAtMs }: LotSlice): readonly unknown[] {
  return [lotId, points, expiresAtMs];
}

function lotText(lot: PointsLot): readonly unknown[] {
  const { lotId, source, originId, points, expiresAtMs } = lot;
  return [
    lotId,
    source,
    originId,
    points,
    expiresAtMs,
    lot.pendingUntilMs,
    lot.pendingEvent,
    lot.earnedAtMs,
  ];
}

export type ChainFault =
  | { readonly kind: "gap"; readonly seq: number; readonly found: number }
  | { readonly kind: "broken_link"; readonly seq: number }
  | { readonly kind: "changed"; readonly seq: number }
  | { readonly kind: "key_twice"; readonly seq: number; readonly naturalKey: string };

/** Walks a chain from its beginning and names the first entry that is not as it was sealed; null: whole. */
export function findChainFault(entries: Iterable<PointsEntry>): ChainFault | null {
  let prevHash = GENESIS_HASH;
  let seq = 0;
  const keys = new Set<string>();
  for (const entry of entries) {
    seq += 1;
    if (entry.seq !== seq) return { kind: "gap", seq, found: entry.seq };
    if (entry.prevHash !== prevHash) return { kind: "broken_link", seq };
    if (hashOf(entry) !== entry.hash) return { kind: "changed", seq };
    if (keys.has(entry.naturalKey)) return { kind: "key_twice", seq, naturalKey: entry.naturalKey };
    keys.add(entry.naturalKey);
    prevHash = entry.hash;
  }
  return null;
}
