/** First touch: every object is asleep after a restart, and somebody redeems. */
import type { DriveJob } from "../load/jobs.ts";
import { untilQuiet, type Figures } from "../load/scenario.ts";
import { figuresOfDrive } from "./figures.ts";
import {
  newSales,
  observed,
  orderPrefix,
  progressOf,
  refOf,
  soldExactly,
  unexpected,
  type Stage,
} from "./stage.ts";

/** Two redemptions of every SKU after a restart: the first wakes its Sku, the second finds it awake. */
export async function runCold(stage: Stage): Promise<Figures[]> {
  const { settings, site, generator, crew } = stage;
  const skus = settings.number("skus");
  const wish = { name: "cold", units: skus * 2, limitPerMember: skus * 2 };
  const sales = await newSales(stage, wish, skus);
  const saleIds = sales.map(({ saleId }) => saleId);
  // What the set-up left to settle belongs to no first touch.
  await untilQuiet(site.api);
  stage.tell("cold: restart");
  const restartedMs = performance.now();
  await site.restart();
  const restartMs = performance.now() - restartedMs;
  const job = (from: number): DriveJob => ({
    origin: site.product.origin,
    requests: {
      ...{ kind: "redeem", crew, sales: sales.map(refOf) },
      ...{ orderPrefix: orderPrefix(stage, "cold"), from },
    },
    count: skus,
    connections: settings.number("connections"),
    serverPids: site.product.serverPids,
  });
  const first = await observed(stage, [], () =>
    generator.run("drive", job(0), progressOf(stage, "cold: first touch")),
  );
  const second = await observed(stage, [], () =>
    generator.run("drive", job(skus), progressOf(stage, "cold: second touch")),
  );
  const seen = first.report.created.length + second.report.created.length;
  const sold = await soldExactly(site.api, saleIds, skus * 2, seen);
  const notes = [{ name: "restart until it listens", value: restartMs, unit: "ms" }];
  const results = [
    figuresOfDrive("cold", first.report, {
      series: first.series,
      breaches: [...unexpected(first.report, [201]), ...sold],
      notes,
    }),
    figuresOfDrive("cold-again", second.report, {
      series: second.series,
      breaches: unexpected(second.report, [201]),
    }),
  ];
  // Few requests by few connections: how long one takes is the figure, not how many are done.
  return results.map((figures) => ({ ...figures, perSecond: Number.NaN }));
}
