/** Every figure the model uses: its unit, its default, what it is on one machine, and where it comes from. */
import { LIMITS } from "../../worker/kernel/limits.ts";

export interface Definition {
  readonly unit: string;
  readonly value: number;
  /** On the machine of the bench, where all objects share one thread; absent: the same. */
  readonly local?: number;
  readonly about: string;
  /** A public page, a file of this repository, `measured by …`, or `assumed: why`. */
  readonly source: string;
}

const LIMITS_PAGE = "https://developers.cloudflare.com/durable-objects/platform/limits/";
const RULES_PAGE =
  "https://developers.cloudflare.com/durable-objects/best-practices/rules-of-durable-objects/";
const TROUBLE_PAGE =
  "https://developers.cloudflare.com/durable-objects/observability/troubleshooting/";
const D1_PAGE = "https://developers.cloudflare.com/d1/platform/limits/";
const CHINA_PAGE = "https://www.thousandeyes.com/blog/benchmarking-network-performance-china";
const COUNTED = "measured by npm run cost";
const BENCH = "measured by npm run bench, taken apart in docs/adr/017";
const SETTING = "wrangler.toml";
const LIMITS_FILE = "worker/kernel/limits.ts";

const sale = {
  members: { unit: "members", value: 100_000, about: "who tap, for each SKU", source: "chosen" },
  arrivalMs: {
    unit: "ms",
    value: 2_000,
    about: "from T0 until everybody has tapped",
    source: "chosen",
  },
  arrivalSkew: {
    unit: "power",
    value: 2,
    local: 1,
    about:
      "a tap comes at arrivalMs × u^skew: 1 is even, at 2 half of the taps fall into the first quarter",
    source: "assumed: people watch a countdown, so taps bunch after T0",
  },
  units: { unit: "units", value: 10_000, about: "for each SKU", source: "chosen" },
  skus: { unit: "SKUs", value: 1, about: "sales that open in the same moment", source: "chosen" },
  doorShare: {
    unit: "share",
    value: 1,
    about: "members with a ticket and a socket; the others redeem by one HTTP call",
    source: "chosen: pages of a flash sale use the door",
  },
  ticketWindowMs: {
    unit: "ms",
    value: 600_000,
    about: "before T0, in which tickets are taken and sockets opened, evenly",
    source: "assumed",
  },
  pageRequests: {
    unit: "requests",
    value: 1,
    local: 0,
    about: "Worker requests of a member beside ticket, door and redemption",
    source: "docs/architecture.md: a page comes with its data",
  },
} as const;

const shape = {
  doors: { unit: "objects", value: 4, local: 1, about: "Gate objects of a sale", source: SETTING },
  buckets: { unit: "objects", value: 1_024, local: 2, about: "Account objects", source: SETTING },
  projectors: { unit: "objects", value: 4, local: 1, about: "Projector objects", source: SETTING },
  doorSocketsMax: {
    unit: "sockets",
    value: LIMITS.doorSocketsMax,
    about: "of one door; the platform allows 32,768",
    source: `${LIMITS_FILE}, https://developers.cloudflare.com/durable-objects/best-practices/websockets/`,
  },
  takesPerBatchMax: {
    unit: "takes",
    value: LIMITS.takesPerBatchMax,
    about: "of one call to the Sku",
    source: LIMITS_FILE,
  },
  outboxBatchMax: {
    unit: "rows",
    value: LIMITS.outboxBatchMax,
    about: "of one delivery",
    source: LIMITS_FILE,
  },
  workerIsolates: {
    unit: "isolates",
    value: 200,
    local: 1,
    about: "Workers that serve the sale, each with its own share of frozen sales",
    source: "assumed: Workers are not limited, so this only spreads the shares",
  },
  sharesPerIsolate: {
    unit: "shares",
    value: LIMITS.cachedSalesMax * 4,
    about: "of (bucket, sale) that one isolate keeps",
    source: "worker/redemption/frozen-shares.ts",
  },
} as const;

