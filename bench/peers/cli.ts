/** `node bench/peers/cli.ts redis|postgres`: one peer by hand. */
import { optionsOf } from "../../worker/local/options.ts";
import { median, percentile } from "../load/stats.ts";
import type { Peer, PeerOptions, PeerStart } from "./peer.ts";
import { startPostgresPeer } from "./postgres/index.ts";
import { startRedisPeer } from "./redis/index.ts";
import { runPeerDoor } from "./scenario-door.ts";
import { runPeerRedemptions, type PeerFigures } from "./scenario.ts";

const HELP = `node bench/peers/cli.ts redis|postgres [options]

Starts the peer on free loopback ports with its data in a temporary directory, redeems at it, audits what it stored,
and stops it. A run that fails its audit prints no throughput and exits 1.

Options
  --variant V        redemption (default), take (points held before) or door (take over WebSocket)
  --members N        1 to 20000 (default 5000)
  --units N          units of the sale, and orders unless said otherwise; 1 to 200000 (default 10000)
  --orders N         orders; more than units end as sold_out; 1 to 200000
  --connections N    HTTP connections, 1 to 2000 (default 256)
  --pool N           connections of Node to the database, 1 to 200 (default 8; Redis always has one)
  --batched          PostgreSQL only: redemptions that wait for each other share one transaction
  --rounds N         rounds in the same data, 1 to 20 (default 3); the first warms up
  --serve            start, say where, and wait for Ctrl-C
  --help             this text
`;

const STARTS: Readonly<Record<string, (options: PeerOptions) => Promise<PeerStart>>> = {
  redis: startRedisPeer,
  postgres: startPostgresPeer,
};
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Something to tell the person, not a bug. */
class Trouble extends Error {}

function numberIn(text: string | undefined, name: string, high: number, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > high)
    throw new Trouble(`--${name} takes 1 to ${high}`);
  return value;
}

interface Options {
  readonly start: (options: PeerOptions) => Promise<PeerStart>;
  readonly peer: PeerOptions;
  readonly variant: "redemption" | "take" | "door";
  readonly members: number;
  readonly units: number;
  readonly orders: number;
  readonly connections: number;
  readonly rounds: number;
  readonly isServing: boolean;
}

function readOptions(): Options | null {
  const text = { type: "string" } as const;
  const { values, positionals } = optionsOf("node bench/peers/cli.ts --help", {
    allowPositionals: true,
    options: {
      ...{ variant: text, members: text, units: text, orders: text, connections: text },
      ...{ pool: text, rounds: text },
      batched: { type: "boolean", default: false },
      serve: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || positionals.length === 0) return null;
  const start = STARTS[positionals[0] ?? ""];
  if (!start || positionals.length > 1) throw new Trouble("name one peer: redis or postgres");
  const { variant = "redemption" } = values;
  if (variant !== "redemption" && variant !== "take" && variant !== "door")
    throw new Trouble("--variant takes redemption, take or door");
  const units = numberIn(values.units, "units", 200_000, 10_000);
  const pool = numberIn(values.pool, "pool", 200, 0);
  return {
    start,
    peer: { onLog: say, isBatched: values.batched, ...(pool === 0 ? {} : { connections: pool }) },
    variant,
    units,
    orders: numberIn(values.orders, "orders", 200_000, units),
    members: numberIn(values.members, "members", 20_000, 5_000),
    connections: numberIn(values.connections, "connections", 2_000, 256),
    rounds: numberIn(values.rounds, "rounds", 20, 3),
    isServing: values.serve,
  };
}

function runOnce(peer: Peer, options: Options): Promise<PeerFigures> {
  const { variant, units, orders: count, connections, members } = options;
  if (variant === "door") return runPeerDoor(peer, { sockets: Math.min(count, members), units });
  return runPeerRedemptions(peer, { count, connections, members, units, variant });
}

function toText(figures: PeerFigures): string {
  const { perSecond, latenciesMs, generatorCpu, nodeCpu, databaseCpu } = figures;
  const ms = (share: number): string => percentile(latenciesMs, share).toFixed(1);
  const cpu = [generatorCpu, nodeCpu, databaseCpu].map((one) => `${Math.round(one * 100)} %`);
  return `${figures.name}: ${Math.round(perSecond)}/s, p50 ${ms(0.5)} ms, p99 ${ms(0.99)} ms, CPU generator ${cpu[0]}, Node ${cpu[1]}, database ${cpu[2]}`;
}

async function runRounds(peer: Peer, options: Options): Promise<number> {
  const rates: number[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const figures = await runOnce(peer, options);
    if (figures.breaches.length > 0) {
      say(`THE AUDIT FAILED, so there are no figures:\n  ${figures.breaches.join("\n  ")}`);
      return 1;
    }
    rates.push(figures.perSecond);
    say(`round ${round}: ${toText(figures)}`);
  }
  process.stdout.write(`median ${Math.round(median(rates))}/s, audit passed\n`);
  return 0;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (!options) {
    process.stdout.write(HELP);
    return 0;
  }
  const started = await options.start(options.peer);
  if (!started.ok) {
    say(started.reason);
    if (started.install !== null) say(started.install);
    return 2;
  }
  const { peer } = started;
  try {
    const versions = Object.entries(peer.versions).map((pair) => pair.join(" "));
    say(`${versions.join(", ")}\n${peer.origin}`);
    if (!options.isServing) return await runRounds(peer, options);
    const [member] = await peer.members(1);
    say(`a member's session: ${member?.token}\nCtrl-C ends it`);
    await new Promise((resolve) => process.once("SIGINT", resolve));
    return 0;
  } finally {
    await peer.stop();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  say(error instanceof Trouble ? error.message : String(error));
  process.exitCode = 1;
}
