/** Bounds: how much of the world a search walks through. Small enough to finish, large enough to break every rule. */

export interface OrderPlan {
  readonly member: number;
  /** `never_grabs`: a ticket whose holder never taps. */
  readonly route: "both" | "ticket" | "direct" | "never_grabs";
  readonly quantity: number;
  readonly cancels: boolean;
  readonly forgoes: boolean;
  /** Part of the price is paid in cash after the grant. */
  readonly hasCash: boolean;
  /** Orders of two members with the same text. Absent: a text of its own. */
  readonly idText?: string;
  /** Position of the order that this one replaces. */
  readonly replaces?: number;
  /** Epochs after the first that its client saw; read when requests name their epoch. */
  readonly seenEpoch: number;
}

export interface Bounds {
  readonly name: string;
  readonly orders: readonly OrderPlan[];
  readonly stock: number;
  /** Units a member may have in the sale. */
  readonly limit: number;
  /** Points of every member; a unit costs one. */
  readonly points: number;
  readonly waves: number;
  readonly restocks: number;
  readonly closes: boolean;
  readonly pauses: boolean;
  /** The catalogue withdraws the goods: the open sale stops, and its epoch rises. */
  readonly rests: boolean;
  readonly startsScheduled: boolean;
  /** Times the same instance is scheduled again after its close: harder than the product, which makes a new one. */
  readonly nextSales: number;
  readonly crashes: number;
  /** Memory and disk apart: every commit is a step, and a crash loses what was not committed. */
  readonly isExplicit: boolean;
  readonly buckets: number;
  /** Distinct messages, in bits of the network set. */
  readonly messagesMax: number;
}

const order = (
  member: number,
  route: OrderPlan["route"],
  rest: Partial<OrderPlan> = {},
): OrderPlan => ({
  member,
  route,
  quantity: 1,
  cancels: false,
  forgoes: false,
  hasCash: false,
  seenEpoch: 0,
  ...rest,
});

const CANCELS = { cancels: true } as const;

const one = (
  name: string,
  orders: readonly OrderPlan[],
  rest: Partial<Bounds> = {},
): readonly [string, Bounds] => [
  name,
  {
    name,
    orders,
    stock: 1,
    limit: 1,
    points: 1,
    waves: 0,
    restocks: 0,
    closes: true,
    pauses: false,
    rests: false,
    startsScheduled: false,
    nextSales: 0,
    crashes: 0,
    isExplicit: false,
    buckets: 1,
    messagesMax: 256,
    ...rest,
  },
];

const explicit = (buckets: number, crashes: number): Partial<Bounds> => ({
  isExplicit: true,
  buckets,
  crashes,
});
const nextSale: Partial<Bounds> = { startsScheduled: true, nextSales: 1 };
const wide: Partial<Bounds> = { stock: 2, points: 2, waves: 2, messagesMax: 1_024 };

/** Two members, one unit, one cancels: the smallest world in which a unit changes hands. */
const PAIR = [order(0, "both", CANCELS), order(1, "both")];

const RACE = [
  one("K1", PAIR, { waves: 1 }),
  one("K2", [...PAIR, order(0, "direct")], { waves: 1 }),
  one("K2L", [...PAIR, order(0, "direct")], { waves: 1, points: 2 }),
  one("K3", [order(0, "both", CANCELS), order(1, "both", CANCELS), order(0, "direct")], {
    limit: 2,
    waves: 2,
    restocks: 1,
  }),
  one("K3s2", [order(0, "both", CANCELS), order(1, "both", CANCELS), order(0, "both")], {
    stock: 2,
    points: 2,
    waves: 1,
  }),
  one("K9three", [...PAIR, order(2, "both")], { stock: 2, waves: 1 }),
  one(
    "Kqty",
    [
      order(0, "both", { cancels: true, quantity: 2 }),
      order(1, "both"),
      order(2, "ticket", { quantity: 2 }),
    ],
    { stock: 3, limit: 2, points: 2, waves: 1 },
  ),
  one(
    "K4cash",
    [order(0, "both", { hasCash: true, cancels: true }), order(1, "both", { hasCash: true })],
    { waves: 2 },
  ),
  one("K7idle", [order(0, "never_grabs", CANCELS), order(1, "both", CANCELS)], { waves: 1 }),
  one("K8forgo", [order(0, "both", { forgoes: true, cancels: true }), order(1, "both", CANCELS)], {
    waves: 1,
  }),
  one("Kpause", PAIR, { waves: 1, restocks: 1, pauses: true }),
  one("Krest", PAIR, { waves: 1, restocks: 1, rests: true }),
  one(
    "Ksame",
    [order(0, "both", { idText: "x", cancels: true }), order(1, "both", { idText: "x" })],
    { stock: 2, waves: 1 },
  ),
  one("Kgate", [order(0, "ticket"), order(1, "ticket"), order(2, "ticket")], { restocks: 1 }),
];

const SALES = [
  one("K5sales", PAIR, { waves: 1, restocks: 1, ...nextSale }),
  one("K5s", [order(0, "both", CANCELS), order(1, "ticket")], { waves: 1, ...nextSale }),
  one("K5pre", [order(0, "ticket"), order(1, "direct")], { restocks: 1, ...nextSale }),
  one("Kearly", PAIR, { waves: 1, startsScheduled: true, pauses: true }),
  one("Kearly2", [order(0, "both"), order(1, "direct")], { ...nextSale, ...explicit(2, 1) }),
];

