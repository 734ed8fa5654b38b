import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { useConsole, type Problem } from "../kit/index.ts";

export interface Poll<T> {
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly again: () => void;
  readonly put: (value: T) => void;
}

/** Asks for an address again and again, each time some while after the answer: a slow line is asked less often, never given up on. */
export function usePoll<T>(path: string, everyMs: number | null): Poll<T> {
  const { call } = useConsole();
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const askRef = useRef<() => void>(() => {});
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | null = null;
    let turn = 0;
    const ask = async (): Promise<void> => {
      const mine = ++turn;
      if (timer !== null) clearTimeout(timer);
      const isSeen = document.visibilityState === "visible";
      const answer = isSeen
        ? await call<T>("GET", path, undefined, { signal: abort.signal })
        : null;
      if (abort.signal.aborted || mine !== turn) return;
      if (answer?.ok) {
        setValue(answer.value);
        setProblem(null);
      } else if (answer) setProblem(answer.problem);
      if (everyMs !== null) timer = setTimeout(() => void ask(), everyMs);
    };
    askRef.current = () => void ask();
    void ask();
    return () => {
      abort.abort();
      if (timer !== null) clearTimeout(timer);
    };
  }, [path, everyMs, call]);
  return { value, problem, again: useCallback(() => askRef.current(), []), put: setValue };
}
