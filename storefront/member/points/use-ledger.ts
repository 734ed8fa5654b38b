import { useRef, useState } from "preact/hooks";
import type { EntriesView, EntryView } from "../../../worker/pages/wire.ts";
import type { LedgerFilter, PageData } from "../../../worker/pages/page-data.ts";
import { createPointsApi } from "../../client/points-api.ts";
import { filterSearch } from "./ledger-model.ts";

type PointsData = Extract<PageData, { page: "points" }>;

export interface LedgerUse {
  readonly entries: readonly EntryView[];
  readonly filter: LedgerFilter;
  /** Whether older entries are to be had. */
  readonly hasMore: boolean;
  readonly state: "idle" | "busy" | "failed";
  readonly more: () => Promise<void>;
  readonly choose: (filter: LedgerFilter) => Promise<void>;
  /** The same filter from the newest entry on. */
  readonly reload: () => Promise<void>;
  /** What was asked for last, again. */
  readonly retry: () => Promise<void>;
}

/** The ledger by filter and cursor; the first page came with the HTML. */
export function useLedger(data: PointsData, nowMs: number): LedgerUse {
  const api = createPointsApi({ locale: data.locale });
  const [filter, setFilter] = useState(data.ledger.filter);
  const [page, setPage] = useState<EntriesView>(data.ledger.entries);
  const [state, setState] = useState<LedgerUse["state"]>("idle");
  // An answer to a filter that is no longer chosen is dropped.
  const askedRef = useRef(0);
  const lastCursorRef = useRef<string | null>(null);

  const load = async (by: LedgerFilter, cursor: string | null): Promise<void> => {
    askedRef.current += 1;
    const mine = askedRef.current;
    lastCursorRef.current = cursor;
    setState("busy");
    const answer = await api.entries(by, nowMs, cursor);
    if (mine !== askedRef.current) return;
    setState(answer.ok ? "idle" : "failed");
    if (!answer.ok) return;
    const { entries, nextCursor } = answer.value;
    setPage((old) => ({
      entries: cursor === null ? entries : [...old.entries, ...entries],
      nextCursor,
    }));
  };
  return {
    entries: page.entries,
    filter,
    hasMore: page.nextCursor !== null,
    state,
    more: async () => {
      if (page.nextCursor !== null && state !== "busy") await load(filter, page.nextCursor);
    },
    choose: async (next) => {
      setFilter(next);
      history.replaceState(history.state, "", `${location.pathname}${filterSearch(next)}`);
      await load(next, null);
    },
    reload: async () => load(filter, null),
    retry: async () => load(filter, lastCursorRef.current),
  };
}
