/** One run of the model: a crowd, the objects, the rush, what came of it. Same parameters and seed, same result. */
import { Random } from "../load/random.ts";
import { AccountObject } from "./account-object.ts";
import { Crowd } from "./crowd.ts";
import { GateObject } from "./gate-object.ts";
import { makeHolds, type Holds } from "./holds.ts";
import { outcomeOf, type ScaleResult } from "./outcome.ts";
import type { Parameters } from "./parameters.ts";
import { Projection } from "./projection.ts";
import { SkuObject } from "./sku-object.ts";
import { Workers } from "./workers.ts";
import { World } from "./world.ts";

export interface Run {
  readonly p: Parameters;
  readonly seed: number;
  /** So many clients, each with its next tap when it has heard of the last; absent: everybody by the curve. */
  readonly closedLoop?: number;
}

export interface Objects {
  readonly skus: readonly SkuObject[];
  readonly gates: readonly GateObject[];
  readonly accounts: readonly AccountObject[];
  readonly projection: Projection;
}

export function simulate(run: Run): ScaleResult {
  const startedMs = performance.now();
  const { p } = run;
  const random = new Random(run.seed);
  const crowd = new Crowd(p, random.fork());
  const world = new World(p, crowd, random.fork());
  const holds = makeHolds(p, crowd, random.fork(), world.tally);
  const objects = makeObjects(world);
  seatSockets(crowd, p, objects.gates);
  const workers = new Workers(world, objects.accounts);
  world.tally.requests.Worker += crowd.size * p.pageRequests;
  const tap = (id: number): void => {
    if (crowd.hasVerdict(id)) return;
    const door = crowd.door[id] ?? -1;
    if (door < 0) workers.redeem(id);
    else objects.gates[(crowd.sku[id] ?? 0) * p.doors + door]?.grab(id);
  };
  for (const account of objects.accounts) account.followUp();
  if (run.closedLoop === undefined) {
    const { ids, timesMs } = crowd.arrivals();
    world.engine.run({ timesMs, arrive: (at) => tap(ids[at] ?? 0) });
  } else {
    runClosedLoop(world, run.closedLoop, tap);
  }
  world.close();
  return outcomeOf(run, { world, objects, holds }, performance.now() - startedMs);
}

function makeObjects(world: World): Objects {
  const { p, crowd, engine } = world;
  const groups = crowd.byBucket(p);
  const projection = new Projection(world);
  const accounts: AccountObject[] = Array.from(
    { length: p.buckets },
    (_, bucket) =>
      new AccountObject(world, bucket, {
        sku: (sku) => skus[sku] as SkuObject,
        project: (from, rows, since, done) => projection.project(from, rows, since, done),
        holdsOf: (of, sku) => {
          const group = sku * p.buckets + of;
          return groups.ids.subarray(groups.starts[group], groups.starts[group + 1]);
        },
      }),
  );
  const settle =
    (isGranted: boolean) =>
    (bucket: number, ids: readonly number[], done: () => void): void =>
      accounts[bucket]?.settle(ids, isGranted, done);
  const isDoorUsed = p.doorShare > 0;
  const gates = Array.from(
    { length: isDoorUsed ? p.skus * p.doors : 0 },
    (_, at) =>
      new GateObject(world, () => skus[Math.floor(at / p.doors)] as SkuObject, settle(false)),
  );
  const skus: SkuObject[] = Array.from({ length: p.skus }, (_, sku) => {
    const doors = isDoorUsed ? Array.from({ length: p.doors }, (__, door) => door) : [];
    return new SkuObject(world, doors, {
      settle: settle(true),
      push: (door, isFrozen, done) => {
        const gate = gates[sku * p.doors + door];
        if (!gate) return engine.after(0, done);
        world.call(
          "Gate",
          gate.thread,
          (respond) => {
            gate.learn(isFrozen);
            respond();
          },
          done,
        );
      },
    });
  });
  return { skus, gates, accounts, projection };
}

function seatSockets(crowd: Crowd, p: Parameters, gates: readonly GateObject[]): void {
  for (let id = 0; id < crowd.size; id += 1) {
    const door = crowd.door[id] ?? -1;
    const gate = gates[(crowd.sku[id] ?? 0) * p.doors + door];
    if (door >= 0 && gate && !crowd.hasVerdict(id)) gate.sockets += 1;
  }
}

/** As a load generator does it: latency is counted from the moment a client sends. */
function runClosedLoop(world: World, clients: number, tap: (id: number) => void): void {
  const { crowd, engine } = world;
  let next = 0;
  const send = (): void => {
    if (next >= crowd.size) return;
    const id = next;
    next += 1;
    crowd.tapMs[id] = engine.nowMs;
    tap(id);
  };
  world.onVerdict = (_id, atMs) => engine.at(atMs, send);
  for (let client = 0; client < clients; client += 1) engine.at(0, send);
  engine.run();
}

export type Stage = { readonly world: World; readonly objects: Objects; readonly holds: Holds };
