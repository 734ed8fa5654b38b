import { hash32, isRehearsal } from "../kernel/ids.ts";
import { stubOf, type Env } from "./env.ts";
import type { ProjectionRows } from "./projection.ts";

export interface ProjectorPeer {
  project(rows: ProjectionRows): Promise<void>;
}

const NOWHERE: ProjectorPeer = { project: async () => {} };

/** Where an object of this name sends its rows, always to the same; those of a rehearsal go nowhere, so that no list ever shows them. */
export function projectorFor(name: string, env: Env): () => ProjectorPeer {
  if (isRehearsal(name)) return () => NOWHERE;
  const key = `projector:${hash32(name) % Number(env.PROJECTORS)}`;
  return () => ({ project: (rows) => stubOf(env.PROJECTOR, key, env).project(rows, name) });
}
