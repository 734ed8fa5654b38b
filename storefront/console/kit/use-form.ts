import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { conflictOf, type Answer, type Problem } from "./client.ts";
import type { Said, Say, Tell } from "./diff.ts";
import { useConfirm } from "./dialog.tsx";
import { useLatest } from "./hooks.ts";
import { KIT } from "./kit-words.ts";
import { useRouter } from "./router.ts";
import { useToast } from "./toast.tsx";
import { useWords } from "./words.ts";

export interface FormOptions<Values, Saved, Stored> {
  readonly initial: Values;
  /**
   * What is edited, as it was read last. What a colleague has saved comes in while nothing is typed; what is typed goes on standing
   * on what it began with, and meets the other's words when it is saved.
   */
  readonly stored?: Stored | null;
  /** `over`: what the values stand on, or what somebody else saved meanwhile and is to be overwritten; send its version. */
  readonly save: (values: Values, over: Stored | null) => Promise<Answer<Saved>>;
  readonly onSaved?: (saved: Saved, values: Values) => void;
  /** Reads what a conflict brought into the form's shape; without it a conflict is an ordinary refusal. */
  readonly fromStored?: (stored: Stored) => Values;
  /** Words for the comparison of two versions, where fields alone do not have them. */
  readonly tell?: Tell;
  /** What can be found wrong before asking the server: path → sentence. */
  readonly check?: (values: Values) => Readonly<Partial<Record<string, string>>>;
}

export interface Form<Values> {
  readonly values: Values;
  readonly isDirty: boolean;
  readonly isSaving: boolean;
  /** The refusal of the last attempt, while nothing was changed since. */
  readonly problem: Problem | null;
  /** What is wrong with a field, or null. */
  readonly errorOf: (name: string) => string | null;
  /** Errors of the server that no field of the form carries. */
  readonly otherErrors: readonly string[];
  readonly set: (changes: Partial<Values>) => void;
  readonly reset: (values: Values) => void;
  readonly submit: () => Promise<void>;
  /** Fields say that they are there, so that nothing the server says is lost. */
  readonly register: (name: string, label: string, say?: Say) => void;
  readonly conflict: Conflict<Values> | null;
  readonly keepMine: () => Promise<void>;
  readonly takeTheirs: () => void;
  /** The comparison is put away or looked at again; what was typed stays as it is, not saved. */
  readonly compare: (isOpen: boolean) => void;
}

export interface Conflict<Values> {
  readonly mine: Values;
  readonly theirs: Values;
  readonly fields: ReadonlyMap<string, Said>;
  readonly tell: Tell;
  readonly isOpen: boolean;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether the server means the field, or a part of it. */
const isOf = (name: string, path: string): boolean => path === name || path.startsWith(`${name}.`);

/** What was said of a field holds until the field is changed. */
function withoutErrors(problem: Problem | null, names: readonly string[]): Problem | null {
  return (
    problem && {
      ...problem,
      errors: problem.errors.filter(({ path }) => !names.some((name) => isOf(name, path))),
    }
  );
}

interface Refusals {
  readonly problem: Problem | null;
  readonly errorOf: (name: string) => string | null;
  readonly otherErrors: (fields: ReadonlyMap<string, unknown>) => readonly string[];
  readonly put: (errors: Errors, problem: Problem | null) => void;
  /** These fields were changed. */
  readonly forget: (names: readonly string[]) => void;
}

type Errors = Readonly<Partial<Record<string, string>>>;

/** What was wrong at the last attempt, field by field, as long as the field stands as it was. */
function useRefusals(): Refusals {
  const [errors, setErrors] = useState<Errors>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  return {
    problem,
    errorOf: (name) =>
      errors[name] ?? problem?.errors.find(({ path }) => isOf(name, path))?.message ?? null,
    otherErrors: (fields) =>
      (problem?.errors ?? [])
        .filter(({ path }) => ![...fields.keys()].some((name) => isOf(name, path)))
        .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)),
    put: (found, refused) => {
      setErrors(found);
      setProblem(refused);
    },
    forget: (names) => {
      setErrors((old) =>
        Object.fromEntries(Object.entries(old).filter(([name]) => !names.includes(name))),
      );
      setProblem((old) => withoutErrors(old, names));
    },
  };
}

