/**
 * Month's end, several times: very many lots lapse at one moment. Members redeem at a fixed rate in the very objects that
 * write the lots off: each time first while D1 has taken in every lot and nothing lapses, then within the sweep, so that what
 * drifts falls on both sides alike. What anybody waits longer is what the sweep costs.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { inParallel, sleep, type Member } from "../load/api.ts";
import { Histogram } from "../load/histogram.ts";
import { untilQuiet, type Figures } from "../load/scenario.ts";
import {
  newSale,
  observed,
  orderPrefix,
  progressOf,
  refOf,
  soldExactly,
  unexpected,
  type Site,
  type Stage,
} from "./stage.ts";

const LOT_POINTS = 7;
const LOTS_PER_MEMBER = 20;
const RICH = 1_000_000;
/** Members a bulk grant carries. */
const MEMBERS_PER_GRANT = 1_000;
const GRANTS_AT_ONCE = 2;
/** Grants that never lapse, made first: they tell how long the others will take, D1 included. */
const CALIBRATION_GRANTS = 4;
/** The moment lies so much further away than the preload needs by the calibration. */
const SLACK = 2;
const SLACK_MS = 3_000;
/** The crowd starts a little before the moment. */
const EARLY_MS = 1_000;
const SWEPT_PATIENCE_MS = 30 * 60_000;
const ASK_EVERY_MS = 1_000;

export async function runExpiry(stage: Stage): Promise<Figures[]> {
  const lots = stage.settings.number("lots");
  let crew: readonly Member[] = [];
  let perLotMs = 0;
  const site = await stage.ownSite(`expiry-${stage.round}`, async (fresh) => {
    crew = await furnishCrew(stage, fresh);
    perLotMs = await calibrate(fresh, lots);
  });
  const sweeps: Sweep[] = [];
  for (let sweep = 1; sweep <= stage.settings.number("sweeps"); sweep += 1) {
    const windows = { sweep, members: crew.length, perLotMs };
    sweeps.push(await oneSweep(stage, site, windows));
  }
  const calm = merged(sweeps.map((one) => one.calm));
  const busy = merged(sweeps.map((one) => one.busy));
  const mean = (figure: (one: Sweep) => number): number =>
    sweeps.reduce((sum, one) => sum + figure(one), 0) / sweeps.length;
  return [
    figuresOf("expiry-calm", calm, []),
    figuresOf(
      "expiry-sweep",
      busy,
      sweeps.flatMap((one) => one.breaches),
      [
        { name: "sweeps, each after a calm window", value: sweeps.length, unit: "" },
        { name: "lots that lapse at once", value: lots, unit: "" },
        { name: "preloaded in, D1 included", value: mean((one) => one.preloadSeconds), unit: "s" },
        { name: "lots written off beside redemptions", value: mean(besideOf), unit: "/s" },
        { name: "all written off after", value: mean((one) => one.sweptSeconds), unit: "s" },
        { name: "p50 later than without", value: later(busy, calm, 0.5), unit: "ms" },
        { name: "p99 later than without", value: later(busy, calm, 0.99), unit: "ms", atMost: 50 },
      ],
    ),
  ];
}

interface Sweep {
  readonly calm: Seen;
  readonly busy: Seen;
  readonly preloadSeconds: number;
  /** Lots written off by the end of the busy window. */
  readonly beside: number;
  readonly sweptSeconds: number;
  readonly breaches: readonly string[];
}

const besideOf = ({ beside, busy }: Sweep): number => beside / secondsOf(busy);