const network = {
  nearShare: { unit: "share", value: 0.6, about: "members of the near region", source: "assumed" },
  nearRttMs: {
    unit: "ms",
    value: 40,
    local: 0.2,
    about: "their round trip to the objects",
    source: "assumed: same country or Hong Kong over a good line",
  },
  middleShare: {
    unit: "share",
    value: 0.3,
    about: "members of the middle region",
    source: "assumed",
  },
  middleRttMs: {
    unit: "ms",
    value: 90,
    local: 0.2,
    about: "their round trip",
    source: `${CHINA_PAGE} (baselines across the border)`,
  },
  farRttMs: {
    unit: "ms",
    value: 220,
    local: 0.2,
    about: "round trip of the rest",
    source: `${CHINA_PAGE} (congested or distant lines)`,
  },
  rttSpread: {
    unit: "share",
    value: 0.3,
    local: 0,
    about: "a member's round trip differs by up to this much",
    source: "assumed",
  },
  hopRttMs: {
    unit: "ms",
    value: 5,
    local: 0,
    about: "round trip between a Worker or object and an object of the same region",
    source: "assumed: REGION_HINT puts objects into one region, not into one building",
  },
} as const;

const processor = {
  sharedThread: {
    unit: "flag",
    value: 0,
    local: 1,
    about: "1: one process serves all objects and Workers",
    source: "https://github.com/cloudflare/workerd/issues/72",
  },
  requestMs: {
    unit: "ms",
    value: 0.5,
    local: 0.11,
    about: "a Worker's processor time for a request",
    source: BENCH,
  },
  gateFrameMs: {
    unit: "ms",
    value: 1,
    local: 0.047,
    about:
      "a door's time for an incoming frame: 1 ms is the published 1,000 requests a second of one object",
    source: LIMITS_PAGE,
  },
  gateSendMs: {
    unit: "ms",
    value: 0.01,
    local: 0.01,
    about: "a door's time for a frame it sends",
    source: "worker/redemption/gate-object.ts",
  },
  callMs: {
    unit: "ms",
    value: 1,
    local: 0.1,
    about: "an object's time to receive a call, whatever is in it",
    source: `${LIMITS_PAGE}, ${RULES_PAGE}`,
  },
  skuTakeMs: {
    unit: "ms",
    value: 0.03,
    about: "the Sku's time for a take of a batch that is granted",
    source: "measured: batches of 512 at an object in the runtime",
  },
  skuRefuseMs: {
    unit: "ms",
    value: 0.005,
    about: "the Sku's time for a take of a batch that is refused",
    source: "measured: as skuTakeMs",
  },
  skuNoticeMs: {
    unit: "ms",
    value: 0.002,
    about: "the Sku's time for each grant that a frozen notice names",
    source: "measured: notices of 10,000 grants at an object in the runtime, 15 to 29 ms each",
  },
  accountHoldMs: {
    unit: "ms",
    value: 0.1,
    local: 0.08,
    about: "an Account's time for a hold",
    source: BENCH,
  },
  accountSettleMs: {
    unit: "ms",
    value: 0.1,
    local: 0.1,
    about: "an Account's time to post or void",
    source: BENCH,
  },
  accountShareMs: {
    unit: "ms",
    value: 0.001,
    local: 0.001,
    about: "an Account's time for each order id of the filter it shares with a Worker",
    source: "measured with skuNoticeMs",
  },
} as const;

