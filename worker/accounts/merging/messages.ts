/** What goes from a record that leaves to the one that stays. Plain data: it lies in a row and travels over RPC. */
import type { PointsLot } from "../points/index.ts";
import type { EarningRows } from "./earning-rows.ts";

/** Units that count against a limit: of one sale on one programme day. */
export interface UnitsOfDay {
  readonly saleId: string;
  readonly day: number;
  readonly units: number;
}

export interface Parcel {
  readonly mergeId: string;
  readonly fromKey: string;
  readonly intoKey: string;
  /** 1, 2, 3 … of this merge; the next leaves when this one was taken in. */
  readonly parcel: number;
  readonly lots: readonly PointsLot[];
  readonly earning: EarningRows;
  /** All units that the record ever redeemed; null: as they were sent before. */
  readonly units: readonly UnitsOfDay[] | null;
}

export interface BeginMerge {
  readonly mergeId: string;
  readonly fromKey: string;
  readonly intoKey: string;
}

/** Why a record cannot leave now. */
export type MergeObstacle =
  | "points_held"
  | "points_held_at_till"
  | "owes_points"
  | "stored_value"
  | "merged_already"
  | "busy";

export type BeginMergeReply =
  | { readonly kind: "begun" }
  | { readonly kind: "refused"; readonly reason: MergeObstacle };

/** What staff are shown before they decide, and what is left to do afterwards. */
export interface MergeFacts {
  readonly intoKey: string | null;
  /** Nothing is stale or on its way. */
  readonly isAtRest: boolean;
  readonly movedPoints: number;
  readonly lots: readonly PointsLot[];
  readonly granted: number;
  readonly held: number;
  readonly deficit: number;
  readonly pendingOrders: number;
  /** What holds of a till or of an unpaid order have taken for now. */
  readonly offsetPoints: number;
  /** Money is there, held, or on its way in. */
  readonly hasStoredValue: boolean;
  readonly orders: number;
  readonly growth: number;
  readonly tierId: string | null;
  readonly checkInDays: number;
  readonly invited: number;
  readonly isBlocked: boolean;
}
