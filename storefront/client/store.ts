import { useLayoutEffect, useState } from "preact/hooks";

/** One value and those who look at it: all the reactivity the sale page needs, at a twentieth of a library's bytes. */
export interface Readable<T> {
  get(): T;
  subscribe(changed: (value: T) => void): () => void;
}
export interface Store<T> extends Readable<T> {
  set(value: T): void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const watchers = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const watcher of watchers) watcher(next);
    },
    subscribe(changed) {
      watchers.add(changed);
      return () => watchers.delete(changed);
    },
  };
}

/**
 * The store's value in a component. The first render uses what the server rendered, so that hydration finds the same
 * markup however late its script came; the present value follows before the next paint.
 */
export function useStored<T>(store: Readable<T> | null, rendered: T): T {
  const [value, setValue] = useState(rendered);
  useLayoutEffect(() => {
    if (store === null) return undefined;
    setValue(store.get());
    return store.subscribe(setValue);
  }, [store]);
  return value;
}
