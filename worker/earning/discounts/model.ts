/** What a redemption costs a member today: member day, tier, segment. Stated before the hold and kept with the order. Pure. */
import { meets, type Condition, type Scene } from "../rules/index.ts";

export interface RedemptionDiscount {
  readonly discountId: string;
  readonly version: number;
  readonly title: string;
  readonly startsAtMs: number | null;
  readonly endsAtMs: number | null;
  readonly condition: Condition | null;
  /** What is left to pay; 80 is a fifth off. */
  readonly percent: number;
  readonly priority: number;
  readonly isStackable: boolean;
}

export interface AppliedDiscount {
  /** `tier` for the member's own tier, in version 0. */
  readonly discountId: string;
  readonly version: number;
  readonly percent: number;
}

export interface MemberPrice {
  readonly listPoints: number;
  readonly points: number;
  readonly applied: readonly AppliedDiscount[];
}

function isOpen(discount: RedemptionDiscount, scene: Scene): boolean {
  const { atMs } = scene.event;
  if (discount.startsAtMs !== null && atMs < discount.startsAtMs) return false;
  if (discount.endsAtMs !== null && atMs >= discount.endsAtMs) return false;
  return !discount.condition || meets(discount.condition, scene);
}

/**
 * The price for this member at this moment. Discounts that stack multiply; where one does not, the highest priority of
 * those stands alone. The tier's own always counts. Rounded once, in the member's favour, and never to nothing.
 */
export function memberPrice(
  listPoints: number,
  discounts: readonly RedemptionDiscount[],
  tierPercent: number,
  scene: Scene,
): MemberPrice {
  const open = discounts
    .filter((one) => isOpen(one, scene))
    .sort((a, b) => b.priority - a.priority || (a.discountId < b.discountId ? -1 : 1));
  const alone = open.find((one) => !one.isStackable);
  const applied: AppliedDiscount[] = (alone ? [alone] : open).map(
    ({ discountId, version, percent }) => ({ discountId, version, percent }),
  );
  if (tierPercent < 100) applied.push({ discountId: "tier", version: 0, percent: tierPercent });
  let top = BigInt(listPoints);
  let bottom = 1n;
  for (const { percent } of applied) {
    top *= BigInt(percent);
    bottom *= 100n;
  }
  const points = Number(top / bottom);
  return { listPoints, points: listPoints === 0 ? 0 : Math.max(1, points), applied };
}
