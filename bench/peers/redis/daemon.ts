/** Redis, durable: every reply comes after the fsync of the append-only file. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TunedSetting } from "../peer.ts";
import { startDaemon, type Daemon } from "../programs.ts";
import type { ServeOrder } from "../wire.ts";

/** Everything else stands as Redis ships it. */
export const REDIS_SETTINGS: readonly TunedSetting[] = [
  { name: "appendonly", value: "yes", why: "durable" },
  { name: "appendfsync", value: "always", why: "acknowledged after fsync" },
  { name: "save", value: '""', why: "no snapshots beside the append-only file" },
  {
    name: "auto-aof-rewrite-percentage",
    value: "0",
    why: "no rewrite of the file in the middle of a run, which would only slow it",
  },
];

export function startRedis(order: ServeOrder): Promise<Daemon> {
  const file = join(order.dataDir, "redis.conf");
  const lines = [
    `port ${order.databasePort}`,
    "bind 127.0.0.1",
    `requirepass ${order.password}`,
    `dir ${order.dataDir}`,
    "daemonize no",
    ...REDIS_SETTINGS.map(({ name, value }) => `${name} ${value}`),
  ];
  // The password stands in a file of mode 600, not in the list of processes.
  writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
  return startDaemon({
    path: join(order.binaryDir, "redis-server"),
    args: [file],
    user: null,
    cwd: order.dataDir,
    isReady: (line) => line.includes("Ready to accept connections"),
  });
}
