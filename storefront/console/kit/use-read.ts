import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "./client.ts";
import { useComeBack, useEvery } from "./hooks.ts";
import { useConsole } from "./console.ts";

export interface Read<T> {
  /** What was read last; it stays while it is read anew. */
  readonly value: T | null;
  readonly problem: Problem | null;
  readonly isLoading: boolean;
  readonly again: () => void;
  /** Puts in what an act has answered, without asking again. */
  readonly put: (value: T) => void;
}

export interface ReadOptions {
  /** Keeps it fresh while the page is seen. */
  readonly everyMs?: number;
  /** Whoever comes back to the page is shown what was kept; otherwise it is read anew, because somebody may have changed it elsewhere. */
  readonly staysOnReturn?: boolean;
}

/** Reads one address of the API, again when it changes. Null: nothing to read yet. */
export function useRead<T>(path: string | null, options: ReadOptions = {}): Read<T> {
  const { everyMs, staysOnReturn = false } = options;
  const { call } = useConsole();
  const [state, setState] = useState<{
    value: T | null;
    problem: Problem | null;
    of: string | null;
  }>({ value: null, problem: null, of: null });
  const [turn, setTurn] = useState(0);
  const askedRef = useRef(0);
  const isReturnRef = useRef(false);
  useEffect(() => {
    if (path === null) return;
    const mine = ++askedRef.current;
    const isReturn = isReturnRef.current;
    isReturnRef.current = false;
    const abort = new AbortController();
    void call<T>("GET", path, undefined, { signal: abort.signal }).then((answer) => {
      if (mine !== askedRef.current || abort.signal.aborted) return;
      if (answer.ok) setState({ value: answer.value, problem: null, of: path });
      else
        setState((old) => {
          const value = old.of === path ? old.value : null;
          // Whoever comes back before the network does keeps what is shown.
          const isUnheard = isReturn && value !== null && answer.status === 0;
          return isUnheard ? old : { value, problem: answer.problem, of: path };
        });
    });
    return () => abort.abort();
  }, [path, turn, call]);
  const again = useCallback(() => setTurn((old) => old + 1), []);
  useEvery(everyMs, again);
  useComeBack(() => {
    if (staysOnReturn) return;
    isReturnRef.current = true;
    again();
  });
  const isFresh = state.of === path;
  return {
    value: isFresh ? state.value : null,
    problem: isFresh ? state.problem : null,
    isLoading: path !== null && !isFresh,
    again,
    put: (value) => {
      // An answer that is still under way was asked for before.
      askedRef.current += 1;
      setState({ value, problem: null, of: path });
    },
  };
}
