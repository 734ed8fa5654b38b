import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useEvery } from "./hooks.ts";

const READ_EVERY_MS = 1_500;
/** Lists follow the authority within a second or two; who is told nothing new by then sees what the list says. */
const KNOWN_FOR_MS = 15_000;

export interface JustDone<T> {
  readonly put: (key: string, done: T) => void;
  readonly of: (key: string) => T | undefined;
}

/**
 * What somebody has just done to rows, because lists hear of it a moment later: it is shown at once, nobody is offered the step a
 * second time, and the list is read anew until it has followed.
 */
export function useJustDone<T>(again: () => void): JustDone<T> {
  const [known, setKnown] = useState<ReadonlyMap<string, T>>(new Map());
  const timersRef = useRef(new Set<ReturnType<typeof setTimeout>>());
  useEffect(() => {
    const timers = timersRef.current;
    return () => timers.forEach((timer) => clearTimeout(timer));
  }, []);
  useEvery(known.size > 0 ? READ_EVERY_MS : undefined, again);
  const put = useCallback((key: string, done: T): void => {
    setKnown((old) => new Map(old).set(key, done));
    const timer = setTimeout(() => {
      timersRef.current.delete(timer);
      setKnown((old) => new Map([...old].filter(([one]) => one !== key)));
    }, KNOWN_FOR_MS);
    timersRef.current.add(timer);
  }, []);
  return { put, of: (key) => known.get(key) };
}
