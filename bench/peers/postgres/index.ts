/** PostgreSQL behind Node and Hono. */
import { join } from "node:path";
import type { PeerAbsence, PeerOptions, PeerStart } from "../peer.ts";
import { pathDirs, postgresDirs, versionOf } from "../programs.ts";
import { absenceOf, packageVersion, startPeer, type Recipe } from "../start.ts";
import { openPostgresBooks } from "./books.ts";
import { POSTGRES_SETTINGS } from "./daemon.ts";

const RECIPE: Recipe = {
  kind: "postgres",
  dirs: () => [...postgresDirs(), ...pathDirs()],
  programs: ["postgres", "initdb"],
  connections: 8,
  settings: POSTGRES_SETTINGS,
  versions: (dir) => ({
    PostgreSQL: versionOf(join(dir, "postgres")),
    "postgres.js": packageVersion("postgres"),
  }),
  openBooks: async (port, password) => openPostgresBooks({ kind: "postgres", port, password }),
};

/** A missing program or a failed start is an answer, not a throw. */
export const startPostgresPeer = (options: PeerOptions = {}): Promise<PeerStart> =>
  startPeer(RECIPE, options);

/** Null when its programs are installed. */
export const postgresAbsence = (options: PeerOptions = {}): PeerAbsence | null =>
  absenceOf(RECIPE, options);
