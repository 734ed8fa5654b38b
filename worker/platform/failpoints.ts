/**
 * Named places at which a crash round ends the process. A place is one line, `globalThis.failpoints?.reach("…")`, and
 * in every bundle but the one of the crash rounds `globalThis.failpoints` is the constant `undefined` (wrangler.toml), so the
 * bundler drops the line. Nothing here exists at run time; what dies is in worker/testing/failpoints.
 */
import type { CommitHooks } from "./commit-queue.ts";

export interface Failpoints {
  /** Dies here if this is the place and the time chosen. */
  reach(place: string): void;
  /** The same, a turn of the event loop later: what was just called is under way then. */
  reachSoon(place: string): void;
  /** Names what the transaction that runs now has written; its commit then has three places of that name. */
  mark(name: string): void;
  /** Hooks of a commit queue, with those places. */
  around(hooks: CommitHooks, storage: DurableObjectStorage): CommitHooks;
}

declare global {
  var failpoints: Failpoints | undefined;
}
