/** Many rounds over the same data, and the holds each round's close must have ended by the next. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inParallel, ProductApi, sleep, type Member } from "../load/api.ts";
import { freePort } from "../load/product.ts";
import { Random } from "../load/random.ts";
import { POINTS } from "./checks.ts";
import { Phoenix, runRound, type RoundRow } from "./round.ts";

export interface CrashOptions {
  readonly rounds: number;
  /** The plan of round n follows from `seed + n`. */
  readonly seed: number;
  readonly members?: number;
  /** Kept when given; a temporary one is removed. */
  readonly dataDir?: string;
  readonly onRound?: (row: RoundRow) => void;
  readonly onLog?: (line: string) => void;
}

export interface CrashResult {
  readonly rows: readonly RoundRow[];
  /** Empty: everything held. */
  readonly breaches: readonly string[];
}

const MEMBERS = 240;
const SETUP_WIDTH = 32;
const CLOSED_WITHIN_MS = 10_000;

/** Stops at the first round with a breach, and leaves the product dead in either case. */
export async function runCrashRounds(options: CrashOptions): Promise<CrashResult> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "qiangdui-crash-"));
  const phoenix = new Phoenix(dataDir, await freePort(), (line) => options.onLog?.(line));
  let api: ProductApi | null = null;
  try {
    api = new ProductApi(await phoenix.rise());
    return await runAll(options, phoenix, api);
  } finally {
    api?.close();
    await phoenix.stop();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function runAll(
  options: CrashOptions,
  phoenix: Phoenix,
  api: ProductApi,
): Promise<CrashResult> {
  const members = await enrol(api, options.members ?? MEMBERS);
  const runId = Date.now().toString(36);
  const rows: RoundRow[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const seed = options.seed + round;
    const row = await runRound({
      round,
      seed,
      runId,
      random: new Random(seed),
      phoenix,
      api,
      members,
    });
    rows.push(row);
    options.onRound?.(row);
    if (row.breaches.length > 0) return { rows, breaches: row.breaches };
  }
  return { rows, breaches: await holdsLeft(api) };
}

async function enrol(api: ProductApi, count: number): Promise<Member[]> {
  const ids = Array.from({ length: count }, (_, at) => `crash-${String(at).padStart(4, "0")}`);
  const members = await inParallel(ids, SETUP_WIDTH, (id) => api.login(id));
  await inParallel(members, SETUP_WIDTH, ({ memberId }) => api.grant(memberId, POINTS, "crash"));
  return members;
}

/** Every sale is closed by now, so every hold must come to its end: those of members who gave up too. */
async function holdsLeft(api: ProductApi): Promise<string[]> {
  const deadlineMs = performance.now() + CLOSED_WITHIN_MS;
  for (;;) {
    const row = (await api.shallowAudit()).find((one) => one.name === "I5_no_stuck_hold");
    const pending = Number(row?.figures["pendingHolds"] ?? Number.NaN);
    if (pending === 0) return [];
    if (performance.now() > deadlineMs)
      return [`I5 no hold outlives its sale: ${pending} pending 10 s after the close`];
    await sleep(250);
  }
}
