/**
 * The minutes before T0: every member's ticket is one call and one commit of its bucket, and a socket. Buckets do not
 * touch each other then, so each is a queue of its own, walked arrival by arrival without a heap.
 */
import type { Random } from "../load/random.ts";
import { HOLD, type Crowd } from "./crowd.ts";
import type { Parameters } from "./parameters.ts";
import type { Tally } from "./world.ts";

export interface Holds {
  /** Tap on "take a ticket" to ticket in hand. */
  readonly latenciesMs: Float64Array;
  readonly commits: number;
  /** Members whose door had no room. */
  readonly turnedAway: number;
}

interface Bucket {
  /** When the commit under way, or the last one, ends. */
  endsAtMs: number;
  /** Members who came meanwhile and share the next one. */
  waiting: number[];
}

export function makeHolds(p: Parameters, crowd: Crowd, random: Random, tally: Tally): Holds {
  const members = atDoors(p, crowd, tally);
  const arrivesMs = Float64Array.from(members.ids, () => random.next() * p.ticketWindowMs).sort();
  const latenciesMs = new Float64Array(members.ids.length);
  const buckets = Array.from({ length: p.buckets }, (): Bucket => ({
    endsAtMs: Number.NEGATIVE_INFINITY,
    waiting: [],
  }));
  let commits = 0;
  const commit = (bucket: Bucket, startsAtMs: number): void => {
    commits += 1;
    const costMs = bucket.waiting.length * (p.callMs + p.accountHoldMs) + p.commitThreadMs;
    bucket.endsAtMs = startsAtMs + costMs;
    for (const at of bucket.waiting) {
      const id = members.ids[at] ?? 0;
      const waitMs = bucket.endsAtMs + p.commitLatencyMs - (arrivesMs[at] ?? 0);
      latenciesMs[at] = waitMs + p.requestMs + p.hopRttMs + 2 * (crowd.oneWayMs[id] ?? 0);
    }
    bucket.waiting = [];
  };
  for (let at = 0; at < members.ids.length; at += 1) {
    const id = members.ids[at] ?? 0;
    const nowMs = arrivesMs[at] ?? 0;
    const bucket = buckets[crowd.bucket[id] ?? 0] as Bucket;
    if (bucket.waiting.length > 0 && bucket.endsAtMs <= nowMs) commit(bucket, bucket.endsAtMs);
    bucket.waiting.push(at);
    if (bucket.endsAtMs <= nowMs) commit(bucket, nowMs);
    crowd.hold[id] = HOLD.pending;
  }
  for (const bucket of buckets) if (bucket.waiting.length > 0) commit(bucket, bucket.endsAtMs);
  count(p, members.ids.length, commits, tally);
  return { latenciesMs, commits, turnedAway: members.turnedAway };
}

/** Everybody with a ticket, and who of them found no room for a socket. */
function atDoors(p: Parameters, crowd: Crowd, tally: Tally): { ids: number[]; turnedAway: number } {
  const sockets = new Uint32Array(p.doors * p.skus);
  const ids: number[] = [];
  let turnedAway = 0;
  for (let id = 0; id < crowd.size; id += 1) {
    const door = crowd.door[id] ?? -1;
    if (door < 0) continue;
    ids.push(id);
    const at = (crowd.sku[id] ?? 0) * p.doors + door;
    const here = sockets[at] ?? 0;
    tally.requests.Worker += 2;
    tally.requests.Gate += 1;
    if (here >= p.doorSocketsMax) {
      turnedAway += 1;
      crowd.verdict(id, "no room at the door", Number.NaN);
    } else sockets[at] = here + 1;
  }
  return { ids, turnedAway };
}

function count(p: Parameters, holds: number, commits: number, tally: Tally): void {
  tally.requests.Account += holds;
  tally.objectRows += holds * p.holdRows + commits * p.commitRows;
  // Each Account reads the terms of a sale once.
  const touched = Math.min(p.buckets * p.skus, holds);
  tally.requests.Sku += touched;
}
