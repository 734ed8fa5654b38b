/**
 * A peer in a process group of its own: the database as a child, the HTTP server in this process. Started by
 * `startPeer`, which writes one line of orders to stdin. Ends, and removes its data, when stdin ends.
 */
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { peerApp } from "./app.ts";
import type { Desk } from "./desk.ts";
import { openDoor } from "./door.ts";
import { openBatchingDesk } from "./postgres/batches.ts";
import { createSchema } from "./postgres/books.ts";
import { startPostgres } from "./postgres/daemon.ts";
import { openPostgresDesk } from "./postgres/desk.ts";
import type { Daemon } from "./programs.ts";
import { startRedis } from "./redis/daemon.ts";
import { openRedisDesk } from "./redis/desk.ts";
import type { ServeOrder, ServeReady } from "./wire.ts";

const input = createInterface({ input: process.stdin });
const order = await new Promise<ServeOrder>((resolve) =>
  input.once("line", (line) => resolve(JSON.parse(line) as ServeOrder)),
);
// stdin may end while the database still starts.
const parentGone = new Promise<void>((resolve) => input.once("close", () => resolve()));

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function openDesk(): Promise<Desk> {
  const { kind, databasePort: port, password, connections, isBatched } = order;
  if (kind === "redis") return openRedisDesk({ kind, port, password });
  await createSchema({ kind, port, password });
  const openKind = isBatched ? openBatchingDesk : openPostgresDesk;
  return openKind({ kind, port, password }, connections);
}

let database: Daemon | null = null;
let desk: Desk | null = null;
let isEnding = false;

async function end(status: number): Promise<never> {
  isEnding = true;
  await desk?.close().catch(() => undefined);
  // Fast shutdown: PostgreSQL drops its connections and writes a checkpoint; Redis closes its file.
  await database?.stop(order.kind === "redis" ? "SIGTERM" : "SIGINT");
  rmSync(order.dataDir, { recursive: true, force: true });
  process.exit(status);
}

async function open(): Promise<void> {
  database = await (order.kind === "redis" ? startRedis(order) : startPostgres(order));
  database.child.once("exit", () => {
    if (isEnding) return;
    say("the database ended by itself");
    void end(1);
  });
  desk = await openDesk();
  const onFault = (error: unknown): void => say(`fault: ${String(error)}`);
  const app = peerApp({ desk, sessionKeys: order.sessionKeys, clock: Date.now, onFault });
  const server = await new Promise<Server>((resolve) => {
    const made = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, () =>
      resolve(made as Server),
    );
  });
  openDoor(server, { desk, ticketKeys: order.ticketKeys, clock: Date.now, onFault });
  const { port } = server.address() as AddressInfo;
  const ready: ServeReady = { origin: `http://127.0.0.1:${port}`, databasePid: database.pid };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

try {
  await Promise.race([open(), parentGone]);
  await parentGone;
  await end(0);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  await end(1);
}
