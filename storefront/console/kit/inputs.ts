/** Between what people type and what the API keeps. */
import { HOUR_MS } from "../../client/durations.ts";

const BEIJING_MS = 8 * HOUR_MS;

/** `9.9` → 990; null for what is no amount. */
export function fenOf(text: string): number | null {
  const found = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(text.trim().replaceAll(",", ""));
  return found ? Number(found[1]) * 100 + Number((found[2] ?? "").padEnd(2, "0")) : null;
}

export function yuanOf(fen: number | null): string {
  if (fen === null) return "";
  return fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2);
}

/** A moment as a field of the browser writes it, on the programme's clock whatever the computer's is. */
export function localOf(atMs: number | null): string {
  return atMs === null ? "" : new Date(atMs + BEIJING_MS).toISOString().slice(0, 16);
}

export function msOf(local: string): number | null {
  const atMs = Date.parse(`${local}Z`);
  return Number.isNaN(atMs) ? null : atMs - BEIJING_MS;
}

/** A moment in a list: `2026-11-22 19:05`, on the programme's clock. */
export function momentOf(atMs: number): string {
  return localOf(atMs).replace("T", " ");
}
