import type { Figures } from "../load/scenario.ts";
import { figuresOfDrive } from "./figures.ts";
import { observed, progressOf, unexpected, type Stage } from "./stage.ts";

/** Found by trial on two cores; more connections add waiting, fewer leave the server idle. */
const CONNECTIONS = 64;

/** The runtime's own hello-world through the same client, from a runtime of its own: the measure of the machine. */
export async function runHello(stage: Stage, requests: number): Promise<Figures> {
  const { helloOrigin, helloPids } = stage.site.product;
  if (helloOrigin === null) throw new Error("no hello-world is served");
  const { report, series } = await observed(stage, [], () =>
    stage.generator.run(
      "drive",
      {
        origin: helloOrigin,
        requests: { kind: "get", paths: ["/"] },
        count: requests,
        connections: CONNECTIONS,
        serverPids: helloPids,
      },
      progressOf(stage, "hello"),
    ),
  );
  // The processor chart would show the idle product.
  const throughput = series.filter(({ chart }) => chart === "throughput");
  return figuresOfDrive("hello", report, {
    series: throughput,
    breaches: unexpected(report, [200]),
  });
}
