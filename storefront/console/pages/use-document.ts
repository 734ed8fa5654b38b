/** One document under edit: typed at once, saved a moment later, undone step by step, and never written over unseen. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { PageDocumentView, PageVersionView } from "../../../worker/page-builder/wire.ts";
import { useConsole, useRead, type Problem } from "../kit/index.ts";

export type WholeDocument = PageDocumentView & { readonly versions: PageVersionView[] };

export interface Conflict {
  readonly revision: number;
  readonly savedBy: string;
  readonly savedAtMs: number;
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
  /** Publishes, schedules or rolls back from what was saved. */
  readonly act: (name: string, more?: object) => Promise<Problem | null>;
  readonly takeTheirs: () => void;
  readonly keepMine: () => void;
  readonly again: () => void;
}

/** What is around a document, whatever is in it. */
export type Around = Omit<Editing<object>, "change">;

const SAVE_AFTER_MS = 600;
const UNDO_MAX = 50;

export function useDocument<B extends object>(pageId: string): Editing<B> {
  const { call } = useConsole();
  const path = `/api/v1/staff/pages/${pageId}`;
  const read = useRead<WholeDocument>(path);
  const [body, setBody] = useState<B | null>(null);
  const [past, setPast] = useState<readonly B[]>([]);
  const [state, setState] = useState<SaveState>("clean");
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [saves, setSaves] = useState(0);
  // What the server has, and what waits to be sent to it: one save at a time, the newest text next.
  const revisionRef = useRef(0);
  const waitingRef = useRef<B | null>(null);
  const goingRef = useRef<Promise<boolean> | null>(null);
  const timerRef = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const { value: stored } = read;
  useEffect(() => {
    if (!stored) return;
    revisionRef.current = stored.revision;
    setBody((old) => old ?? ((stored.draft ?? stored.shown) as B));
  }, [stored]);

  const send = async (): Promise<boolean> => {
    const next = waitingRef.current;
    if (next === null) return true;
    waitingRef.current = null;
    setState("saving");
    const answer = await call<PageDocumentView>("PUT", `${path}/draft`, {
      revision: revisionRef.current,
      body: next,
    });
    if (answer.ok) {
      revisionRef.current = answer.value.revision;
      setRefusal(null);
      setSaves((count) => count + 1);
      if (waitingRef.current !== null) return send();
      setState("saved");
      return true;
    }
    waitingRef.current ??= next;
    setState("failed");
    const { code, figures } = answer.problem;
    if (code === "conflict") {
      setConflict({
        revision: Number(figures["revision"]),
        savedBy: String(figures["savedBy"] ?? ""),
        savedAtMs: Number(figures["savedAtMs"] ?? 0),
      });
    } else setRefusal(answer.problem);
    return false;
  };
  const flush = async (): Promise<boolean> => {
    clearTimeout(timerRef.current);
    if (goingRef.current) await goingRef.current;
    goingRef.current = send();
    const isSaved = await goingRef.current;
    goingRef.current = null;
    return isSaved;
  };
  const put = (next: B): void => {
    setBody(next);
    waitingRef.current = next;
    setState("dirty");
    clearTimeout(timerRef.current);
    timerRef.current = setTimeout(() => void flush(), SAVE_AFTER_MS);
  };
  const flushRef = useRef(flush);
  useEffect(() => {
    flushRef.current = flush;
  });
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent): void => {
      if (waitingRef.current !== null) event.preventDefault();
    };
    addEventListener("beforeunload", leave);
    return () => {
      removeEventListener("beforeunload", leave);
      // Whoever goes on to another page of the console leaves nothing behind unsaved.
      if (waitingRef.current !== null) void flushRef.current();
    };
  }, []);

  return {
    ...{ stored, problem: read.problem, body, state, refusal, conflict, saves },
    canUndo: past.length > 0,
    change: (next) => {
      if (body !== null) setPast([...past.slice(1 - UNDO_MAX), body]);
      put(next);
    },
    undo: () => {
      const before = past.at(-1);
      if (before === undefined) return;
      setPast(past.slice(0, -1));
      put(before);
    },
    flush,
    act: async (name, more = {}) => {
      if (!(await flush())) return null;
      const answer = await call<PageDocumentView>("POST", `${path}/${name}`, {
        revision: revisionRef.current,
        ...more,
      });
      if (!answer.ok) return answer.problem;
      revisionRef.current = answer.value.revision;
      setSaves((count) => count + 1);
      setState("clean");
      if (name === "roll-back") {
        waitingRef.current = null;
        setBody(answer.value.draft as B);
      }
      read.again();
      return null;
    },
    takeTheirs: () => {
      if (body !== null) setPast([...past.slice(1 - UNDO_MAX), body]);
      waitingRef.current = null;
      setConflict(null);
      setState("clean");
      setBody(null);
      read.again();
    },
    keepMine: () => {
      if (conflict) revisionRef.current = conflict.revision;
      setConflict(null);
      void flush();
    },
    again: read.again,
  };
}
