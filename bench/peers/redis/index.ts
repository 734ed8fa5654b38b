/** Redis behind Node and Hono. */
import { join } from "node:path";
import type { PeerAbsence, PeerOptions, PeerStart } from "../peer.ts";
import { pathDirs, versionOf } from "../programs.ts";
import { absenceOf, packageVersion, startPeer, type Recipe } from "../start.ts";
import { openRedisBooks } from "./books.ts";
import { REDIS_SETTINGS } from "./daemon.ts";

const RECIPE: Recipe = {
  kind: "redis",
  dirs: pathDirs,
  programs: ["redis-server"],
  connections: 1,
  settings: REDIS_SETTINGS,
  versions: (dir) => ({
    Redis: versionOf(join(dir, "redis-server")),
    ioredis: packageVersion("ioredis"),
  }),
  openBooks: (port, password) => openRedisBooks({ kind: "redis", port, password }),
};

/** A missing program or a failed start is an answer, not a throw. */
export const startRedisPeer = (options: PeerOptions = {}): Promise<PeerStart> =>
  startPeer(RECIPE, options);

/** Null when its programs are installed. */
export const redisAbsence = (options: PeerOptions = {}): PeerAbsence | null =>
  absenceOf(RECIPE, options);
