/** Every scenario by name: what it does in a line, what can be set about it, and the lines it fills in a report. */
import type { Figures } from "../load/scenario.ts";
import { runBigMembership } from "./big-membership.ts";
import { runCancelWave } from "./cancel-wave.ts";
import { runCold } from "./cold.ts";
import { runCalm, runDoor, runFrozen, runManySkus } from "./door.ts";
import { runExpiry } from "./expiry.ts";
import { runHttp, runSoldOut } from "./http.ts";
import { runLapse } from "./lapse.ts";
import { runOpenLoop } from "./open-loop.ts";
import { NETWORKS, runPages } from "./pages.ts";
import type { Parameter } from "./parameters.ts";
import type { Stage } from "./stage.ts";
import { runPeers } from "./peers.ts";
import { runSustained } from "./sustained.ts";

/** The medians of a line over the rounds. */
export interface Summary {
  readonly perSecond: number;
  /** To the hello-world of the same round. */
  readonly ratio: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A line of the report. A scenario's figures name the line they belong to. */
export interface Line {
  readonly name: string;
  readonly title: string;
  /** What `perSecond` counts; null where a rate says nothing. */
  readonly counts: string | null;
  /** What the project promises, as it is printed, and whether it is kept. */
  readonly wanted?: { readonly text: string; readonly isMet: (summary: Summary) => boolean };
}

/** One line over another, taken within a round. */
export interface Comparison {
  readonly title: string;
  readonly of: string;
  readonly to: string;
  readonly wanted?: { readonly text: string; readonly isMet: (ratio: number) => boolean };
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly parameters: readonly Parameter[];
  readonly lines: readonly Line[];
  readonly comparisons?: readonly Comparison[];
  readonly run: (stage: Stage) => Promise<Figures | readonly Figures[]>;
}

const number = (
  name: string,
  about: string,
  fallback: number,
  [min, max]: readonly [number, number],
): Parameter => ({ name, about, fallback, min, max });

const SOCKETS = [1, 20_000] as const;
const REQUESTS = [1, 200_000] as const;
const CONNECTIONS = [1, 2_000] as const;
const SECONDS = [1, 300] as const;

const connections = (fallback: number): Parameter =>
  number("connections", "connections that send at the same time", fallback, CONNECTIONS);
const atLeast = (share: number): NonNullable<Line["wanted"]> => ({
  text: `≥ ${share} h`,
  isMet: ({ ratio }) => ratio >= share,
});

/** Both are part of every round of every run. */
export const CALIBRATIONS: readonly Line[] = [
  { name: "hello", title: "hello-world of the runtime (h)", counts: "requests" },
  { name: "fsync", title: "4 KB append and fsync on the data's disk", counts: "fsyncs" },
];

const peerLine = (peer: string, title: string): Line[] => [
  { name: peer, title, counts: "redemptions" },
];

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "door",
    about: "members with tickets wait at the door of one SKU and grab at T0",
    parameters: [number("sockets", "members at the door, each with a socket", 4_000, SOCKETS)],
    lines: [
      {
        ...{ name: "door", title: "door: takes on one SKU, all at T0", counts: "grants" },
        wanted: atLeast(1.2),
      },
    ],
    run: runDoor,
  },
  {
    name: "http",
    about: "one-call redemptions: hold, take and post, fresh order ids",
    parameters: [number("requests", "redemptions", 10_000, REQUESTS), connections(256)],
    lines: [
      {
        ...{ name: "http", title: "HTTP: one-call redemption", counts: "redemptions" },
        wanted: atLeast(0.25),
      },
    ],
    run: runHttp,
  },
  {
    name: "soldout",
    about: "refusals after sold-out, with session and body parsing, fresh order ids",
    parameters: [number("requests", "refusals", 20_000, REQUESTS), connections(64)],
    lines: [
      {
        ...{ name: "soldout", title: "HTTP: refusal after sold-out", counts: "refusals" },
        wanted: atLeast(0.5),
      },
    ],
    run: runSoldOut,
  },
  {
    name: "calm",
    about: "grabs one at a time: tap to verdict",
    parameters: [number("grabs", "grabs", 200, [1, 10_000])],
    lines: [
      {
        ...{ name: "calm", title: "door: tap to verdict, one at a time", counts: null },
        wanted: { text: "p99 ≤ 100 ms", isMet: ({ p99Ms }) => p99Ms <= 100 },
      },
    ],
    run: runCalm,
  },
  {
    name: "sustained",
    about: "hold, take and post for a time; over when the last order is posted; D1's lag",
    parameters: [
      number("seconds", "seconds of load", 10, SECONDS),
      connections(256),
      {
        ...{ name: "via", about: "one call by HTTP, or ticket and grab", fallback: "http" },
        choices: ["http", "door"],
      },
    ],
    lines: [
      {
        name: "sustained",
        title: "sustained: hold, take and post",
        counts: "redemptions",
      },
    ],
    run: runSustained,
  },
  {
    name: "frozen",
    about: "refusals that a door gives by itself, from the frozen notice of a sold-out sale",
    parameters: [
      number("sockets", "members at the door", 2_000, [2, 20_000]),
      number("times", "grabs of each", 20, [1, 1_000]),
    ],
    lines: [
      {
        ...{ name: "frozen", title: "door: refusal from the frozen notice", counts: "refusals" },
        wanted: atLeast(1.5),
      },
    ],
    run: runFrozen,
  },
  {
    name: "many-skus",
    about: "the crowd of `door`, spread over the doors of many SKUs that open at once",
    parameters: [
      number("skus", "SKUs", 100, [2, 1_000]),
      number("sockets", "members at the doors, each with a socket", 4_000, SOCKETS),
    ],
    lines: [{ name: "many-skus", title: "doors: takes on many SKUs, all at T0", counts: "grants" }],
    run: runManySkus,
  },
  {
    name: "big-membership",
    about: "one-call redemptions by 1,000 members of 1,000, and by 1,000 of very many; memory",
    parameters: [
      number(
        "membership",
        "members with points; the full size is 1,000,000",
        100_000,
        [2, 1_000_000],
      ),
      number(
        "active",
        "members who redeem; in the small one there are no others",
        1_000,
        [1, 10_000],
      ),
      number("requests", "redemptions each", 5_000, REQUESTS),
      connections(256),
    ],
    lines: [
      {
        name: "big-membership-few",
        title: "HTTP: redemption, few members in all",
        counts: "redemptions",
      },
      {
        name: "big-membership-many",
        title: "HTTP: redemption, as few of many members",
        counts: "redemptions",
      },
    ],
    comparisons: [
      {
        ...{ title: "many members to few", of: "big-membership-many", to: "big-membership-few" },
        wanted: { text: "≥ 0.9", isMet: (ratio) => ratio >= 0.9 },
      },
    ],
    run: runBigMembership,
  },
  {
    name: "expiry",
    about: "very many lots lapse at one moment while members redeem at a fixed rate",
    parameters: [
      number("lots", "lots of one moment; the full size is 1,000,000", 100_000, [100, 1_000_000]),
      number("sweeps", "moments, each with a calm window before it", 2, [2, 10]),
      number("active", "members who redeem meanwhile", 200, [1, 10_000]),
      number("rate", "redemptions a second", 200, [1, 50_000]),
      number(
        "seconds",
        "seconds of each window: before a moment, once D1 has every lot, and from the moment on",
        20,
        SECONDS,
      ),
      connections(256),
    ],
    lines: [
      { name: "expiry-calm", title: "HTTP: redemption, no sweep", counts: "redemptions" },
      { name: "expiry-sweep", title: "HTTP: redemption beside the sweep", counts: "redemptions" },
    ],
    run: runExpiry,
  },
  {
    name: "lapse",
    about: "nobody pays: orders of one sale lapse at their deadlines, and their units sell again",
    parameters: [
      number("orders", "unpaid orders", 10_000, [10, 100_000]),
      {
        name: "deadlines",
        about: "as the orders were made, or all at one instant in one Account",
        fallback: "spread",
        choices: ["spread", "together"],
      },
      connections(256),
    ],
    lines: [
      {
        ...{
          name: "lapse",
          title: "unpaid order: deadline to given back",
          counts: "orders given back",
        },
        wanted: { text: "p99 ≤ 2 s", isMet: ({ p99Ms }) => p99Ms <= 2_000 },
      },
    ],
    run: runLapse,
  },
  {
    name: "cancel-wave",
    about: "30 % of the winners cancel, a wave follows, the losers redeem to zero; again and again",
    parameters: [
      number("units", "units; half of the members at most", 1_000, [1, 100_000]),
      number("waves", "waves", 3, [1, 20]),
    ],
    lines: [
      {
        name: "cancel-wave",
        title: "cancel and wave: units given back and resold",
        counts: "units given back or resold",
      },
    ],
    run: runCancelWave,
  },
  {
    name: "cold",
    about: "first redemption of each SKU after a restart of the product, and the second",
    parameters: [number("skus", "SKUs", 100, [2, 1_000]), connections(1)],
    lines: [
      { name: "cold", title: "HTTP: first redemption of an SKU after a restart", counts: null },
      { name: "cold-again", title: "HTTP: second redemption of it", counts: null },
    ],
    run: runCold,
  },
  {
    name: "pages",
    about: "the sale page in Chromium over emulated phone networks: paint, tap to verdict",
    parameters: [number("visits", "visits a network", 5, [1, 100])],
    lines: NETWORKS.map(({ name, roundTripMs, down }) => ({
      name,
      title: `page: tap to verdict, ${down / 1e6} Mbit/s, ${roundTripMs} ms round trip`,
      counts: null,
    })),
    run: runPages,
  },
  {
    name: "open-loop",
    about: "redemptions at a fixed arrival rate; latency counts from the moment each was due",
    parameters: [
      number("rate", "arrivals a second", 1_000, [1, 50_000]),
      number("seconds", "seconds of arrivals", 10, SECONDS),
      connections(512),
      {
        ...{ name: "arrivals", about: "how they come", fallback: "poisson" },
        choices: ["poisson", "even"],
      },
    ],
    lines: [
      {
        name: "open-loop",
        title: "HTTP: redemption at a fixed arrival rate",
        counts: "redemptions",
      },
    ],
    run: runOpenLoop,
  },
  {
    name: "peers",
    about: "Redis and PostgreSQL behind Node and Hono, the same work, acknowledged after fsync",
    parameters: [
      number("requests", "redemptions", 10_000, REQUESTS),
      connections(256),
      number("sockets", "members at the door, each with a socket", 4_000, SOCKETS),
    ],
    lines: [
      ...peerLine("redis-redemption", "Redis: redemption"),
      ...peerLine("postgres-redemption", "PostgreSQL: redemption"),
      ...peerLine("postgres-batched-redemption", "PostgreSQL, batched: redemption"),
      ...peerLine("redis-take", "Redis: take, points held before"),
      ...peerLine("redis-door", "Redis: takes over WebSocket, points held before"),
      ...peerLine("postgres-batched-door", "PostgreSQL, batched: takes over WebSocket"),
    ],
    comparisons: [
      {
        ...{ title: "door to Redis's redemption", of: "door", to: "redis-redemption" },
        wanted: { text: "≥ 1", isMet: (ratio) => ratio >= 1 },
      },
      {
        ...{ title: "door to PostgreSQL's redemption", of: "door", to: "postgres-redemption" },
        wanted: { text: "≥ 5", isMet: (ratio) => ratio >= 5 },
      },
      { title: "door to Redis, equal work over WebSocket", of: "door", to: "redis-door" },
      { title: "door to Redis, equal work over HTTP", of: "door", to: "redis-take" },
      {
        title: "door to batched PostgreSQL, equal work over WebSocket",
        ...{ of: "door", to: "postgres-batched-door" },
      },
      {
        ...{ title: "HTTP to PostgreSQL's redemption", of: "http", to: "postgres-redemption" },
        wanted: { text: "≥ 1", isMet: (ratio) => ratio >= 1 },
      },
      {
        title: "HTTP to batched PostgreSQL's redemption",
        ...{ of: "http", to: "postgres-batched-redemption" },
      },
      { title: "HTTP to Redis's redemption", of: "http", to: "redis-redemption" },
      {
        title: "sustained to PostgreSQL's redemption",
        ...{ of: "sustained", to: "postgres-redemption" },
        wanted: { text: "≥ 2", isMet: (ratio) => ratio >= 2 },
      },
    ],
    run: runPeers,
  },
];

/** What `quick` stands for. */
export const QUICK: readonly string[] = ["door", "http", "soldout", "calm"];
/** What `compare` stands for: the product and its peers, alternated. */
export const COMPARE: readonly string[] = ["door", "http", "sustained", "peers"];

export const LINES: readonly Line[] = [
  ...CALIBRATIONS,
  ...SCENARIOS.flatMap((scenario) => scenario.lines),
];
