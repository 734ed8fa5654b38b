/** PostgreSQL, durable: a commit returns after the fsync of its log. */
import { spawnSync } from "node:child_process";
import { chownSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TunedSetting } from "../peer.ts";
import { startDaemon, type Daemon, type User } from "../programs.ts";
import type { ServeOrder } from "../wire.ts";

/** Everything else stands as PostgreSQL ships it; `max_connections` follows the pool. */
export const POSTGRES_SETTINGS: readonly TunedSetting[] = [
  { name: "fsync", value: "on", why: "default; durable" },
  { name: "synchronous_commit", value: "on", why: "default; acknowledged after fsync" },
  { name: "full_page_writes", value: "on", why: "default; survives a torn page" },
  { name: "shared_buffers", value: "256MB", why: "all rows of a run stay in memory" },
  { name: "wal_level", value: "minimal", why: "no replica reads the log, so it is shorter" },
  { name: "max_wal_senders", value: "0", why: "goes with wal_level" },
  { name: "wal_buffers", value: "16MB", why: "what a large shared_buffers would choose" },
  { name: "max_wal_size", value: "4GB", why: "no checkpoint is forced in the middle of a run" },
  { name: "checkpoint_timeout", value: "30min", why: "no checkpoint falls into a run" },
  { name: "enable_seqscan", value: "off", why: "plans are cached while tables are empty" },
  { name: "jit", value: "off", why: "compiling costs more than any of these statements" },
  { name: "commit_delay", value: "0", why: "default; see the README for what it changed" },
];
/** Connections beside the pool: the set-up, the audit and a person who looks. */
const CONNECTIONS_SPARE = 8;

/** PostgreSQL refuses to run as root, so root lends it the package's user, or nobody. */
function userFor(): User | null {
  if (process.getuid?.() !== 0) return null;
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  for (const name of ["postgres", "nobody"]) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(":");
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  throw new Error("PostgreSQL does not run as root, and there is no user postgres or nobody");
}

export function startPostgres(order: ServeOrder): Promise<Daemon> {
  const user = userFor();
  const { dataDir } = order;
  if (user) chownSync(dataDir, user.uid, user.gid);
  const cluster = join(dataDir, "cluster");
  const passwordFile = join(dataDir, "password");
  writeFileSync(passwordFile, order.password, { mode: 0o600 });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const made = spawnSync(
    join(order.binaryDir, "initdb"),
    [
      ...["--pgdata", cluster, "--username", "peer", "--pwfile", passwordFile],
      ...["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-instructions"],
    ],
    { cwd: dataDir, encoding: "utf8", env: { PATH: process.env["PATH"], LC_ALL: "C" }, ...user },
  );
  rmSync(passwordFile);
  if (made.status !== 0) throw new Error(`initdb failed\n${made.stderr ?? made.error?.message}`);
  const settings = [
    ...POSTGRES_SETTINGS.map(({ name, value }) => `${name}=${value}`),
    `max_connections=${order.connections + CONNECTIONS_SPARE}`,
    "listen_addresses=127.0.0.1",
    `port=${order.databasePort}`,
    `unix_socket_directories=${dataDir}`,
  ];
  return startDaemon({
    path: join(order.binaryDir, "postgres"),
    args: ["-D", cluster, ...settings.flatMap((setting) => ["-c", setting])],
    user,
    cwd: dataDir,
    isReady: (line) => line.includes("database system is ready to accept connections"),
  });
}