/** Lots of one moment, D1 quiet, a window without the sweep and one within it, and the sweep to its end. */
async function oneSweep(
  stage: Stage,
  site: Site,
  { sweep, members, perLotMs }: { sweep: number; members: number; perLotMs: number },
): Promise<Sweep> {
  const lots = stage.settings.number("lots");
  const points = lots * LOT_POINTS;
  const startedMs = performance.now();
  const calmMs = stage.settings.number("seconds") * 1_000 + SLACK_MS;
  const lapsesAtMs = Date.now() + Math.ceil(lots * perLotMs * SLACK) + SLACK_MS + calmMs;
  await furnishLots(stage, site, { sweep, lots, lapsesAtMs });
  stage.tell("expiry: D1 catches up");
  await quiet(site);
  const preloadSeconds = (performance.now() - startedMs) / 1_000;
  if (Date.now() + calmMs > lapsesAtMs) throw new Error("the machine slowed down; run it again");
  const calm = await redeemFor(stage, site, `calm-${sweep}`, members);
  await until(stage, lapsesAtMs - EARLY_MS);
  const busy = await redeemFor(stage, site, `sweep-${sweep}`, members);
  const beside = ((await readExpired(site)) - points * (sweep - 1)) / LOT_POINTS;
  const { seconds, breaches } = await untilSwept(stage, site, points * sweep, lapsesAtMs);
  await quiet(site);
  return { calm, busy, preloadSeconds, beside, sweptSeconds: seconds, breaches };
}

/**
 * Nothing is on its way, to D1 neither, and what the preload wrote is on the disk: otherwise commits of the next window
 * wait for seconds behind it.
 */
async function quiet(site: Site): Promise<void> {
  const { isQuiet } = await untilQuiet(site.api, SWEPT_PATIENCE_MS);
  if (!isQuiet) throw new Error("D1 never caught up; run it with fewer lots");
  await promisify(execFile)("sync");
}

/** Windows of one kind as if they were one. */
interface Windows {
  readonly parts: readonly Seen[];
  readonly histogram: Histogram;
}

function merged(parts: readonly Seen[]): Windows {
  const histogram = new Histogram();
  for (const { report } of parts) histogram.merge(Histogram.fromJSON(report.fromIntended));
  return { parts, histogram };
}

const secondsOf = ({ report }: Seen): number => report.elapsedMs / 1_000;
const later = (one: Windows, other: Windows, share: number): number =>
  one.histogram.percentile(share) - other.histogram.percentile(share);
const sumOver = (parts: readonly Seen[], figure: (part: Seen) => number): number =>
  parts.reduce((sum, part) => sum + figure(part), 0);

async function furnishCrew(stage: Stage, site: Site): Promise<readonly Member[]> {
  const ids = Array.from({ length: stage.settings.number("active") }, (_, at) => `rich-${at}`);
  for (let at = 0; at < ids.length; at += MEMBERS_PER_GRANT) {
    await site.api.grantMany(ids.slice(at, at + MEMBERS_PER_GRANT), RICH, `rich-${at}`);
  }
  const members = await inParallel(ids, 32, (id) => site.api.login(id));
  await stage.generator.run("crew", { crew: crewOf(stage), members });
  return members;
}

const crewOf = (stage: Stage): string => `expiry-${stage.round}`;

const membershipOf = (lots: number): number => Math.max(1, Math.ceil(lots / LOTS_PER_MEMBER));
const sizeOf = (lots: number): number => Math.min(MEMBERS_PER_GRANT, membershipOf(lots));

/** Milliseconds that a lot takes to be granted and to arrive in D1. */
async function calibrate(site: Site, lots: number): Promise<number> {
  const size = sizeOf(lots);
  await quiet(site);
  const startedMs = performance.now();
  for (let at = 0; at < CALIBRATION_GRANTS; at += 1) {
    const ids = Array.from({ length: size }, (_, offset) => `other-${at}-${offset}`);
    await site.api.grantMany(ids, 1, `calibration-${at}`);
  }
  await quiet(site);
  return (performance.now() - startedMs) / (CALIBRATION_GRANTS * size);
}

/** Lots that all lapse at one moment, some to each member. */
async function furnishLots(
  stage: Stage,
  site: Site,
  { sweep, lots, lapsesAtMs }: { sweep: number; lots: number; lapsesAtMs: number },
): Promise<void> {
  const [membership, size] = [membershipOf(lots), sizeOf(lots)];
  const grants = Array.from({ length: LOTS_PER_MEMBER }).flatMap((_, round) =>
    Array.from({ length: Math.ceil(membership / size) }, (_one, at) => ({ round, at })),
  );
  let left = lots;
  let done = 0;
  await inParallel(grants, GRANTS_AT_ONCE, async ({ round, at }) => {
    const length = Math.min(size, membership - at * size, left);
    left -= Math.max(0, length);
    if (length <= 0) return;
    const ids = Array.from({ length }, (_, offset) => `lapsing-${at * size + offset}`);
    await site.api.grantMany(ids, LOT_POINTS, `lot-${sweep}-${round}-${at}`, lapsesAtMs);
    done += length;
    stage.tell(`expiry: ${done} of ${lots} lots`);
  });
}

