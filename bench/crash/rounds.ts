/** Many rounds over the same data, and the holds each round's close must have ended by the next. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inParallel, ProductApi, sleep, type Member } from "../load/api.ts";
import { freePort } from "../load/product.ts";
import { Random } from "../load/random.ts";
import { Phoenix } from "./phoenix.ts";
import { FULL, type Pace } from "./plan.ts";
import { runRound, type RoundRow } from "./round.ts";

export interface CrashOptions {
  /** Rounds 1 to this, but for those done before; the plan of each follows from `seed + round`. */
  readonly rounds: number;
  readonly done?: ReadonlySet<number>;
  readonly seed: number;
  /** Products side by side, each with data of its own. */
  readonly lanes?: number;
  readonly pace?: Pace;
  /** As in `RoundInput`; 10 s when nothing is said. */
  readonly patienceMs?: number;
  /** Every failpoint is this one. */
  readonly only?: string | null;
  /** False ends the run before the next round. */
  readonly goesOn?: () => boolean;
  readonly onRound?: (row: RoundRow) => void;
  readonly onLog?: (line: string) => void;
}

export interface CrashResult {
  readonly rows: readonly RoundRow[];
  /** Empty: everything held. */
  readonly breaches: readonly string[];
  /** Where the data of a breach were left. */
  readonly dataDir: string | null;
}

const POINTS = 1_000_000;
const SETUP_WIDTH = 32;
const PATIENCE_MS = 10_000;
/** The audit reads everything there ever was, so data grow old only so far. */
const ROUNDS_PER_LIFE = 25;

/** Stops at the first round with a breach, once the rounds beside it are over, and leaves every product dead. */
export async function runCrashRounds(options: CrashOptions): Promise<CrashResult> {
  const lives = livesOf(options);
  const ended: CrashResult[] = [];
  let isOver = false;
  const goesOn = (): boolean => !isOver && options.goesOn?.() !== false;
  const lane = async (): Promise<void> => {
    for (let rounds = lives.shift(); rounds !== undefined && goesOn(); rounds = lives.shift()) {
      const life = await runLife({ ...options, goesOn }, rounds);
      ended.push(life);
      isOver ||= life.breaches.length > 0;
    }
  };
  await Promise.all(Array.from({ length: options.lanes ?? 1 }, lane));
  return {
    rows: ended.flatMap(({ rows }) => rows).sort((left, right) => left.round - right.round),
    breaches: ended.flatMap(({ breaches }) => breaches),
    dataDir: ended.find(({ dataDir }) => dataDir !== null)?.dataDir ?? null,
  };
}

function livesOf({ rounds, done }: CrashOptions): number[][] {
  const all = Array.from({ length: rounds }, (_, at) => at + 1);
  const missing = all.filter((round) => !done?.has(round));
  const lives: number[][] = [];
  while (missing.length > 0) lives.push(missing.splice(0, ROUNDS_PER_LIFE));
  return lives;
}

async function runLife(options: CrashOptions, rounds: readonly number[]): Promise<CrashResult> {
  const dataDir = mkdtempSync(join(tmpdir(), "qiangdui-crash-"));
  const onLog = (line: string): void => options.onLog?.(line);
  const phoenix = new Phoenix({ dataDir, port: await freePort(), onLog });
  let api: ProductApi | null = null;
  let isWhole = false;
  try {
    await phoenix.rise();
    api = new ProductApi(phoenix.origin);
    const { rows, breaches } = await runAll(options, phoenix, api, rounds);
    isWhole = breaches.length === 0;
    return { rows, breaches, dataDir: isWhole ? null : dataDir };
  } catch (error) {
    throw new Error(`${String(error)}; its data are in ${dataDir}`, { cause: error });
  } finally {
    api?.close();
    await phoenix.stop();
    if (isWhole) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function runAll(
  options: CrashOptions,
  phoenix: Phoenix,
  api: ProductApi,
  rounds: readonly number[],
): Promise<Pick<CrashResult, "rows" | "breaches">> {
  const { pace = FULL, patienceMs = PATIENCE_MS } = options;
  const members = await enrol(api, pace.members);
  const owned = new Map(members.map(({ memberId }) => [memberId, POINTS]));
  const runId = Date.now().toString(36);
  const rows: RoundRow[] = [];
  for (const round of rounds) {
    if (options.goesOn?.() === false) break;
    const seed = options.seed + round;
    const random = new Random(seed);
    const only = options.only ?? null;
    const whom = { phoenix, api, members, owned };
    const input = { round, seed, runId, random, ...whom, pace, patienceMs, only };
    const row = await runRound(input);
    rows.push(row);
    options.onRound?.(row);
    if (row.breaches.length > 0) return { rows, breaches: row.breaches };
  }
  return { rows, breaches: await holdsLeft(api, patienceMs) };
}

async function enrol(api: ProductApi, count: number): Promise<Member[]> {
  const ids = Array.from({ length: count }, (_, at) => `crash-${String(at).padStart(4, "0")}`);
  const members = await inParallel(ids, SETUP_WIDTH, (id) => api.login(id));
  await inParallel(members, SETUP_WIDTH, ({ memberId }) => api.grant(memberId, POINTS, "crash"));
  return members;
}

/** Every sale is closed by now, so every hold must come to its end: those of members who gave up too. */
async function holdsLeft(api: ProductApi, patienceMs: number): Promise<string[]> {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    const row = (await api.shallowAudit()).find((one) => one.name === "I5_no_stuck_hold");
    const pending = Number(row?.figures["pendingHolds"] ?? Number.NaN);
    if (pending === 0) return [];
    if (performance.now() > deadlineMs)
      return [
        `I5 no hold outlives its sale: ${pending} pending ${patienceMs / 1_000} s after the close`,
      ];
    await sleep(250);
  }
}
