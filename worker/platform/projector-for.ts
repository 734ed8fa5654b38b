import { isRehearsal } from "../kernel/ids.ts";
import { stubOf, type Env } from "./env.ts";
import type { ProjectionRows } from "./projection.ts";

interface ProjectorPeer {
  project(rows: ProjectionRows): Promise<void>;
}

const NOWHERE: ProjectorPeer = { project: async () => {} };

/** Where an object sends its rows; those of a rehearsal go nowhere, so that no list ever shows them. */
export function projectorFor(name: string, env: Env): (key: string) => ProjectorPeer {
  if (isRehearsal(name)) return () => NOWHERE;
  return (key) => stubOf(env.PROJECTOR, key, env);
}
