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

/** What a programme says about prices: which sales take part, and what is taken off when. */
export interface DiscountTerms {
  readonly version: number;
  /** Ordinary redemptions take part. */
  readonly standing: boolean;
  /** Flash sales take part: their price is mostly a special one already. */
  readonly flash: boolean;
  readonly discounts: readonly RedemptionDiscount[];
}

export const DEFAULT_DISCOUNTS: DiscountTerms = {
  version: 0,
  standing: true,
  flash: false,
  discounts: [],
};

export interface AppliedDiscount {
  /** `tier` for the member's own tier, in version 0. */
  readonly discountId: string;
  readonly version: number;
  readonly title: string;
  readonly percent: number;
  /** Points that it takes off one unit. */
  readonly points: number;
}

/** The price of one unit. */
export interface MemberPrice {
  readonly listPoints: number;
  readonly points: number;
  /** Their points are what the list price is higher by. */
  readonly applied: readonly AppliedDiscount[];
}

/** The member's own tier, as far as prices ask. */
export interface TierPercent {
  readonly title: string;
  readonly percent: number;
}

export function listPrice(listPoints: number): MemberPrice {
  return { listPoints, points: listPoints, applied: [] };
}

/** Whether sales of a kind take part at all. */
export function takesPart(terms: DiscountTerms, kind: "flash" | "standing"): boolean {
  return kind === "flash" ? terms.flash : terms.standing;
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
  tier: TierPercent | null,
  scene: Scene,
): MemberPrice {
  const open = discounts
    .filter((one) => isOpen(one, scene))
    .sort((a, b) => b.priority - a.priority || (a.discountId < b.discountId ? -1 : 1));
  const alone = open.find((one) => !one.isStackable);
  const chosen: Omit<AppliedDiscount, "points">[] = (alone ? [alone] : open).map(
    ({ discountId, version, title, percent }) => ({ discountId, version, title, percent }),
  );
  if (tier && tier.percent < 100) chosen.push({ ...TIER, ...tier });
  return taken(listPoints, chosen);
}

const TIER = { discountId: "tier", version: 0 } as const;

/** Fractions stay exact until each is shown: what all take together is rounded once, and the parts sum to it. */
function taken(
  listPoints: number,
  chosen: readonly Omit<AppliedDiscount, "points">[],
): MemberPrice {
  let top = BigInt(listPoints);
  let bottom = 1n;
  let points = listPoints;
  const applied = chosen.map((one) => {
    top *= BigInt(one.percent);
    bottom *= 100n;
    const before = points;
    points = Math.max(Math.min(1, listPoints), Number(top / bottom));
    return { ...one, points: before - points };
  });
  return { listPoints, points, applied };
}