/**
 * What the values stand on: as it was read, or taken over from a conflict. `follows` takes a newer one in, unless what is typed
 * would come to stand on words that nobody has seen.
 */
function useStanding<Stored>(
  read: Stored | null,
  follows: (now: Stored) => boolean,
): { current: Stored | null } {
  const standsOnRef = useRef(read);
  const followsRef = useLatest(follows);
  useEffect(() => {
    if (read !== null && followsRef.current(read)) standsOnRef.current = read;
  }, [read, followsRef]);
  return standsOnRef;
}

/** Values, what changed, what the server refused and where, two people at once, and the question before leaving. */
export function useForm<Values extends object, Saved = unknown, Stored = never>(
  options: FormOptions<Values, Saved, Stored>,
): Form<Values> {
  const [base, setBase] = useState(options.initial);
  const [values, setValues] = useState(options.initial);
  const refusals = useRefusals();
  const [isSaving, setSaving] = useState(false);
  const [stored, setStored] = useState<Stored | null>(null);
  const [isComparing, setComparing] = useState(false);
  const fields = useRef(new Map<string, Said>()).current;
  const words = useWords(KIT);
  const toast = useToast();
  const isDirty = useMemo(() => !same(base, values), [base, values]);
  useLeaveGuard(isDirty);

  const settle = (next: Values): void => {
    setBase(next);
    setValues(next);
    refusals.put({}, null);
    setStored(null);
  };
  const standsOnRef = useStanding<Stored>(options.stored ?? null, (now) => {
    const next = options.fromStored?.(now) ?? base;
    const isOther = !same(next, base);
    if (isOther && !isDirty) settle(next);
    return !isOther || !isDirty;
  });
  const send = async (over: Stored | null): Promise<void> => {
    const found = options.check?.(values) ?? {};
    refusals.put(found, refusals.problem);
    if (Object.keys(found).length > 0) return focusFirstError();
    setSaving(true);
    const answer = await options.save(values, over);
    setSaving(false);
    if (answer.ok) {
      standsOnRef.current = options.stored ?? null;
      settle(values);
      options.onSaved?.(answer.value, values);
      return;
    }
    const theirs = options.fromStored ? (conflictOf(answer.problem) as Stored | null) : null;
    setStored(theirs);
    setComparing(theirs !== null);
    refusals.put({}, theirs ? null : answer.problem);
    focusFirstError();
  };
  const { fromStored, tell = {} } = options;
  const theirs = stored !== null && fromStored ? fromStored(stored) : null;
  return {
    ...{ values, isDirty, isSaving, problem: refusals.problem, errorOf: refusals.errorOf },
    otherErrors: refusals.otherErrors(fields),
    set: (changes) => {
      setValues((old) => ({ ...old, ...changes }));
      refusals.forget(Object.keys(changes));
    },
    reset: settle,
    submit: () => (isSaving ? Promise.resolve() : send(standsOnRef.current)),
    register: (name, label, say) => void fields.set(name, { label, say: say ?? null }),
    conflict: theirs && { mine: values, theirs, fields, tell, isOpen: isComparing },
    keepMine: () => send(stored),
    takeTheirs: () => {
      if (!theirs) return;
      standsOnRef.current = stored;
      settle(theirs);
      toast.show({ text: words.tookTheirs, undo: () => setValues(values) });
    },
    compare: setComparing,
  };
}

/** Where the eye has to go next: the first field that is wrong. */
function focusFirstError(): void {
  setTimeout(() => document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(), 0);
}

/** Asks before an address is left on which something is not saved. */
export function useLeaveGuard(isDirty: boolean): void {
  const router = useRouter();
  const confirm = useConfirm();
  const words = useWords(KIT);
  useEffect(() => {
    if (!isDirty) return;
    return router.guard(() =>
      confirm({
        title: words.leaveTitle,
        body: words.leaveBody,
        act: words.leave,
        cancel: words.stay,
        danger: true,
      }),
    );
  }, [isDirty, router, confirm, words]);
}
