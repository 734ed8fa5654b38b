/** One document under edit: typed at once, saved a moment later, undone step by step, and never written over unseen. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { PageDocumentView, PageVersionView } from "../../../worker/page-builder/wire.ts";
import {
  useConsole,
  useLatest,
  useLeaveGuard,
  useRead,
  type Answer,
  type Problem,
} from "../kit/index.ts";

export type WholeDocument = PageDocumentView & { readonly versions: PageVersionView[] };

export interface Conflict {
  readonly revision: number;
  readonly savedBy: string;
  readonly savedAtMs: number;
  /** The other one's draft; null while it is fetched. */
  readonly theirs: object | null;
  /** Put away undecided, it stands as a line above the document. */
  readonly isOpen: boolean;
}

export type SaveState = "clean" | "dirty" | "saving" | "saved" | "failed";

export interface Editing<B> {
  readonly stored: WholeDocument | null;
  readonly problem: Problem | null;
  readonly body: B | null;
  readonly state: SaveState;
  /** The server's word on what cannot be saved as it stands. */
  readonly refusal: Problem | null;
  readonly conflict: Conflict | null;
  readonly canUndo: boolean;
  /** Counts saves, so that a preview knows when to look again. */
  readonly saves: number;
  readonly change: (body: B) => void;
  readonly undo: () => void;
  /** Saves what is not saved yet; false: it could not be. */
  readonly flush: () => Promise<boolean>;
  /** Publishes, schedules or rolls back from what was saved; `unsaved`: it could not be saved, and the page says why. */
  readonly act: (name: string, more?: object) => Promise<Answer<PageDocumentView> | "unsaved">;
  readonly takeTheirs: () => void;
  readonly keepMine: () => void;
  readonly compare: (isOpen: boolean) => void;
  readonly again: () => void;
}

/** What is around a document, whatever is in it. */
export type Around = Omit<Editing<object>, "change">;

const SAVE_AFTER_MS = 600;
const UNDO_MAX = 50;

interface Saver<B> {
  readonly state: SaveState;
  readonly refusal: Problem | null;
  readonly conflict: Conflict | null;
  readonly compare: (isOpen: boolean) => void;
  readonly saves: number;
  /** Waits to be sent; null: nothing is wanted any more. */
  readonly want: (body: B | null) => void;
  readonly flush: () => Promise<boolean>;
  /** Goes on from this revision; `saves` counts when what is stored has changed. */
  readonly settle: (revision: number, hasChanged: boolean) => void;
  readonly act: (name: string, more: object) => Promise<Answer<PageDocumentView> | "unsaved">;
  readonly at: () => number;
}

const conflictIn = ({ figures }: Problem): Conflict => ({
  revision: Number(figures["revision"]),
  savedBy: String(figures["savedBy"] ?? ""),
  savedAtMs: Number(figures["savedAtMs"] ?? 0),
  ...{ theirs: null, isOpen: true },
});

interface Meeting {
  readonly conflict: Conflict | null;
  readonly meet: (found: Conflict) => Promise<void>;
  readonly compare: (isOpen: boolean) => void;
  readonly end: () => void;
}

function useConflict(path: string): Meeting {
  const { call } = useConsole();
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const meet = async (found: Conflict): Promise<void> => {
    setConflict(found);
    const now = await call<WholeDocument>("GET", path);
    if (!now.ok) return;
    const { draft, shown, revision, savedBy, savedAtMs } = now.value;
    // What was fetched is what is compared, and what is written over.
    const at = { savedBy: savedBy ?? "", savedAtMs: savedAtMs ?? 0 };
    setConflict((old) => old && { ...old, ...at, revision, theirs: draft ?? shown });
  };
  return {
    ...{ conflict, meet },
    compare: (isOpen) => setConflict((old) => old && { ...old, isOpen }),
    end: () => setConflict(null),
  };
}