const CRASHES = [
  one("Kcrash", [order(0, "both", CANCELS), order(1, "both", CANCELS)], { waves: 1, crashes: 2 }),
  one("K6crash", PAIR, { waves: 1, ...explicit(2, 2) }),
  one("K6one", [order(0, "direct", CANCELS), order(1, "ticket", CANCELS)], {
    waves: 2,
    ...explicit(1, 3),
  }),
  one("K6min", [order(0, "direct", CANCELS), order(1, "ticket")], { waves: 1, ...explicit(1, 2) }),
  one("K6two", [order(0, "direct", CANCELS), order(1, "ticket")], {
    waves: 1,
    closes: false,
    ...explicit(2, 3),
  }),
  one("K6both", [order(0, "both"), order(1, "direct")], explicit(2, 2)),
];

const LATER = { seenEpoch: 1 } as const;

/** Requests that name the epoch their client saw. */
const NAMED = [
  one("Kbody", [order(0, "both", CANCELS), order(1, "direct"), order(1, "direct", LATER)], {
    waves: 1,
  }),
  one("Kbody2", [order(0, "direct", CANCELS), order(1, "direct")], { waves: 1 }),
  one("KbodyA", [...PAIR, order(1, "direct", LATER)], { waves: 1 }),
  one("KbodyB", [order(0, "ticket"), order(1, "direct"), order(1, "direct", { seenEpoch: 2 })], {
    restocks: 1,
    ...nextSale,
  }),
  one("KbodyC", [order(0, "direct", CANCELS), order(1, "ticket"), order(1, "direct", LATER)], {
    waves: 1,
    ...explicit(1, 1),
  }),
];

/** A sale that sells out, is shared, and wakes up again. */
const SHARES = [
  one("Kshare", [order(0, "direct", CANCELS), order(1, "direct"), order(1, "direct", LATER)], {
    waves: 1,
  }),
];

const EXCHANGES = [
  one("Kexch", [order(0, "direct", CANCELS), order(1, "both"), order(1, "both", { replaces: 1 })], {
    waves: 1,
  }),
  one(
    "Kexch2",
    [order(0, "direct", CANCELS), order(1, "both", CANCELS), order(1, "both", { replaces: 1 })],
    { limit: 2, points: 2, waves: 1, restocks: 1 },
  ),
  one(
    "KexchS",
    [order(0, "direct"), order(1, "ticket", { forgoes: true }), order(1, "both", { replaces: 1 })],
    nextSale,
  ),
  one(
    "Kexch3",
    [
      order(0, "direct"),
      order(1, "ticket"),
      order(1, "ticket", { replaces: 1 }),
      order(1, "both", { replaces: 1 }),
    ],
    { restocks: 1 },
  ),
  one("KexchC", [order(0, "direct"), order(1, "ticket"), order(1, "both", { replaces: 1 })], {
    restocks: 1,
    ...explicit(1, 1),
  }),
];

/** Too wide for a search; seeded walks go through them. */
const WIDE = [
  one(
    "W1",
    [
      order(0, "both", { cancels: true, hasCash: true }),
      order(1, "both", CANCELS),
      order(2, "both", { cancels: true, quantity: 2 }),
      order(0, "direct", CANCELS),
      order(1, "ticket", { forgoes: true, cancels: true }),
      order(2, "both"),
    ],
    { ...wide, limit: 2, restocks: 1, ...nextSale, ...explicit(2, 3) },
  ),
  one(
    "W2",
    [
      order(0, "both", { cancels: true, hasCash: true }),
      order(1, "both", CANCELS),
      order(2, "both", CANCELS),
      order(0, "direct", CANCELS),
      order(1, "both", { forgoes: true, cancels: true, hasCash: true }),
    ],
    { ...wide, limit: 2, closes: false, ...explicit(2, 3) },
  ),
  one(
    "W3",
    [
      order(0, "both", { cancels: true, hasCash: true, idText: "x" }),
      order(1, "both", { cancels: true, idText: "x" }),
      order(2, "both", { cancels: true, quantity: 2 }),
      order(0, "both", { cancels: true, replaces: 0, seenEpoch: 1 }),
      order(1, "both", { forgoes: true, cancels: true, replaces: 1, seenEpoch: 1 }),
      order(2, "both", { replaces: 2, seenEpoch: 2 }),
    ],
    { ...wide, limit: 2, restocks: 1, pauses: true, ...nextSale, ...explicit(2, 3) },
  ),
];

export const CONFIGURATIONS: ReadonlyMap<string, Bounds> = new Map([
  ...RACE,
  ...SALES,
  ...CRASHES,
  ...NAMED,
  ...SHARES,
  ...EXCHANGES,
  ...WIDE,
]);

export function configuration(name: string): Bounds {
  const found = CONFIGURATIONS.get(name);
  if (!found) throw new RangeError(`no configuration ${name}`);
  return found;
}

export function isWide(bounds: Bounds): boolean {
  return bounds.name.startsWith("W");
}