async function until(stage: Stage, atMs: number): Promise<void> {
  for (let leftMs = atMs - Date.now(); leftMs > 0; leftMs = atMs - Date.now()) {
    stage.tell(`expiry: ${Math.ceil(leftMs / 1_000)} s to the moment`);
    await sleep(Math.min(leftMs, 1_000));
  }
}

async function redeemFor(stage: Stage, site: Site, name: string, members: number) {
  const { settings, generator } = stage;
  const ratePerSecond = settings.number("rate");
  const seconds = settings.number("seconds");
  const units = ratePerSecond * seconds * 2;
  const limitPerMember = Math.ceil(units / members) + 1;
  const sale = await newSale(stage, { name: `expiry-${name}`, units, limitPerMember }, site);
  const seen = await observed(
    stage,
    [sale.saleId],
    () =>
      generator.run(
        "openLoop",
        {
          ...{ origin: site.product.origin, serverPids: site.product.serverPids },
          ...{ crew: crewOf(stage), sale: refOf(sale) },
          ...{ orderPrefix: orderPrefix(stage, `exp-${name}`), ratePerSecond, seconds },
          ...{ connections: settings.number("connections"), arrivals: "poisson" as const },
          seed: stage.round,
        },
        progressOf(stage, `expiry: redemptions, ${name}`),
      ),
    site,
  );
  const granted = seen.report.statuses["201"] ?? 0;
  const sold = await soldExactly(site.api, [sale.saleId], granted, granted);
  return { ...seen, granted, breaches: [...seen.breaches, ...sold] };
}

type Seen = Awaited<ReturnType<typeof redeemFor>>;

function figuresOf(
  name: string,
  { parts, histogram }: Windows,
  more: readonly string[],
  notes: NonNullable<Figures["notes"]> = [],
): Figures {
  const seconds = sumOver(parts, secondsOf);
  const cpu = (of: "generator" | "server"): number =>
    sumOver(parts, (part) => part.report.cpu[of] * secondsOf(part)) / seconds;
  const wrong = parts.flatMap(({ report, breaches }) => [
    ...unexpected(report, [201]),
    ...breaches,
    ...(report.unanswered > 0 ? [`${report.unanswered} were never answered`] : []),
  ]);
  return {
    name,
    perSecond: sumOver(parts, ({ granted }) => granted) / seconds,
    latenciesMs: new Float64Array(),
    histogram,
    generatorCpu: cpu("generator"),
    serverCpu: cpu("server"),
    series: parts[0]?.series ?? [],
    breaches: [...wrong, ...more],
    notes,
  };
}

/** Until every point of these lots is written off; each exactly once, or the sum goes past it. */
async function untilSwept(
  stage: Stage,
  site: Site,
  points: number,
  lapsesAtMs: number,
): Promise<{ readonly seconds: number; readonly breaches: readonly string[] }> {
  const deadlineMs = performance.now() + SWEPT_PATIENCE_MS;
  for (;;) {
    const expired = await readExpired(site);
    const seconds = (Date.now() - lapsesAtMs) / 1_000;
    if (expired === points) return { seconds, breaches: [] };
    const told = `${expired} of ${points} points are written off`;
    stage.tell(`expiry: ${told}`);
    if (expired > points || performance.now() > deadlineMs) return { seconds, breaches: [told] };
    await sleep(ASK_EVERY_MS);
  }
}

/** Points written off so far. */
async function readExpired(site: Site): Promise<number> {
  const rows = await site.api.shallowAudit();
  const figures = rows.find(({ name }) => name === "I4_points_conserved")?.figures ?? {};
  return Number(figures["expired"]);
}
