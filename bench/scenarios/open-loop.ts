/** A fixed arrival rate: what members wait whose taps do not wait for the server. */
import { Histogram } from "../load/histogram.ts";
import type { Figures } from "../load/scenario.ts";
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

/** What the product lets one sale have. */
const UNITS_MAX = 10_000_000;

export async function runOpenLoop(stage: Stage): Promise<Figures> {
  const { settings, site, generator, members, crew } = stage;
  const ratePerSecond = settings.number("rate");
  const seconds = settings.number("seconds");
  // Arrivals of a crowd scatter around their mean, so a few more than rate × seconds may come.
  const units = Math.min(UNITS_MAX, ratePerSecond * seconds * 2);
  const limitPerMember = Math.ceil(units / members.length) + 1;
  const sale = await newSale(stage, { name: "open-loop", units, limitPerMember });
  const { report, series, breaches } = await observed(stage, [sale.saleId], () =>
    generator.run(
      "openLoop",
      {
        ...{ origin: site.product.origin, serverPids: site.product.serverPids, crew },
        ...{ sale: refOf(sale), orderPrefix: orderPrefix(stage, "open") },
        ...{ ratePerSecond, seconds, connections: settings.number("connections") },
        arrivals: settings.choice("arrivals") === "even" ? "even" : "poisson",
        seed: stage.round,
      },
      progressOf(stage, "open-loop: arrivals"),
    ),
  );
  const granted = report.statuses["201"] ?? 0;
  const sold = await soldExactly(site.api, [sale.saleId], granted, granted);
  if (report.unanswered > 0) breaches.push(`${report.unanswered} requests were never answered`);
  const fromSent = Histogram.fromJSON(report.fromSent);
  const lateness = Histogram.fromJSON(report.lateness);
  return {
    name: "open-loop",
    perSecond: (granted / report.elapsedMs) * 1_000,
    latenciesMs: new Float64Array(),
    histogram: Histogram.fromJSON(report.fromIntended),
    generatorCpu: report.cpu.generator,
    serverCpu: report.cpu.server,
    series,
    breaches: [...unexpected(report, [201]), ...breaches, ...sold],
    notes: [
      { name: "arrivals wanted", value: ratePerSecond, unit: "/s" },
      { name: "p99 from the socket write", value: fromSent.percentile(0.99), unit: "ms" },
      { name: "generator late, p99", value: lateness.percentile(0.99), unit: "ms" },
    ],
  };
}
