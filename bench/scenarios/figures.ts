/** Reports of the load generator as the figures of a scenario. */
import type { DriveReport, GrabReport, LanesReport } from "../load/jobs.ts";
import { unpackFloats } from "../load/line-protocol.ts";
import type { Figures, Note, Series } from "../load/scenario.ts";

export interface Extras {
  readonly series?: readonly Series[];
  readonly notes?: readonly Note[];
  readonly breaches: readonly string[];
}

export function figuresOfDrive(name: string, report: DriveReport, extras: Extras): Figures {
  const { perSecond, latencies, cpu } = report;
  return {
    name,
    perSecond,
    latenciesMs: unpackFloats(latencies),
    generatorCpu: cpu.generator,
    serverCpu: cpu.server,
    ...extras,
  };
}

/** `decided` verdicts in the time that the grabs took. */
export function figuresOfGrabs(
  name: string,
  report: GrabReport | LanesReport,
  decided: number,
  extras: Extras,
): Figures {
  const { elapsedMs, latencies, cpu } = report;
  return {
    name,
    perSecond: (decided / elapsedMs) * 1_000,
    latenciesMs: unpackFloats(latencies),
    generatorCpu: cpu.generator,
    serverCpu: cpu.server,
    ...extras,
    breaches: [...report.breaches, ...extras.breaches],
  };
}
