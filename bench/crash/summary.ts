/** What a run of crash rounds comes to: a JSON file that is whole after every round, and that a later run goes on from. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { FAILPOINTS } from "./failpoints.ts";
import type { RoundRow } from "./round.ts";

/** What a run is made of; another answer to any of these is another run. */
export interface RunKey {
  readonly seed: number;
  readonly isShort: boolean;
  readonly only: string | null;
}

export interface SavedRow extends RoundRow {
  readonly commit: string;
}

export interface Breach {
  readonly round: number;
  readonly breaches: readonly string[];
  readonly replay: string;
}

export interface Totals {
  readonly rounds: number;
  readonly kills: number;
  /** Where the product stood still first; the other kills fell at a random moment. */
  readonly killsAtFailpoints: number;
  readonly killsAtRandom: number;
  /** Rounds on each build. */
  readonly commits: Readonly<Record<string, number>>;
  readonly sold: number;
  readonly acknowledged: number;
  readonly inDoubt: number;
  readonly recoveredGranted: number;
  readonly recoveredVoid: number;
  readonly neverArrived: number;
  /** From the last restart of a round until no tapped hold waited, over the rounds. */
  readonly holdsMs: Spread;
  readonly quietMs: Spread;
  /** Deaths at each place, and how often it was waited for in vain. */
  readonly failpoints: Readonly<Record<string, { fired: number; missed: number }>>;
  readonly neverFired: readonly string[];
  readonly breaches: readonly Breach[];
}

interface Spread {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

interface Saved {
  readonly schema: 2;
  readonly key: RunKey;
  readonly savedAt: string;
  readonly totals: Totals;
  readonly rows: readonly SavedRow[];
}

const NAMED_MAX = 20;

export function replayOf(key: RunKey, row: Pick<RoundRow, "seed">): string {
  const only = key.only === null ? "" : ` --failpoint ${key.only}`;
  return `npm run crash -- --rounds 1 --seed ${row.seed}${key.isShort ? " --short" : ""}${only}`;
}

export function totalsOf(key: RunKey, rows: readonly SavedRow[]): Totals {
  const sum = (figure: (row: RoundRow) => number): number =>
    rows.reduce((total, row) => total + figure(row), 0);
  const failpoints: Record<string, { fired: number; missed: number }> = {};
  for (const { place } of FAILPOINTS) {
    const times = (places: (row: RoundRow) => readonly string[]): number =>
      sum((row) => places(row).filter((one) => one === place).length);
    failpoints[place] = {
      fired: times(({ fired }) => fired),
      missed: times(({ missed }) => missed),
    };
  }
  const kills = sum((row) => row.kills);
  const killsAtFailpoints = sum(({ fired }) => fired.length);
  const commits: Record<string, number> = {};
  for (const { commit } of rows) commits[commit] = (commits[commit] ?? 0) + 1;
  return {
    rounds: rows.length,
    kills,
    killsAtFailpoints,
    killsAtRandom: kills - killsAtFailpoints,
    commits,
    sold: sum(({ sold }) => sold),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    inDoubt: sum(({ inDoubt }) => inDoubt),
    recoveredGranted: sum(({ recoveredGranted }) => recoveredGranted),
    recoveredVoid: sum(({ recoveredVoid }) => recoveredVoid),
    neverArrived: sum(({ neverArrived }) => neverArrived),
    holdsMs: spreadOf(rows.map(({ holdsMs }) => holdsMs)),
    quietMs: spreadOf(rows.map(({ quietMs }) => quietMs)),
    failpoints,
    neverFired: Object.keys(failpoints).filter((place) => failpoints[place]?.fired === 0),
    breaches: rows
      .filter(({ breaches }) => breaches.length > 0)
      .map((row) => ({ round: row.round, breaches: row.breaches, replay: replayOf(key, row) })),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Replaced in one step, so that an end at any moment leaves the last whole one. */
export function save(path: string, key: RunKey, rows: readonly SavedRow[]): void {
  const saved: Saved = {
    schema: 2,
    key,
    savedAt: new Date().toISOString(),
    totals: totalsOf(key, rows),
    rows,
  };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, `${JSON.stringify(saved, null, 1)}\n`);
  renameSync(`${path}.part`, path);
}

/** Null: there is none. */
export function load(path: string): { key: RunKey; rows: readonly SavedRow[] } | null {
  if (!existsSync(path)) return null;
  const saved = JSON.parse(readFileSync(path, "utf8")) as Saved | { readonly schema: 1 };
  if (saved.schema !== 2) throw new Error(`${path} is of another version`);
  return { key: saved.key, rows: saved.rows };
}

export function tell(totals: Totals): string {
  const { p50, p99, max } = totals.holdsMs;
  const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(1);
  const places = Object.values(totals.failpoints);
  return [
    `${totals.rounds} rounds, ${totals.kills} kills: ${totals.killsAtFailpoints} at a failpoint, ${totals.killsAtRandom} at a random moment; ${places.length - totals.neverFired.length} of ${places.length} failpoints fired`,
    `${totals.acknowledged} acknowledged answers held against the truth; of ${totals.inDoubt} orders in doubt ${totals.recoveredGranted} were granted, ${totals.recoveredVoid} refused or void, ${totals.neverArrived} had never arrived`,
    `no stuck hold after ${seconds(p50)} s (median), ${seconds(p99)} s (p99), ${seconds(max)} s (longest)`,
    // A short run misses most of them, and a list of these says nothing.
    ...(totals.neverFired.length > 0 && totals.neverFired.length <= NAMED_MAX
      ? [`never fired: ${totals.neverFired.join(", ")}`]
      : []),
  ].join("\n");
}
