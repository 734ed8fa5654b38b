import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { conflictOf, type Answer, type Problem } from "./client.ts";
import { useConfirm } from "./dialog.tsx";
import { KIT } from "./kit-words.ts";
import { useRouter } from "./router.ts";
import { useWords } from "./words.ts";

export interface FormOptions<Values, Saved, Stored> {
  readonly initial: Values;
  /** `over`: what somebody else saved meanwhile and is to be overwritten; send its version. */
  readonly save: (values: Values, over: Stored | null) => Promise<Answer<Saved>>;
  readonly onSaved?: (saved: Saved, values: Values) => void;
  /** Reads what a conflict brought into the form's shape; without it a conflict is an ordinary refusal. */
  readonly fromStored?: (stored: Stored) => Values;
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
  readonly register: (name: string, label: string) => void;
  readonly conflict: { mine: Values; theirs: Values; labels: ReadonlyMap<string, string> } | null;
  readonly keepMine: () => Promise<void>;
  readonly takeTheirs: () => void;
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

/** Values, what changed, what the server refused and where, two people at once, and the question before leaving. */
export function useForm<Values extends object, Saved = unknown, Stored = never>(
  options: FormOptions<Values, Saved, Stored>,
): Form<Values> {
  const [base, setBase] = useState(options.initial);
  const [values, setValues] = useState(options.initial);
  const [errors, setErrors] = useState<Readonly<Partial<Record<string, string>>>>({});
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [stored, setStored] = useState<Stored | null>(null);
  const labels = useRef(new Map<string, string>()).current;
  const isDirty = useMemo(() => !same(base, values), [base, values]);
  useLeaveGuard(isDirty);

  const settle = (next: Values): void => {
    setBase(next);
    setValues(next);
    setProblem(null);
    setErrors({});
    setStored(null);
  };
  const send = async (over: Stored | null): Promise<void> => {
    const found = options.check?.(values) ?? {};
    setErrors(found);
    if (Object.keys(found).length > 0) return focusFirstError();
    setSaving(true);
    const answer = await options.save(values, over);
    setSaving(false);
    if (answer.ok) {
      settle(values);
      options.onSaved?.(answer.value, values);
      return;
    }
    const theirs = options.fromStored ? (conflictOf(answer.problem) as Stored | null) : null;
    setStored(theirs);
    setProblem(theirs ? null : answer.problem);
    focusFirstError();
  };
  return {
    values,
    isDirty,
    isSaving,
    problem,
    errorOf: (name) =>
      errors[name] ?? problem?.errors.find(({ path }) => isOf(name, path))?.message ?? null,
    otherErrors: (problem?.errors ?? [])
      .filter(({ path }) => ![...labels.keys()].some((name) => isOf(name, path)))
      .map(({ path, message }) => (path === "" ? message : `${path}: ${message}`)),
    set: (changes) => {
      setValues((old) => ({ ...old, ...changes }));
      setErrors((old) =>
        Object.fromEntries(Object.entries(old).filter(([name]) => !(name in changes))),
      );
      setProblem((old) => withoutErrors(old, Object.keys(changes)));
    },
    reset: settle,
    submit: () => send(null),
    register: (name, label) => void labels.set(name, label),
    conflict:
      stored !== null && options.fromStored
        ? { mine: values, theirs: options.fromStored(stored), labels }
        : null,
    keepMine: () => send(stored),
    takeTheirs: () => stored !== null && options.fromStored && settle(options.fromStored(stored)),
  };
}

/** Where the eye has to go next: the first field that is wrong. */
function focusFirstError(): void {
  setTimeout(() => document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus(), 0);
}

function useLeaveGuard(isDirty: boolean): void {
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
