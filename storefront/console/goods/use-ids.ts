import { useState } from "preact/hooks";
import { movedTo } from "./editor-model.ts";

let made = 0;
const fresh = (length: number): string[] => Array.from({ length }, () => `line-${(made += 1)}`);

export interface Ids {
  readonly ids: readonly string[];
  readonly add: () => void;
  readonly remove: (at: number) => void;
  readonly move: (from: number, to: number) => void;
}

/** Names for lines that have none of their own, so that what is being typed stays with its line when lines move. */
export function useIds(length: number): Ids {
  const [ids, setIds] = useState(() => fresh(length));
  // The list was replaced from elsewhere: another document stands in the form.
  if (ids.length !== length) setIds(fresh(length));
  return {
    ids,
    add: () => setIds([...ids, ...fresh(1)]),
    remove: (at) => setIds(ids.filter((_, index) => index !== at)),
    move: (from, to) => setIds(movedTo(ids, from, to)),
  };
}
