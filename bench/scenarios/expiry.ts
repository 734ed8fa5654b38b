/**
 * Month's end: very many lots lapse at one moment. Members redeem at a fixed rate in the very objects that write the lots
 * off: before the moment, twice within the one sweep, and after it, so that what drifts falls on both sides alike. What
 * anybody waits longer is what the sweep costs.
 */
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
/** Grants that never lapse, made first: they tell how long the others will take. */
const CALIBRATION_GRANTS = 4;
/** The moment lies so much further away than the preload needs by the calibration. */
const SLACK = 2;
const SLACK_MS = 3_000;
/** The crowd starts a little before the moment. */
const EARLY_MS = 1_000;
const SWEPT_PATIENCE_MS = 30 * 60_000;
const ASK_EVERY_MS = 1_000;

interface Expired {
  readonly expired: number;
  readonly inLots: number;
}

export async function runExpiry(stage: Stage): Promise<Figures[]> {
  const lots = stage.settings.number("lots");
  let lapsesAtMs = 0;
  let preloadSeconds = 0;
  let crew: readonly Member[] = [];
  const site = await stage.ownSite(`expiry-${stage.round}`, async (fresh) => {
    const startedMs = performance.now();
    crew = await furnishCrew(stage, fresh);
    lapsesAtMs = await furnishLots(stage, fresh, lots);
    stage.tell("expiry: D1 catches up");
    preloadSeconds = (performance.now() - startedMs) / 1_000;
  });
  const before = await redeemFor(stage, site, "before", crew.length);
  await until(stage, lapsesAtMs - EARLY_MS);
  const early = await redeemFor(stage, site, "early", crew.length);
  const doneEarly = (await readExpired(site)).expired / LOT_POINTS;
  const late = await redeemFor(stage, site, "late", crew.length);
  const { seconds, breaches } = await untilSwept(stage, site, lots * LOT_POINTS, lapsesAtMs);
  await untilQuiet(site.api, SWEPT_PATIENCE_MS);
  const after = await redeemFor(stage, site, "after", crew.length);
  const calm = merged([before, after]);
  const busy = merged([early, late]);
  return [
    figuresOf("expiry-calm", calm, []),
    figuresOf("expiry-sweep", busy, breaches, [
      { name: "lots that lapse at once", value: lots, unit: "" },
      { name: "preloaded in", value: preloadSeconds, unit: "s" },
      {
        name: "lots written off beside redemptions",
        value: doneEarly / secondsOf(early),
        unit: "/s",
      },
      { name: "all written off after", value: seconds, unit: "s" },
      { name: "p50 later than without", value: later(busy, calm, 0.5), unit: "ms" },
      { name: "p99 later than without", value: later(busy, calm, 0.99), unit: "ms", atMost: 50 },
    ]),
  ];
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

/** Answers the moment at which all of them lapse. */
async function furnishLots(stage: Stage, site: Site, lots: number): Promise<number> {
  const membership = Math.max(1, Math.ceil(lots / LOTS_PER_MEMBER));
  const size = Math.min(MEMBERS_PER_GRANT, membership);
  const startedMs = performance.now();
  for (let at = 0; at < CALIBRATION_GRANTS; at += 1) {
    const ids = Array.from({ length: size }, (_, offset) => `other-${at}-${offset}`);
    await site.api.grantMany(ids, 1, `calibration-${at}`);
  }
  const perLotMs = (performance.now() - startedMs) / (CALIBRATION_GRANTS * size);
  const preloadMs = Math.ceil(lots * perLotMs * SLACK) + SLACK_MS;
  const calmMs = stage.settings.number("seconds") * 1_000 + SLACK_MS;
  const lapsesAtMs = Date.now() + preloadMs + calmMs;
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
    await site.api.grantMany(ids, LOT_POINTS, `lot-${round}-${at}`, lapsesAtMs);
    done += length;
    stage.tell(`expiry: ${done} of ${lots} lots`);
  });
  if (Date.now() + calmMs > lapsesAtMs) throw new Error("the machine slowed down; run it again");
  return lapsesAtMs;
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
    const { expired } = await readExpired(site);
    const seconds = (Date.now() - lapsesAtMs) / 1_000;
    if (expired === points) return { seconds, breaches: [] };
    const told = `${expired} of ${points} points are written off`;
    stage.tell(`expiry: ${told}`);
    if (expired > points || performance.now() > deadlineMs) return { seconds, breaches: [told] };
    await sleep(ASK_EVERY_MS);
  }
}

async function readExpired(site: Site): Promise<Expired> {
  const rows = await site.api.shallowAudit();
  const figures = rows.find(({ name }) => name === "I4_points_conserved")?.figures ?? {};
  return { expired: Number(figures["expired"]), inLots: Number(figures["inLots"]) };
}
