/** Hold, take and post for a time, all durable: over when the last order is posted, with D1's lag on the way. */
import { sleep, type ProductApi } from "../load/api.ts";
import type { LanesReport, SaleRef } from "../load/jobs.ts";
import { LagWatch } from "../load/observe.ts";
import { untilQuiet, type Figures } from "../load/scenario.ts";
import { figuresOfGrabs } from "./figures.ts";
import {
  newSale,
  observed,
  orderPrefix,
  progressOf,
  refOf,
  soldExactly,
  unexpected,
  type Stage,
} from "./stage.ts";

/** More than one machine redeems, so that the sale never ends before the time does. */
const UNITS_PER_SECOND = 30_000;
const POSTED_PATIENCE_MS = 60_000;
const ASK_EVERY_MS = 20;

export async function runSustained(stage: Stage): Promise<Figures> {
  const { settings, site, members } = stage;
  const units = settings.number("seconds") * UNITS_PER_SECOND;
  const limitPerMember = Math.ceil(units / members.length);
  const sale = await newSale(stage, { name: "sustained", units, limitPerMember });
  const lag = new LagWatch(site.api);
  try {
    const seen = await observed(stage, [sale.saleId], () => load(stage, refOf(sale), units));
    const { report } = seen;
    const postedAtMs = await untilPosted(site.api, lag);
    stage.tell("sustained: D1 catches up");
    await untilQuiet(site.api);
    const mirroredAtMs = performance.timeOrigin + performance.now();
    const sold = await soldExactly(site.api, [sale.saleId], report.granted, report.granted);
    const elapsedMs = postedAtMs - report.startedAtMs;
    const loadEndedAtMs = report.startedAtMs + report.elapsedMs;
    return figuresOfGrabs("sustained", { ...report, elapsedMs }, report.granted, {
      series: [...seen.series, ...lag.series(report.startedAtMs)],
      breaches: [...seen.breaches, ...sold],
      notes: [
        { name: "posted after the last answer", value: postedAtMs - loadEndedAtMs, unit: "ms" },
        { name: "in D1 after the last answer", value: mirroredAtMs - loadEndedAtMs, unit: "ms" },
        { name: "D1 lag at worst", value: lag.worstMs, unit: "ms" },
        { name: "rows waiting for D1 at most", value: lag.mostWaiting, unit: "rows" },
      ],
    });
  } finally {
    await lag.stop();
  }
}

/** One call by HTTP, or a ticket by HTTP and a grab at the door; in a closed loop until the time is over. */
async function load(stage: Stage, sale: SaleRef, countMax: number): Promise<LanesReport> {
  const { settings, site, generator, crew } = stage;
  const { origin, serverPids } = site.product;
  const seconds = settings.number("seconds");
  const connections = settings.number("connections");
  const prefix = orderPrefix(stage, "sus");
  const onProgress = progressOf(stage, "sustained: redemptions");
  if (settings.choice("via") === "door") {
    return generator.run(
      "lanes",
      {
        ...{ origin, serverPids, crew, sale, seconds, countMax },
        ...{ orderPrefix: prefix, lanes: connections },
      },
      onProgress,
    );
  }
  const report = await generator.run(
    "drive",
    {
      ...{ origin, serverPids, connections, seconds, count: countMax },
      requests: { kind: "redeem", crew, sales: [sale], orderPrefix: prefix, from: 0 },
    },
    onProgress,
  );
  return { ...report, granted: report.created.length, breaches: unexpected(report, [201]) };
}

/** The moment at which no grant waited for its order to be posted any more, to the length of one audit. */
async function untilPosted(api: ProductApi, lag: LagWatch): Promise<number> {
  const deadlineMs = performance.now() + POSTED_PATIENCE_MS;
  for (;;) {
    const rows = await api.shallowAudit();
    lag.note(rows);
    const row = rows.find(({ name }) => name === "I5_granted_is_posted");
    const isPosted = row?.inFlight === 0 && row.figures["difference"] === 0;
    if (isPosted) return performance.timeOrigin + performance.now();
    if (performance.now() > deadlineMs) throw new Error("grants were not posted in time");
    await sleep(ASK_EVERY_MS);
  }
}
