import { describeError, log } from "./log.ts";

/** Work that nobody waits for: when it fails, that is logged, and the clock comes again. Never throws. */
export async function attempt(kind: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log("sweep_failed", { kind, error: describeError(error) });
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
