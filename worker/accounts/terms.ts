/**
 * What a programme says about points that come back or are taken back. D1 keeps the terms; an Account is told them with the
 * commands that need them and remembers the newest, so that no redemption asks D1. Pure.
 */
import type { ClawbackPolicy, LapsePolicy } from "./points/index.ts";

export interface PointsTerms {
  /** Counts up with every change; 0: the programme has said nothing yet. */
  readonly version: number;
  /** What happens to a slice whose lot lapsed before it came back. */
  readonly lapse: LapsePolicy;
  /** Which points a claw-back may take when the command does not say. */
  readonly clawback: ClawbackPolicy;
}

/** Nobody loses points by giving a unit back, and nobody owes points without a decision of the merchant. */
export const DEFAULT_POINTS_TERMS: PointsTerms = {
  version: 0,
  lapse: { kind: "grace", days: 30 },
  clawback: "within_balance",
};
