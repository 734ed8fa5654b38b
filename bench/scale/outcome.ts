/** What a run says: latencies, who got what, objects, messages, rows, queues, the bill. */
import {
  billOf,
  MESSAGES_PER_REQUEST,
  OBJECT_MEMORY_GB,
  type Bill,
  type Usage,
} from "../cost/prices.ts";
import { OUTCOMES, type Outcome } from "./crowd.ts";
import { CLASSES, perClass, type Class } from "./world.ts";
import type { Parameters } from "./parameters.ts";
import type { Run, Stage } from "./simulate.ts";

export interface Latencies {
  readonly count: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

export interface ScaleResult {
  readonly parameters: Parameters;
  readonly seed: number;
  /** Of the machine that computed it. */
  readonly computedInMs: number;
  /** Tap to verdict, at the member's screen. */
  readonly verdicts: Latencies;
  readonly granted: Latencies;
  readonly refused: Latencies;
  /** Before T0: asking for a ticket to having it. */
  readonly tickets: Latencies;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  readonly soldOutAtMs: number | null;
  readonly lastVerdictAtMs: number;
  /** When every grant was posted at its Account. */
  readonly lastPostAtMs: number;
  readonly d1LagMaxMs: number;
  readonly posts: number;
  readonly objects: Readonly<Record<Class, number>>;
  readonly requests: Readonly<Record<Class, number>>;
  readonly waitPeakMs: Readonly<Record<Class, number>>;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly grabsWaitingPeak: number;
  readonly socketsOfADoorPeak: number;
  readonly notices: number;
  /** Calls that the platform turned away. */
  readonly overloads: number;
  readonly usage: Usage;
  readonly bill: Bill;
}

export function latenciesOf(values: Float64Array): Latencies {
  const sorted = values.sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return {
    count: sorted.length,
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p99Ms: at(0.99),
    p999Ms: at(0.999),
    maxMs: sorted.at(-1) ?? Number.NaN,
  };
}

export function outcomeOf(run: Run, stage: Stage, computedInMs: number): ScaleResult {
  const { world, objects, holds } = stage;
  const { tally, crowd, p } = world;
  const outcomes = countOutcomes(crowd.outcome);
  const pick = (isWanted: (outcome: Outcome) => boolean): Latencies =>
    latenciesOf(verdictLatencies(stage, isWanted));
  const usage = usageOf(stage);
  const soldOut = objects.skus.map((sku) => sku.soldOutAtMs);
  return {
    parameters: p,
    seed: run.seed,
    computedInMs,
    verdicts: pick((outcome) => outcome !== "none" && outcome !== "no room at the door"),
    granted: pick((outcome) => outcome === "granted"),
    refused: pick((outcome) => outcome.startsWith("refused")),
    tickets: latenciesOf(holds.latenciesMs),
    outcomes,
    soldOutAtMs: soldOut.includes(null) ? null : Math.max(...soldOut.map(Number)),
    lastVerdictAtMs: crowd.verdictMs.reduce((last, one) => (one > last ? one : last), 0),
    lastPostAtMs: most(objects.accounts, (account) => account.lastPostMs),
    d1LagMaxMs: objects.projection.lagsMs.reduce((peak, lag) => Math.max(peak, lag), 0),
    posts: objects.accounts.reduce((sum, account) => sum + account.posts, 0),
    objects: { ...objectsOf(stage) },
    requests: tally.requests,
    waitPeakMs: tally.waitPeakMs,
    messagesIn: tally.messagesIn,
    messagesOut: tally.messagesOut,
    grabsWaitingPeak: most(objects.gates, (gate) => gate.waitingPeak),
    socketsOfADoorPeak: most(objects.gates, (gate) => gate.sockets),
    notices: objects.skus.reduce((sum, sku) => sum + sku.notices, 0),
    overloads: tally.overloads,
    usage,
    bill: billOf(usage),
  };
}

function countOutcomes(codes: Uint8Array): Partial<Record<Outcome, number>> {
  const counts = new Uint32Array(OUTCOMES.length);
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return Object.fromEntries(
    OUTCOMES.map((outcome, code) => [outcome, counts[code] ?? 0]).filter(
      ([, count]) => count !== 0,
    ),
  ) as Partial<Record<Outcome, number>>;
}

function verdictLatencies(
  { world: { crowd } }: Stage,
  isWanted: (outcome: Outcome) => boolean,
): Float64Array {
  const wanted = OUTCOMES.map(isWanted);
  const values = new Float64Array(crowd.size);
  let count = 0;
  for (let id = 0; id < crowd.size; id += 1) {
    if (!wanted[crowd.outcome[id] ?? 0]) continue;
    values[count] = (crowd.verdictMs[id] ?? 0) - (crowd.tapMs[id] ?? 0);
    count += 1;
  }
  return values.slice(0, count);
}

function objectsOf({ objects, world }: Stage): Record<Class, number> {
  return {
    ...perClass(),
    Gate: objects.gates.length,
    Sku: objects.skus.length,
    Account: objects.accounts.length,
    Projector: world.p.projectors,
    D1: 1,
  };
}

/**
 * Duration is the rush, from T0 to the last word, for every object, and for each ticket and socket before it the time of
 * its call: an object with nothing to do may hibernate and is not billed.
 */
function usageOf(stage: Stage): Usage {
  const { world, holds } = stage;
  const { tally, p, engine } = world;
  const calls = CLASSES.filter((one) => one !== "Worker" && one !== "D1").reduce(
    (sum, one) => sum + tally.requests[one],
    0,
  );
  const counts = objectsOf(stage);
  const awake = counts.Gate + counts.Sku + counts.Account + counts.Projector;
  const ticketMs = p.hopRttMs + p.callMs + p.accountHoldMs + p.commitLatencyMs;
  const awakeMs = awake * engine.nowMs + 2 * holds.latenciesMs.length * ticketMs;
  return {
    workerRequests: tally.requests.Worker,
    workerCpuMs: tally.requests.Worker * p.requestMs,
    objectRequests: calls + tally.messagesIn / MESSAGES_PER_REQUEST,
    objectGbSeconds: (awakeMs / 1_000) * OBJECT_MEMORY_GB,
    objectRowsWritten: tally.objectRows,
    objectRowsRead: tally.objectRowsRead,
    d1RowsWritten: tally.d1Rows,
    d1RowsRead: tally.d1Rows,
  };
}

function most<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((peak, item) => Math.max(peak, of(item)), 0);
}
