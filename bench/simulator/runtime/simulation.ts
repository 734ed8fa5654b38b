/** What every part of the simulated platform shares in one life. */
import type { Random } from "../../../worker/testing/simulation/random.ts";
import type { Faults } from "../faults.ts";
import type { Trace } from "../trace.ts";
import type { Network } from "./network.ts";
import type { ObjectHost } from "./object-host.ts";
import type { Party, Scheduler } from "./scheduler.ts";

/** Promises of the platform that a mutant breaks. The product cannot see or set them. */
export interface PlatformLaw {
  /** M11: alarms ring and cron sweeps. */
  readonly wakes: boolean;
  /** H12: nothing leaves an object before its commit. */
  readonly holdsOutput: boolean;
  /** M10, M10b: tables whose rows are written in the commit of their cause; others are lost in a crash. */
  readonly forgetsOnCrash: readonly string[];
  /** M13: methods, `Kind.method`, whose calls never arrive. */
  readonly deaf: readonly string[];
  /** F2: D1 keeps the newer version of a row. */
  readonly guardsVersions: boolean;
  /** F3: an object that wakes after a crash finds its pending holds as they were. */
  readonly restartVoids: boolean;
  /** F1: a client repeats the same order id. */
  readonly clientsKeepIds: boolean;
}

export const PLATFORM_LAW: PlatformLaw = {
  wakes: true,
  holdsOutput: true,
  forgetsOnCrash: [],
  deaf: [],
  guardsVersions: true,
  restartVoids: false,
  clientsKeepIds: true,
};

export interface Simulation {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly law: PlatformLaw;
  /** Members, staff and the stateless Worker. */
  readonly outside: Party;
  network: Network;
  /** A call is being handled, or has been; with the object's own clock. */
  readonly observe: (host: ObjectHost, method: string, args: readonly unknown[]) => void;
  /** An object's writes became durable. */
  readonly committed: (host: ObjectHost) => void;
}
