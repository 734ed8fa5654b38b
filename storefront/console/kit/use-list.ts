import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Answer, CallOptions, Problem } from "./client.ts";
import { useConsole } from "./console.ts";
import { EXPORT_PAGE } from "./export-page.ts";
import { useComeBack, useEvery, useLatest } from "./hooks.ts";
import { useQuery } from "./router.ts";

/** How a list of the API answers. A route that names its rows otherwise is read by `read`. */
export interface ListPage<Row> {
  readonly items: readonly Row[];
  /** Where the next page begins; null: this is the last. */
  readonly nextCursor: string | null;
  /** How many there are in all, where the server knows it cheaply. */
  readonly total?: number | null;
}

export interface ListOptions<Row> {
  /** The address of the list; null waits. */
  readonly path: string | null;
  /** Words of the console's address that are passed on, e.g. `q`, `label`, `sort`. */
  readonly filters?: readonly string[];
  /** Rows a page; default 50. */
  readonly limit?: number;
  readonly read?: (body: never) => ListPage<Row>;
  readonly everyMs?: number;
}

export interface List<Row> {
  readonly rows: readonly Row[] | null;
  readonly problem: Problem | null;
  readonly total: number | null;
  /** Something in the address narrows the list. */
  readonly isFiltered: boolean;
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  readonly next: () => void;
  readonly previous: () => void;
  readonly again: () => void;
  /** Changes rows of this page in place, after an act on them. */
  readonly change: (change: (rows: readonly Row[]) => readonly Row[]) => void;
  /** Every row that the filters let through, page by page, at most `rowsMax`. */
  readonly readAll: (
    onRows: (rows: number) => void,
    rowsMax?: number,
  ) => Promise<{ rows: Row[]; isWhole: boolean } | Problem>;
}

const EXPORT_ROWS_MAX = 100_000;

/** The words of the address that a list passes on. */
function askedOf(query: URLSearchParams, filters: readonly string[]): URLSearchParams {
  const asked = new URLSearchParams();
  for (const name of filters) {
    const value = query.get(name);
    if (value !== null) asked.set(name, value);
  }
  return asked;
}

/** The address of one page of a list. */
function addressOf(
  path: string,
  asked: URLSearchParams,
  limit: number,
  cursor: string | null,
): string {
  const words = new URLSearchParams(asked);
  words.set("limit", String(limit));
  if (cursor !== null) words.set("cursor", cursor);
  return `${path}${path.includes("?") ? "&" : "?"}${words.toString()}`;
}

/** Page after page until the last, or until there are `rowsMax`. */
async function readPages<Row>(
  readAt: (cursor: string | null) => Promise<Answer<ListPage<Row>>>,
  onRows: (rows: number) => void,
  rowsMax: number,
): Promise<{ rows: Row[]; isWhole: boolean } | Problem> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const answer: Answer<ListPage<Row>> = await readAt(cursor);
    if (!answer.ok) return answer.problem;
    rows.push(...answer.value.items);
    onRows(rows.length);
    cursor = answer.value.nextCursor;
  } while (cursor !== null && rows.length < rowsMax);
  return { rows: rows.slice(0, rowsMax), isWhole: cursor === null };
}

/** Pages without a row that are passed by themselves; then the person is asked whether to go on. */
const EMPTY_PAGES_MAX = 20;

/** The first page from an address on that has a row. A long list is looked through in steps, and a rare filter meets nothing in many. */
async function firstWithRows<Row>(
  readAt: (cursor: string | null) => Promise<Answer<ListPage<Row>>>,
  from: string | null,
  isOver: () => boolean,
): Promise<Answer<ListPage<Row>>> {
  let answer = await readAt(from);
  for (let passed = 0; passed < EMPTY_PAGES_MAX && !isOver(); passed += 1) {
    if (!answer.ok || answer.value.items.length > 0 || answer.value.nextCursor === null) break;
    answer = await readAt(answer.value.nextCursor);
  }
  return answer;
}

interface Fetched<Row> {
  readonly of: string | null;
  readonly page: ListPage<Row> | null;
  readonly problem: Problem | null;
}

/** A network that is away for a moment takes no rows away that are shown. */
function heard<Row>(
  old: Fetched<Row>,
  address: string,
  answer: Answer<ListPage<Row>>,
): Fetched<Row> {
  if (answer.ok) return { of: address, page: answer.value, problem: null };
  const isShown = old.of === address && old.page !== null;
  return isShown && answer.status === 0
    ? old
    : { of: address, page: null, problem: answer.problem };
}

/** A list of the API with its filters, its order and its page in the address, so that a view can be sent to a colleague. */
export function useList<Row>(options: ListOptions<Row>): List<Row> {
  const { path, filters = [], limit = 50, read, everyMs } = options;
  const { call } = useConsole();
  const [query, setQuery] = useQuery();
  const cursor = query.get("cursor");
  const asked = askedOf(query, filters);
  const askedText = asked.toString();
  const address = path === null ? null : addressOf(path, asked, limit, cursor);
  const [state, setState] = useState<Fetched<Row>>({ of: null, page: null, problem: null });
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((old) => old + 1), []);
  const readRef = useLatest(read);
  const ask = useCallback(
    async (at: string, callOptions?: CallOptions): Promise<Answer<ListPage<Row>>> => {
      const answer = await call<unknown>("GET", at, undefined, callOptions);
      if (!answer.ok) return answer;
      const page = readRef.current
        ? readRef.current(answer.value as never)
        : (answer.value as ListPage<Row>);
      return { ...answer, value: page };
    },
    [call, readRef],
  );
  useEffect(() => {
    if (path === null || address === null) return;
    const abort = new AbortController();
    const { signal } = abort;
    const readAt = (at: string | null): Promise<Answer<ListPage<Row>>> =>
      ask(addressOf(path, new URLSearchParams(askedText), limit, at), { signal });
    void firstWithRows(readAt, cursor, () => signal.aborted).then((answer) => {
      if (signal.aborted) return;
      setState((old) => heard(old, address, answer));
    });
    return () => abort.abort();
  }, [path, address, askedText, limit, cursor, turn, ask]);
  useEvery(everyMs, again);
  useComeBack(again);

  // Cursors only lead on; the way back is what was passed.
  const passedRef = useRef<(string | null)[]>([]);
  useEffect(() => {
    if (cursor === null) passedRef.current = [];
  }, [cursor, askedText]);
  // A new filter keeps the old rows until the new ones are there; another list does not.
  const page = state.of?.split("?")[0] === address?.split("?")[0] ? state.page : null;
  return {
    rows: page?.items ?? null,
    problem: state.of === address ? state.problem : null,
    total: page?.total ?? null,
    isFiltered: asked.size > (asked.has("sort") ? 1 : 0),
    hasNext: state.of === address && (page?.nextCursor ?? null) !== null,
    hasPrevious: cursor !== null,
    next: () => {
      passedRef.current.push(cursor);
      setQuery({ cursor: page?.nextCursor ?? null });
    },
    previous: () => setQuery({ cursor: passedRef.current.pop() ?? null }),
    again,
    change: (change) =>
      setState((old) =>
        old.page ? { ...old, page: { ...old.page, items: change(old.page.items) } } : old,
      ),
    readAll: (onRows, rowsMax = EXPORT_ROWS_MAX) =>
      readPages(
        (at) => ask(addressOf(path ?? "", asked, EXPORT_PAGE, at), { timeoutMs: 30_000 }),
        onRows,
        rowsMax,
      ),
  };
}
