/** The doors: members hold tickets and sockets before T0 and grab at T0, on one SKU or on many. */
import type { GrabJob, GrabReport } from "../load/jobs.ts";
import type { Figures, Series } from "../load/scenario.ts";
import { figuresOfGrabs } from "./figures.ts";
import {
  newSales,
  observed,
  orderPrefix,
  progressOf,
  refOf,
  soldExactly,
  type Stage,
} from "./stage.ts";

/** Grabs follow the opening by this much, so that none comes a millisecond early. */
const AFTER_OPENING_MS = 40;
/** Time between scheduling and T0: what tickets and doors took last time, and a reserve. */
const prepareMs = new Map<string, number>();
const PREPARE_MS_FIRST = 12_000;
const MS_PER_SOCKET_FIRST = 4;

export interface CrowdWish {
  readonly name: string;
  readonly sockets: number;
  readonly skus: number;
  readonly units: number;
  /** Opens as soon as everybody may stand at the door; false: the sale is open from the start. */
  readonly isBeforeOpening: boolean;
}

export interface Gathered {
  readonly saleIds: readonly string[];
  readonly opensAtMs: number;
  readonly grab: (job: Omit<GrabJob, "notBeforeMs" | "serverPids">) => Promise<GrabReport>;
}

/** Takes tickets and opens doors for a crowd, runs `work`, and lets the crowd go. */
export async function withCrowd<R>(
  stage: Stage,
  wish: CrowdWish,
  work: (crowd: Gathered) => Promise<R>,
): Promise<R> {
  const { name, sockets, skus, units, isBeforeOpening } = wish;
  const { site, generator, members, crew } = stage;
  const key = `${name}/${sockets}/${skus}`;
  const startedMs = performance.now();
  const guessMs = Math.min(PREPARE_MS_FIRST, 1_000 + sockets * MS_PER_SOCKET_FIRST + skus * 20);
  const opensAtMs = Date.now() + (isBeforeOpening ? (prepareMs.get(key) ?? guessMs) : 0);
  const limitPerMember = Math.max(1, Math.ceil(sockets / members.length));
  const sales = await newSales(stage, { name, units, limitPerMember, opensAtMs }, skus);
  try {
    await generator.run(
      "gather",
      {
        origin: site.product.origin,
        crew,
        sales: sales.map(refOf),
        orderPrefix: orderPrefix(stage, name),
        sockets,
      },
      progressOf(stage, `${name}: tickets and doors`),
    );
    prepareMs.set(key, Math.ceil((performance.now() - startedMs) * 1.3 + 500));
    return await work({
      saleIds: sales.map(({ saleId }) => saleId),
      opensAtMs,
      grab: (job) =>
        generator.run(
          "grab",
          {
            ...job,
            notBeforeMs: opensAtMs + AFTER_OPENING_MS,
            serverPids: site.product.serverPids,
          },
          progressOf(stage, `${name}: verdicts`),
        ),
    });
  } finally {
    await generator.run("leave", {});
  }
}

/** All at once on every door; with as many units as sockets everybody is granted. */
async function rush(stage: Stage, name: string, sockets: number, skus: number): Promise<Figures> {
  const wish = { name, sockets, skus, units: sockets, isBeforeOpening: true };
  return withCrowd(stage, wish, async ({ saleIds, grab }) => {
    const { report, series, breaches } = await observed(stage, saleIds, () =>
      grab({ mode: "all" }),
    );
    const sold = await soldExactly(stage.site.api, saleIds, sockets, report.granted);
    return figuresOfGrabs(name, report, report.granted, {
      series: fromFirstGrab(series),
      breaches: [...breaches, ...sold],
    });
  });
}

/** The watching socket was there while the crowd waited for T0; charts begin a moment before it. */
function fromFirstGrab(series: readonly Series[]): Series[] {
  return series.map((one) => {
    const first = one.points.findIndex(([x]) => x >= 0);
    return first < 1 ? one : { ...one, points: one.points.slice(first - 1) };
  });
}

export const runDoor = (stage: Stage): Promise<Figures> =>
  rush(stage, "door", stage.settings.number("sockets"), 1);

export const runManySkus = (stage: Stage): Promise<Figures> =>
  rush(stage, "many-skus", stage.settings.number("sockets"), stage.settings.number("skus"));

/** One grab at a time: what a tap feels like where nothing queues. */
export async function runCalm(stage: Stage): Promise<Figures> {
  const grabs = stage.settings.number("grabs");
  const wish = { name: "calm", sockets: grabs, skus: 1, units: grabs, isBeforeOpening: false };
  return withCrowd(stage, wish, async ({ saleIds, grab }) => {
    const { report, series, breaches } = await observed(stage, saleIds, () =>
      grab({ mode: "one by one" }),
    );
    const sold = await soldExactly(stage.site.api, saleIds, grabs, report.granted);
    const extras = { series, breaches: [...breaches, ...sold] };
    return { ...figuresOfGrabs("calm", report, report.granted, extras), perSecond: Number.NaN };
  });
}

/** A door refuses from its frozen notice: the sale is sold out, and everybody grabs again and again. */
export async function runFrozen(stage: Stage): Promise<Figures> {
  const sockets = stage.settings.number("sockets");
  const times = stage.settings.number("times");
  const wish = { name: "frozen", sockets, skus: 1, units: 1, isBeforeOpening: true };
  return withCrowd(stage, wish, async ({ saleIds, grab }) => {
    // The first grabs sell the unit; when everybody has a verdict, the door has heard of the end.
    const first = await grab({ mode: "all" });
    // Once more each, so that the notice is fetched before anything is timed.
    const warm = await grab({ mode: "all" });
    const { report, series } = await observed(stage, [], () => grab({ mode: "again", times }));
    const { granted = 0, sold_out: refused = 0, ...others } = report.outcomes;
    const odd = Object.entries(others).map(([code, count]) => `${count} verdicts ${code}`);
    // The winner's grab is repeated to him as granted; everybody else is refused each time.
    if (granted !== times) odd.push(`${granted} of ${times} repeated grants`);
    if (refused !== (sockets - 1) * times) odd.push(`${refused} refusals, not one a grab`);
    const sold = await soldExactly(stage.site.api, saleIds, sockets, first.granted);
    return figuresOfGrabs("frozen", report, refused, {
      series,
      breaches: [...first.breaches, ...warm.breaches, ...odd, ...sold],
    });
  });
}
