/** How often a second this disk makes an append durable: what every commit of the product waits for. */
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { cpuSecondsOfThis, type Figures } from "./scenario.ts";

const BLOCK = Buffer.alloc(4_096, 1);
const MEASURED_MS = 400;
const WRITES_MAX = 100_000;

/** One 4 KB append and one fsync after the other, in a file beside the product's. */
export function runFsync(dataDir: string): Figures {
  const path = join(dataDir, "fsync-calibration");
  const file = openSync(path, "w");
  const latencies: number[] = [];
  const cpu = cpuSecondsOfThis();
  const startedMs = performance.now();
  let nowMs = startedMs;
  try {
    while (nowMs - startedMs < MEASURED_MS && latencies.length < WRITES_MAX) {
      writeSync(file, BLOCK);
      fsyncSync(file);
      const doneMs = performance.now();
      latencies.push(doneMs - nowMs);
      nowMs = doneMs;
    }
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
  const seconds = (nowMs - startedMs) / 1_000;
  return {
    name: "fsync",
    perSecond: latencies.length / seconds,
    latenciesMs: Float64Array.from(latencies),
    generatorCpu: (cpuSecondsOfThis() - cpu) / seconds,
    serverCpu: Number.NaN,
    breaches: [],
  };
}
