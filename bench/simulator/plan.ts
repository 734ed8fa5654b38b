/** What one life is about: a sale, its members, what each of them wants, and what staff does in the middle of it. */
import type { Random } from "../../worker/testing/simulation/random.ts";

export type Route = "door" | "http" | "both" | "unused_ticket" | "standing";

export interface Wish {
  readonly route: Route;
  readonly quantity: number;
  /** When the page is opened, and when it taps, ms from the opening of the sale. */
  readonly arrivesAtMs: number;
  readonly tapsAtMs: number;
  readonly cancels: boolean;
  readonly forgoes: boolean;
  /** A client that nobody helps: it gives up at the first trouble. */
  readonly isImpatient: boolean;
}

export interface MemberPlan {
  readonly memberId: string;
  /** Points of each lot, and when it lapses, ms from the opening; null: never. */
  readonly lots: readonly { readonly points: number; readonly lapsesAtMs: number | null }[];
  readonly wishes: readonly Wish[];
}

export interface Plan {
  readonly startMs: number;
  readonly opensInMs: number;
  readonly openForMs: number;
  readonly units: number;
  readonly spareUnits: number;
  readonly pricePoints: number;
  readonly limitPerMember: number;
  readonly dailyLimitPerMember: number | null;
  readonly quantityMax: number;
  readonly dailyUnits: number | null;
  readonly buckets: number;
  readonly doors: number;
  readonly members: readonly MemberPlan[];
}

/** A Friday evening; and half a minute before a month ends in the programme's zone. */
const EVENING_MS = Date.UTC(2026, 10, 20, 11, 59, 50);
const MONTH_END_MS = Date.UTC(2026, 10, 30, 15, 59, 30);

/** Most lives are small and nasty; a crowd now and then fills batches. */
const SIZES = [
  { weight: 0.55, members: [2, 6], units: [1, 4] },
  { weight: 0.33, members: [8, 30], units: [2, 14] },
  { weight: 0.12, members: [80, 260], units: [20, 120] },
] as const;

function between(random: Random, [low, high]: readonly [number, number]): number {
  return low + random.below(high - low + 1);
}

export function makePlan(random: Random): Plan {
  let roll = random.next();
  const size = SIZES.find(({ weight }) => (roll -= weight) < 0) ?? SIZES[0];
  const quantityMax = random.pick([1, 1, 1, 2, 2, 3]);
  const limitPerMember = quantityMax + random.below(2);
  const units = Math.max(quantityMax, between(random, size.units));
  const pricePoints = random.pick([10, 10, 7]);
  const members = Array.from({ length: between(random, size.members) }, (_, at) =>
    makeMember(random, `m${at + 1}`, quantityMax, pricePoints),
  );
  return {
    startMs: random.chance(0.1) ? MONTH_END_MS : EVENING_MS,
    opensInMs: 3_000 + random.below(4_000),
    openForMs: random.pick([8_000, 40_000, 600_000]),
    units,
    spareUnits: random.below(4),
    pricePoints,
    limitPerMember,
    dailyLimitPerMember: random.chance(0.1) ? quantityMax : null,
    quantityMax,
    dailyUnits: random.chance(0.1) ? Math.max(quantityMax, Math.ceil(units / 2)) : null,
    buckets: random.pick([1, 2, 2, 3]),
    doors: random.pick([1, 1, 2]),
    members,
  };
}

function makeMember(
  random: Random,
  memberId: string,
  quantityMax: number,
  pricePoints: number,
): MemberPlan {
  const wishes = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () =>
    makeWish(random, quantityMax),
  );
  const wanted = wishes.reduce((sum, wish) => sum + wish.quantity, 0) * pricePoints;
  const first = random.below(wanted) + 1;
  const lots = [
    { points: first, lapsesAtMs: random.chance(0.15) ? random.below(20_000) : null },
    ...(random.chance(0.85)
      ? [{ points: wanted - first + random.below(20) + 1, lapsesAtMs: null }]
      : []),
  ];
  return { memberId, lots, wishes };
}

function makeWish(random: Random, quantityMax: number): Wish {
  const route = random.pick<Route>([
    "door",
    "door",
    "door",
    "http",
    "http",
    "http",
    "both",
    "unused_ticket",
    "standing",
  ]);
  const isEarly = random.chance(0.15);
  const tapsAtMs = isEarly ? -random.below(1_500) : random.below(random.pick([40, 400, 9_000]));
  return {
    route,
    quantity: 1 + random.below(quantityMax),
    arrivesAtMs: -random.below(2_800),
    tapsAtMs,
    cancels: random.chance(0.35),
    forgoes: random.chance(0.15),
    isImpatient: random.chance(0.3),
  };
}
