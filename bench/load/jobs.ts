/** What a load generator can be told to do, and what it answers. Plain data: it crosses a process boundary. */
import type { Member } from "./api.ts";
import type { HistogramJson } from "./histogram.ts";

/** Processor shares of one core while the job was timed. */
export interface Cpu {
  readonly generator: number;
  readonly server: number;
}

export interface SaleRef {
  readonly saleId: string;
  readonly epoch: number;
}

/** Members that later jobs name by `crew`. */
export interface CrewJob {
  readonly crew: string;
  readonly members: readonly Member[];
}

export type Requests =
  | { readonly kind: "get"; readonly paths: readonly string[] }
  | {
      readonly kind: "redeem";
      readonly crew: string;
      /** Request `at` goes to sale `at mod n`. */
      readonly sales: readonly SaleRef[];
      readonly orderPrefix: string;
      /** Numbers of the first order id and member. */
      readonly from: number;
      /** Which members of the crew, in this order; left out: all of them. */
      readonly members?: readonly number[];
    }
  | {
      readonly kind: "cancel";
      readonly crew: string;
      readonly orders: readonly { readonly member: number; readonly orderId: string }[];
    };

/** A closed loop: every connection sends its next request when the last is answered. */
export interface DriveJob {
  readonly origin: string;
  readonly requests: Requests;
  /** Requests in all; with `seconds` the bound. */
  readonly count: number;
  readonly connections: number;
  /** Sends nothing new after that long. */
  readonly seconds?: number;
  readonly serverPids: readonly number[];
}

export interface Timed {
  /** Epoch milliseconds of the first request or grab. */
  readonly startedAtMs: number;
  readonly elapsedMs: number;
  readonly cpu: Cpu;
  /** Completions in buckets of `TIMELINE_EVERY_MS`. */
  readonly timeline: readonly number[];
}

export interface DriveReport extends Timed {
  /** Requests that were sent, each answered or failed. */
  readonly count: number;
  readonly failures: number;
  readonly perSecond: number;
  /** `packFloats`, by request. */
  readonly latencies: string;
  readonly statuses: Readonly<Record<string, number>>;
  /** Refusals by the code of their problem. */
  readonly codes: Readonly<Record<string, number>>;
  /** Numbers of the requests that were answered 201. */
  readonly created: readonly number[];
}

/** An open loop: requests leave at moments fixed beforehand, whatever the answers do. */
export interface OpenLoopJob {
  readonly origin: string;
  readonly crew: string;
  readonly sale: SaleRef;
  readonly orderPrefix: string;
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly connections: number;
  readonly arrivals: "even" | "poisson";
  readonly seed: number;
  readonly serverPids: readonly number[];
}

export interface OpenLoopReport extends Timed {
  readonly count: number;
  readonly failures: number;
  readonly unanswered: number;
  readonly statuses: Readonly<Record<string, number>>;
  /** From the moment a request was due to its answer. */
  readonly fromIntended: HistogramJson;
  /** From the moment it was written to the socket: what a closed loop would have called the latency. */
  readonly fromSent: HistogramJson;
  /** How late the generator's own timer was, whether or not a connection was free. */
  readonly lateness: HistogramJson;
}

/** Members with a ticket and an open door each. */
export interface GatherJob {
  readonly origin: string;
  readonly crew: string;
  /** Socket `at` stands at the door of sale `at mod n`. */
  readonly sales: readonly SaleRef[];
  readonly orderPrefix: string;
  readonly sockets: number;
}

export interface GrabJob {
  /** `all`: every socket once, at once. `one by one`: the next after the verdict. `again`: every socket `times` times. */
  readonly mode: "all" | "one by one" | "again";
  readonly times?: number;
  /** Epoch milliseconds before which nobody grabs. */
  readonly notBeforeMs: number;
  readonly serverPids: readonly number[];
}

export interface GrabReport extends Timed {
  readonly granted: number;
  /** Verdicts by outcome, or by code where refused. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly latencies: string;
  readonly breaches: readonly string[];
}

/** Hold, take and settle through the doors for a time: every lane takes a ticket, presents it, grabs, and begins anew. */
export interface LanesJob {
  readonly origin: string;
  readonly crew: string;
  readonly sale: SaleRef;
  readonly orderPrefix: string;
  readonly lanes: number;
  readonly seconds: number;
  readonly countMax: number;
  readonly serverPids: readonly number[];
}

export interface LanesReport extends Timed {
  readonly granted: number;
  readonly latencies: string;
  readonly breaches: readonly string[];
}

export interface Jobs {
  readonly crew: { readonly job: CrewJob; readonly report: { readonly members: number } };
  readonly drive: { readonly job: DriveJob; readonly report: DriveReport };
  readonly openLoop: { readonly job: OpenLoopJob; readonly report: OpenLoopReport };
  readonly gather: { readonly job: GatherJob; readonly report: { readonly sockets: number } };
  readonly grab: { readonly job: GrabJob; readonly report: GrabReport };
  readonly leave: { readonly job: object; readonly report: object };
  readonly lanes: { readonly job: LanesJob; readonly report: LanesReport };
}

export type JobKind = keyof Jobs;

export interface Command {
  readonly id: number;
  readonly kind: JobKind;
  readonly job: unknown;
}

export type Said =
  | { readonly say: "ready"; readonly pid: number }
  | { readonly say: "progress"; readonly id: number; readonly done: number; readonly of: number }
  | { readonly say: "done"; readonly id: number; readonly report: unknown }
  | { readonly say: "failed"; readonly id: number; readonly reason: string };

/** Order ids of a run: 16 to 40 characters, unique by prefix and number. */
export function orderIdAt(prefix: string, at: number): string {
  return `${prefix}-${String(at).padStart(7, "0")}`;
}
