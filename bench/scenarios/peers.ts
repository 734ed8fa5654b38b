/** What an engineer would build instead, on the same machine in the same rounds: Redis and PostgreSQL behind Node. */
import type { Figures } from "../load/scenario.ts";
import type { Peer, PeerOptions, PeerStart } from "../peers/peer.ts";
import { startPostgresPeer } from "../peers/postgres/index.ts";
import { startRedisPeer } from "../peers/redis/index.ts";
import { runPeerDoor } from "../peers/scenario-door.ts";
import { runPeerRedemptions } from "../peers/scenario.ts";
import type { Stage } from "./stage.ts";

export interface PeerPlan {
  readonly name: string;
  readonly start: (options: PeerOptions) => Promise<PeerStart>;
  readonly options: PeerOptions;
}

const REDIS: PeerPlan = { name: "redis", start: startRedisPeer, options: {} };
const POSTGRES: PeerPlan = { name: "postgres", start: startPostgresPeer, options: {} };
const BATCHED: PeerPlan = {
  ...{ name: "postgres-batched", start: startPostgresPeer },
  options: { isBatched: true },
};

interface Turn {
  readonly plan: PeerPlan;
  readonly what: string;
  readonly run: (peer: Peer, stage: Stage) => Promise<Figures>;
}

const redemptions = (peer: Peer, stage: Stage): Promise<Figures> => {
  const { settings, members } = stage;
  const load = { count: settings.number("requests"), connections: settings.number("connections") };
  return runPeerRedemptions(peer, { ...load, members: members.length });
};
const takes = (peer: Peer, stage: Stage): Promise<Figures> => {
  const { settings, members } = stage;
  const load = { count: settings.number("requests"), connections: settings.number("connections") };
  return runPeerRedemptions(peer, { ...load, members: members.length, variant: "take" });
};
const door = (peer: Peer, stage: Stage): Promise<Figures> =>
  runPeerDoor(peer, { sockets: stage.settings.number("sockets") });

const TURNS: readonly Turn[] = [
  { plan: REDIS, what: "redemption", run: redemptions },
  { plan: POSTGRES, what: "redemption", run: redemptions },
  { plan: BATCHED, what: "redemption", run: redemptions },
  { plan: REDIS, what: "take", run: takes },
  { plan: REDIS, what: "door", run: door },
  { plan: BATCHED, what: "door", run: door },
];

/** A peer that is not installed is left out, and the line that would install it is printed. */
export async function runPeers(stage: Stage): Promise<readonly Figures[]> {
  const turns = stage.round % 2 === 1 ? TURNS : [...TURNS].reverse();
  const figures: Figures[] = [];
  for (const { plan, what, run } of turns) {
    const peer = await stage.peer(plan);
    if (!peer) continue;
    stage.tell(`${plan.name}: ${what}`);
    figures.push(await run(peer, stage));
  }
  return figures;
}
