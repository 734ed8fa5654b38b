/** What a rehearsal shows: how quick, who was refused and why, and whether units and points add up. Pure. */
import { z } from "@hono/zod-openapi";

export const REHEARSAL_PHASES = [
  "preparing",
  "granting",
  "ticketing",
  "rushing",
  "settling",
  "counting",
  "done",
] as const;

export const rehearsalReportSchema = z
  .object({
    phase: z.enum(REHEARSAL_PHASES),
    /** Work of the phase that is done, of so much. */
    done: z.int(),
    of: z.int(),
    buyers: z.int(),
    stock: z.int(),
    /** Units that the buyers with a ticket wanted, all taps of one order counted once. */
    demand: z.int(),
    granted: z.int().describe("Units granted."),
    refusals: z.record(z.string(), z.int()).describe("By code; what was no verdict included."),
    taps: z.int(),
    rushMs: z.int().nullable().describe("First tap to last verdict."),
    tapsPerSecond: z.int().nullable(),
    soldOutAfterMs: z.int().nullable(),
    latency: z.array(z.int()).describe("Answers by class of latency."),
    latencyP50Ms: z.int().nullable(),
    latencyP99Ms: z.int().nullable(),
    pointsGranted: z.int(),
    pointsActive: z.int(),
    pointsSpent: z.int(),
    pointsHeld: z.int(),
    proofs: z.array(z.object({ proof: z.string(), isTrue: z.boolean() })),
    fault: z.string().nullable(),
  })
  .openapi("RehearsalReport");
export type RehearsalReport = z.infer<typeof rehearsalReportSchema>;

export function emptyReport(buyers: number, stock: number): RehearsalReport {
  return {
    phase: "preparing",
    done: 0,
    of: buyers,
    buyers,
    stock,
    demand: 0,
    granted: 0,
    refusals: {},
    taps: 0,
    rushMs: null,
    tapsPerSecond: null,
    soldOutAfterMs: null,
    latency: [],
    latencyP50Ms: null,
    latencyP99Ms: null,
    pointsGranted: 0,
    pointsActive: 0,
    pointsSpent: 0,
    pointsHeld: 0,
    proofs: [],
    fault: null,
  };
}

export interface Count {
  readonly stock: number;
  readonly demand: number;
  /** Units that buyers were told they have. */
  readonly toldGranted: number;
  /** Units of live takes at the Sku. */
  readonly live: number;
  readonly shelf: number;
  readonly pricePoints: number;
  readonly pointsGranted: number;
  readonly pointsActive: number;
  readonly pointsSpent: number;
  readonly pointsHeld: number;
  /** Orders that were told two different things. */
  readonly contradictions: number;
}

/** The oversell proof, point by point. */
export function proofsOf(count: Count): { proof: string; isTrue: boolean }[] {
  const { stock, demand, toldGranted, live, shelf, pricePoints } = count;
  const { pointsGranted, pointsActive, pointsSpent, pointsHeld, contradictions } = count;
  return [
    { proof: "granted_is_min_of_stock_and_demand", isTrue: live === Math.min(stock, demand) },
    { proof: "told_is_taken", isTrue: toldGranted === live },
    { proof: "units_conserved", isTrue: live + shelf === stock },
    {
      proof: "points_conserved",
      isTrue: pointsActive + pointsSpent + pointsHeld === pointsGranted,
    },
    { proof: "points_spent_for_units", isTrue: pointsSpent === live * pricePoints },
    { proof: "nothing_left_held", isTrue: pointsHeld === 0 },
    { proof: "one_outcome_each", isTrue: contradictions === 0 },
  ];
}
