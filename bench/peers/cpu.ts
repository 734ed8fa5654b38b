/** Processor time of whole process trees: a database works in children that come and go. */
import { readdirSync, readFileSync } from "node:fs";
import type { Peer } from "./peer.ts";

const TICKS_PER_SECOND = 100;

interface Stat {
  readonly parent: number;
  /** Of the process itself. */
  readonly ticks: number;
  /** Of children that ended and were waited for. */
  readonly endedTicks: number;
}

function statOf(pid: string): Stat | null {
  try {
    // The name stands in brackets and may hold spaces; the fields begin after it.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [, parent, ...rest] = fields;
    const at = (field: number): number => Number(rest[field]);
    return { parent: Number(parent), ticks: at(9) + at(10), endedTicks: at(11) + at(12) };
  } catch {
    return null;
  }
}

/** Seconds this process and its direct children have used, the ended ones too; NaN where /proc does not say. */
export function treeSeconds(pid: number): number {
  const own = statOf(String(pid));
  if (!own) return Number.NaN;
  let ticks = own.ticks + own.endedTicks;
  for (const name of readdirSync("/proc")) {
    const stat = /^\d+$/.test(name) ? statOf(name) : null;
    if (stat?.parent === pid) ticks += stat.ticks;
  }
  return ticks / TICKS_PER_SECOND;
}

/** Shares of one core between two moments. */
export interface PeerCpu {
  readonly generatorCpu: number;
  /** Node and the database together. */
  readonly serverCpu: number;
  readonly nodeCpu: number;
  readonly databaseCpu: number;
}

export class PeerCpuMeter {
  readonly #peer: Peer;
  readonly #own = process.cpuUsage();
  readonly #node: number;
  readonly #database: number;
  readonly #startedMs = performance.now();

  constructor(peer: Peer) {
    this.#peer = peer;
    this.#database = treeSeconds(peer.databasePid);
    this.#node = nodeSeconds(peer.nodePid);
  }

  read(): PeerCpu {
    const seconds = (performance.now() - this.#startedMs) / 1_000;
    const own = process.cpuUsage(this.#own);
    const nodeCpu = (nodeSeconds(this.#peer.nodePid) - this.#node) / seconds;
    const databaseCpu = (treeSeconds(this.#peer.databasePid) - this.#database) / seconds;
    return {
      generatorCpu: (own.user + own.system) / 1e6 / seconds,
      serverCpu: nodeCpu + databaseCpu,
      nodeCpu,
      databaseCpu,
    };
  }
}

/** The database is a child of the Node process, and no part of this figure. */
function nodeSeconds(pid: number): number {
  const stat = statOf(String(pid));
  return stat ? stat.ticks / TICKS_PER_SECOND : Number.NaN;
}