/** Sends what waits: one save at a time, the newest text next. */
function useSaver<B extends object>(path: string): Saver<B> {
  const { call } = useConsole();
  const [state, setState] = useState<SaveState>("clean");
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const { conflict, meet, compare, end } = useConflict(path);
  const [saves, setSaves] = useState(0);
  const revisionRef = useRef(0);
  const waitingRef = useRef<B | null>(null);
  const goingRef = useRef<Promise<boolean> | null>(null);
  const timerRef = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const send = async (): Promise<boolean> => {
    const body = waitingRef.current;
    if (body === null) return true;
    waitingRef.current = null;
    setState("saving");
    const revision = revisionRef.current;
    const answer = await call<PageDocumentView>("PUT", `${path}/draft`, { revision, body });
    if (!answer.ok) {
      waitingRef.current ??= body;
      setState("failed");
      if (answer.problem.code === "conflict") void meet(conflictIn(answer.problem));
      else setRefusal(answer.problem);
      return false;
    }
    revisionRef.current = answer.value.revision;
    setRefusal(null);
    setSaves((count) => count + 1);
    if (waitingRef.current !== null) return send();
    setState("saved");
    return true;
  };
  const flush = async (): Promise<boolean> => {
    clearTimeout(timerRef.current);
    if (goingRef.current) await goingRef.current;
    goingRef.current = send();
    const isSaved = await goingRef.current;
    goingRef.current = null;
    return isSaved;
  };
  const want = (body: B | null): void => {
    waitingRef.current = body;
    clearTimeout(timerRef.current);
    if (body === null) return;
    setState("dirty");
    // Whoever put the comparison away types on; it is not saved until they decide.
    if (conflict) return setState("failed");
    timerRef.current = setTimeout(() => void flush(), SAVE_AFTER_MS);
  };
  const settle = (revision: number, hasChanged: boolean): void => {
    revisionRef.current = revision;
    end();
    if (!hasChanged) return;
    setState("clean");
    setSaves((count) => count + 1);
  };
  useLeaving(() => waitingRef.current !== null, flush);
  const act: Saver<B>["act"] = async (name, more) => {
    if (!(await flush())) return "unsaved";
    const body = { revision: revisionRef.current, ...more };
    const answer = await call<PageDocumentView>("POST", `${path}/${name}`, body);
    if (answer.ok) settle(answer.value.revision, true);
    return answer;
  };
  const at = (): number => revisionRef.current;
  return { state, refusal, conflict, compare, saves, want, flush, settle, act, at };
}

/** Whoever closes the window is asked; whoever goes on to another page of the console leaves nothing behind unsaved. */
function useLeaving(isWaiting: () => boolean, flush: () => Promise<boolean>): void {
  const latestRef = useRef({ isWaiting, flush });
  useEffect(() => {
    latestRef.current = { isWaiting, flush };
  });
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent): void => {
      if (latestRef.current.isWaiting()) event.preventDefault();
    };
    addEventListener("beforeunload", leave);
    return () => {
      removeEventListener("beforeunload", leave);
      if (latestRef.current.isWaiting()) void latestRef.current.flush();
    };
  }, []);
}

export function useDocument<B extends object>(pageId: string): Editing<B> {
  const path = `/api/v1/staff/pages/${pageId}`;
  const read = useRead<WholeDocument>(path);
  const [body, setBody] = useState<B | null>(null);
  const [past, setPast] = useState<readonly B[]>([]);
  const saver = useSaver<B>(path);
  const { state, refusal, conflict, compare, saves, flush, settle, want, act } = saver;
  // What cannot be saved would be lost; the rest is saved on the way out.
  useLeaveGuard(conflict !== null || refusal !== null);
  const { value: stored } = read;
  const follow = useLatest((now: WholeDocument) => {
    // What is typed stands on the revision it began with: a colleague's is met when it is saved.
    const isTyped = state !== "clean" && state !== "saved";
    if (body !== null && (isTyped || now.revision <= saver.at())) return;
    settle(now.revision, false);
    setBody((now.draft ?? now.shown) as B);
  });
  useEffect(() => {
    if (stored) follow.current(stored);
  }, [stored, follow]);
  const keepPast = (): void => {
    if (body !== null) setPast([...past.slice(1 - UNDO_MAX), body]);
  };
  const put = (next: B): void => {
    setBody(next);
    want(next);
  };
  return {
    ...{ stored, problem: read.problem, body, state, refusal, conflict, compare, saves, flush },
    canUndo: past.length > 0,
    change: (next) => {
      keepPast();
      put(next);
    },
    undo: () => {
      const before = past.at(-1);
      if (before === undefined) return;
      setPast(past.slice(0, -1));
      put(before);
    },
    act: async (name, more = {}) => {
      const answer = await act(name, more);
      if (answer === "unsaved" || !answer.ok) return answer;
      // What is shown now is known at once: the next undo leads back to it.
      if (stored) read.put({ ...stored, ...answer.value });
      if (name === "roll-back" && !("keepsDraft" in more)) {
        // What was written before it is one step back.
        keepPast();
        want(null);
        setBody((answer.value.draft ?? answer.value.shown) as B);
      }
      read.again();
      return answer;
    },
    takeTheirs: () => {
      keepPast();
      want(null);
      settle(conflict?.revision ?? saver.at(), true);
      setBody((conflict?.theirs ?? null) as B | null);
      read.again();
    },
    keepMine: () => {
      if (conflict) settle(conflict.revision, false);
      void flush();
    },
    again: read.again,
  };
}
