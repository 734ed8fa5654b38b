/** A list that comes page by page: the first page with the HTML, the next ones when they are asked for. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

export interface ListPage<T> {
  readonly rows: readonly T[];
  readonly nextCursor: string | null;
}

export interface Pages<T> {
  readonly rows: readonly T[];
  readonly state: "more" | "busy" | "failed" | "end";
  readonly load: () => Promise<void>;
}

export function usePages<T>(list: {
  first: ListPage<T>;
  idOf: (row: T) => string;
  /** Null: the page did not come. */
  read: (cursor: string) => Promise<ListPage<T> | null>;
}): Pages<T> {
  const [{ rows, nextCursor }, setSeen] = useState(list.first);
  const [state, setState] = useState<"more" | "busy" | "failed">("more");
  const load = async (): Promise<void> => {
    if (nextCursor === null || state === "busy") return;
    setState("busy");
    const page = await list.read(nextCursor);
    setState(page ? "more" : "failed");
    if (!page) return;
    // What moved down between two pages comes twice.
    const known = new Set(rows.map(list.idOf));
    const fresh = page.rows.filter((row) => !known.has(list.idOf(row)));
    setSeen({ rows: [...rows, ...fresh], nextCursor: page.nextCursor });
  };
  return { rows, state: nextCursor === null ? "end" : state, load };
}

export function MoreButton({
  pages: { state, load },
  words,
  inCard = false,
}: {
  pages: Pages<unknown>;
  words: { more: string; moreBusy: string; moreFailed: string };
  /** Below the rows of a card it is as wide as they are. */
  inCard?: boolean;
}): JSX.Element | null {
  if (state === "end") return null;
  const names = { more: words.more, busy: words.moreBusy, failed: words.moreFailed };
  const button = (
    <button
      type="button"
      class={inCard ? "btn line block more" : "btn line"}
      aria-disabled={state === "busy"}
      onClick={() => void load()}
    >
      {names[state]}
    </button>
  );
  return inCard ? button : <p class="ls-more">{button}</p>;
}
