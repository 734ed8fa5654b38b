/** Plain HTTP in a closed loop: one-call redemption, and refusals after sold-out. */
import type { Figures } from "../load/scenario.ts";
import type { DriveJob } from "../load/jobs.ts";
import { figuresOfDrive } from "./figures.ts";
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

export async function runHttp(stage: Stage): Promise<Figures> {
  const { settings, site, generator, members, crew } = stage;
  const count = settings.number("requests");
  const limitPerMember = Math.ceil(count / members.length);
  const sale = await newSale(stage, { name: "http", units: count, limitPerMember });
  const job: DriveJob = {
    origin: site.product.origin,
    requests: {
      ...{ kind: "redeem", crew, sales: [refOf(sale)] },
      ...{ orderPrefix: orderPrefix(stage, "http"), from: 0 },
    },
    count,
    connections: settings.number("connections"),
    serverPids: site.product.serverPids,
  };
  const { report, series, breaches } = await observed(stage, [sale.saleId], () =>
    generator.run("drive", job, progressOf(stage, "http: redemptions")),
  );
  const sold = await soldExactly(site.api, [sale.saleId], count, report.created.length);
  return figuresOfDrive("http", report, {
    series,
    breaches: [...unexpected(report, [201]), ...breaches, ...sold],
  });
}

/** Session, rate limit and body parsing, fresh order ids: the storm on an empty sale. */
export async function runSoldOut(stage: Stage): Promise<Figures> {
  const { settings, site, generator, crew } = stage;
  const count = settings.number("requests");
  const sale = await newSale(stage, { name: "soldout", units: 1, limitPerMember: 1 });
  const job = (from: number, requests: number, connections: number): DriveJob => ({
    origin: site.product.origin,
    requests: {
      ...{ kind: "redeem", crew, sales: [refOf(sale)] },
      ...{ orderPrefix: orderPrefix(stage, "so"), from },
    },
    count: requests,
    connections,
    serverPids: site.product.serverPids,
  });
  const first = await generator.run("drive", job(0, 1, 1));
  const { report, series } = await observed(stage, [], () =>
    generator.run(
      "drive",
      job(1, count, settings.number("connections")),
      progressOf(stage, "soldout: refusals"),
    ),
  );
  const sold = await soldExactly(site.api, [sale.saleId], count + 1, first.created.length);
  const breaches = [...unexpected(report, [409]), ...sold];
  const refusals = report.codes["sold_out"] ?? 0;
  if (refusals !== count)
    breaches.push(`${sale.saleId}: ${refusals} of ${count} were refused as sold_out`);
  return figuresOfDrive("soldout", report, { series, breaches });
}
