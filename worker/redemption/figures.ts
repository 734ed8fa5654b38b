/**
 * What a sale looks like to those who watch it: answers by kind, how long they took, and the curve of shelf and requests.
 * Counts for people; nothing of the protocol reads them. Pure.
 */

/** Upper edges of the latency classes, ms; what took longer is in one more class. */
export const LATENCY_EDGES_MS = [
  ...[1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200, 300, 400, 500, 700],
  ...[1_000, 1_500, 2_000, 3_000, 5_000, 10_000],
] as const;

/** The first minute is drawn in tenths of a second. */
export const FINE_STEP_MS = 100;
const FINE_STEPS_MAX = 600;
const COARSE_STEPS_MAX = 600;
const COARSE_STEP_MS_MIN = 1_000;

/** Answers that are no attempt to redeem: a ticket booked before the hour. */
const NO_REQUEST: ReadonlySet<string> = new Set(["ticketed"]);

/** What one door or isolate has answered since it last said so. */
export interface AnswerTally {
  /** By code; `granted` and `ticketed` beside the refusals. */
  readonly answers: Readonly<Record<string, number>>;
  readonly latency: readonly number[];
  /** Requests by moment, in steps of `FINE_STEP_MS` since the epoch. */
  readonly slots: readonly (readonly [slot: number, requests: number])[];
}

/** One step of the curve; `shelf` null: nothing changed in it. */
export interface CurveStep {
  requests: number;
  granted: number;
  shelf: number | null;
}

export interface Curve {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly steps: CurveStep[];
}

export interface SaleFigures {
  readonly answers: Record<string, number>;
  readonly latency: number[];
  /** From the opening on. */
  readonly fine: Curve;
  /** The whole sale. */
  readonly coarse: Curve;
}

export function newFigures(opensAtMs: number, closesAtMs: number): SaleFigures {
  const stepMs = Math.max(
    COARSE_STEP_MS_MIN,
    Math.ceil((closesAtMs - opensAtMs) / COARSE_STEPS_MAX / 1_000) * 1_000,
  );
  return {
    answers: {},
    latency: LATENCY_EDGES_MS.map(() => 0).concat(0),
    fine: { fromMs: opensAtMs, stepMs: FINE_STEP_MS, steps: [] },
    coarse: { fromMs: opensAtMs, stepMs, steps: [] },
  };
}

/** The step of a moment. What came before the opening belongs to the first, what comes after the last is not drawn. */
function stepAt(curve: Curve, atMs: number, stepsMax: number): CurveStep | null {
  const at = Math.max(0, Math.floor((atMs - curve.fromMs) / curve.stepMs));
  if (at >= stepsMax) return null;
  while (curve.steps.length <= at) curve.steps.push({ requests: 0, granted: 0, shelf: null });
  return curve.steps[at] ?? null;
}

/** A sale that was extended runs past its last coarse step; the end of the curve takes the rest. */
function coarseStepAt(curve: Curve, atMs: number): CurveStep | null {
  const lastMs = curve.fromMs + curve.stepMs * (2 * COARSE_STEPS_MAX - 1);
  return stepAt(curve, Math.min(atMs, lastMs), 2 * COARSE_STEPS_MAX);
}

/** The Sku has committed: so many grants, and this is left. */
export function recordUnits(
  figures: SaleFigures,
  atMs: number,
  granted: number,
  shelf: number,
): void {
  for (const step of [
    stepAt(figures.fine, atMs, FINE_STEPS_MAX),
    coarseStepAt(figures.coarse, atMs),
  ]) {
    if (!step) continue;
    step.granted += granted;
    step.shelf = shelf;
  }
}

/** Doors and Workers report what members were answered. */
export function recordAnswers(figures: SaleFigures, tally: AnswerTally): void {
  for (const code in tally.answers) {
    figures.answers[code] = (figures.answers[code] ?? 0) + (tally.answers[code] ?? 0);
  }
  tally.latency.forEach((count, at) => {
    if (at < figures.latency.length) figures.latency[at] = (figures.latency[at] ?? 0) + count;
  });
  for (const [slot, requests] of tally.slots) {
    const atMs = slot * FINE_STEP_MS;
    const fine = stepAt(figures.fine, atMs, FINE_STEPS_MAX);
    if (fine) fine.requests += requests;
    const coarse = coarseStepAt(figures.coarse, atMs);
    if (coarse) coarse.requests += requests;
  }
}

export function requestsOf(figures: SaleFigures): number {
  let requests = 0;
  for (const code in figures.answers) {
    if (!NO_REQUEST.has(code)) requests += figures.answers[code] ?? 0;
  }
  return requests;
}

/** The class edge that so much of the answers came under, ms; null without any answer. */
export function latencyAt(latency: readonly number[], share: number): number | null {
  const total = latency.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (let at = 0; at < latency.length; at += 1) {
    seen += latency[at] ?? 0;
    if (seen >= total * share) return LATENCY_EDGES_MS[at] ?? 10_000;
  }
  return 10_000;
}

function classOf(elapsedMs: number): number {
  let low = 0;
  let high: number = LATENCY_EDGES_MS.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (elapsedMs <= (LATENCY_EDGES_MS[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Collects answers between two reports; adding one costs a few increments. */
export class Tally {
  #answers: Record<string, number> = {};
  #latency: number[] = [];
  #slots = new Map<number, number>();
  #isEmpty = true;

  /** One answer that took from `askedAtMs` to `nowMs`. */
  add(code: string, askedAtMs: number, nowMs: number): void {
    this.#isEmpty = false;
    this.#answers[code] = (this.#answers[code] ?? 0) + 1;
    if (NO_REQUEST.has(code)) return;
    const at = classOf(nowMs - askedAtMs);
    this.#latency[at] = (this.#latency[at] ?? 0) + 1;
    const slot = Math.floor(askedAtMs / FINE_STEP_MS);
    this.#slots.set(slot, (this.#slots.get(slot) ?? 0) + 1);
  }

  /** Everything since the last time, or null. */
  take(): AnswerTally | null {
    if (this.#isEmpty) return null;
    const latency = Array.from({ length: LATENCY_EDGES_MS.length + 1 }, (_, at) => {
      return this.#latency[at] ?? 0;
    });
    const tally = { answers: this.#answers, latency, slots: [...this.#slots] };
    this.#answers = {};
    this.#latency = [];
    this.#slots = new Map();
    this.#isEmpty = true;
    return tally;
  }
}
