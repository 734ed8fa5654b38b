import { isQueueFull, type CommitQueue } from "./commit-queue.ts";
import { describeError, log } from "./log.ts";

/** Work that nobody waits for: when it fails, that is logged, and the clock comes again. Never throws; false: it failed. */
export async function attempt(kind: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    log("sweep_failed", { kind, error: describeError(error) });
    return false;
  }
}

/** The same for many things, some at a time: one that fails keeps none of the others waiting. */
export async function attemptEach<T>(
  kind: string,
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
  atOnce = 1,
): Promise<void> {
  for (let at = 0; at < items.length; at += atOnce) {
    const some = items.slice(at, at + atOnce);
    await Promise.all(some.map((item) => attempt(kind, () => work(item))));
  }
}

/** What broke in a clock of an object is tried again after this. */
export const STUCK_RETRY_MS = 60_000;

export interface Apart<T> {
  readonly kind: string;
  readonly items: () => readonly T[];
  /** What the one commit did with each. */
  readonly work: (item: T) => unknown;
  /** One that breaks is not in front of the others the next time. */
  readonly putOff: (item: T) => unknown;
}

/** Does much in one commit, and each by itself where that breaks. Null: so it was. */
export async function commitOrApart<T, R>(
  commits: CommitQueue,
  together: () => R,
  { kind, items, work, putOff }: Apart<T>,
): Promise<R | null> {
  try {
    return await commits.runUnasked(together);
  } catch (error) {
    if (isQueueFull(error)) throw error;
  }
  for (const item of items()) {
    const isDone = await attempt(kind, () => commits.runUnasked(() => work(item)));
    if (!isDone) await attempt(kind, () => commits.runUnasked(() => putOff(item)));
  }
  return null;
}