const storage = {
  commitThreadMs: {
    unit: "ms",
    value: 0.1,
    local: 0.5,
    about: "an object's time for a commit itself; on one machine the fsync",
    source: `${RULES_PAGE} (200–500 writing requests a second of one object)`,
  },
  turnMs: {
    unit: "ms",
    value: 1,
    about: "a timer of zero, after which an object drains what came",
    source: "docs/adr/017",
  },
  commitLatencyMs: {
    unit: "ms",
    value: 10,
    local: 0,
    about:
      "until a commit is confirmed elsewhere and replies may leave; the object goes on meanwhile",
    source: `https://blog.cloudflare.com/sqlite-in-durable-objects/ (a quorum nearby), ${D1_PAGE} (writes take several ms)`,
  },
  d1BatchMs: {
    unit: "ms",
    value: 10,
    local: 1,
    about: "a D1 batch, one at a time",
    source: D1_PAGE,
  },
  d1RowMs: {
    unit: "ms",
    value: 0.004,
    local: 0.004,
    about: "for each row of it",
    source: "measured: 263,000 rows a second by json_each",
  },
} as const;

const overload = {
  overloadAfterMs: {
    unit: "ms",
    value: 10_000,
    local: 60_000,
    about: "a call that would wait longer for an object is refused by the platform",
    source: `${TROUBLE_PAGE} (too many requests in a 10-second window)`,
  },
  patienceMs: {
    unit: "ms",
    value: 8_000,
    about: "then a one-call redemption is answered 202, in doubt",
    source: "worker/accounts/asker.ts",
  },
} as const;

/** What the product could do differently; the defaults are the product as it is. */
const design = {
  noticeKept: {
    unit: "flag",
    value: 1,
    about: "1: the Sku makes a frozen notice once for all who ask; 0: anew for each",
    source: "worker/redemption/sku-object.ts keeps it",
  },
  settleWidth: {
    unit: "calls",
    value: 6,
    about: "Accounts that a Sku tells of grants at the same time",
    source: "worker/redemption/sku-courier.ts",
  },
  acksAgain: {
    unit: "flag",
    value: 0,
    about:
      "1: an Account acknowledges grants to the Sku that the Sku itself brought, beside its reply",
    source: "worker/accounts/desk.ts acknowledges only what it asked for",
  },
  doorLooksAgain: {
    unit: "flag",
    value: 1,
    about:
      "1: a door with a notice answers by it what waits already; 0: that still goes to the Sku",
    source: "worker/redemption/gate-object.ts looks again",
  },
} as const;

const rows = {
  holdRows: {
    unit: "rows",
    value: 3,
    about: "of a hold: order with its index entry, lot",
    source: COUNTED,
  },
  takeRows: {
    unit: "rows",
    value: 2,
    about: "of a grant at the Sku: take and its index entry",
    source: COUNTED,
  },
  postRows: {
    unit: "rows",
    value: 3,
    about: "of a post: order, entry, member",
    source: COUNTED,
  },
  voidRows: { unit: "rows", value: 2, about: "of a void: order, lot", source: COUNTED },
  commitRows: {
    unit: "rows",
    value: 1,
    about: "of a commit, whatever is in it: the Account's counters, the Sku's sale",
    source: COUNTED,
  },
  d1GrantRows: {
    unit: "rows",
    value: 9,
    about: "of a grant in D1: order and five index entries, entry and two",
    source: COUNTED,
  },
} as const;

export const GROUPS = { sale, shape, network, processor, storage, overload, design, rows } as const;

type Groups = typeof GROUPS;
export type ParameterName = { [G in keyof Groups]: keyof Groups[G] }[keyof Groups];
export type Parameters = Readonly<Record<ParameterName, number>>;

export const DEFINITIONS = Object.assign({}, ...Object.values(GROUPS)) as Readonly<
  Record<ParameterName, Definition>
>;

export const NAMES = Object.keys(DEFINITIONS) as ParameterName[];

export function defaults(where: "edge" | "local" = "edge"): Parameters {
  const value = ({ local, value: edge }: Definition): number =>
    where === "local" && local !== undefined ? local : edge;
  return Object.fromEntries(
    NAMES.map((name) => [name, value(DEFINITIONS[name])]),
  ) as unknown as Parameters;
}

export const isParameter = (name: string): name is ParameterName => name in DEFINITIONS;
