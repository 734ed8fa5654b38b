import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, Field, Icon, useProblemSentence, useWords, type Problem } from "../kit/index.ts";
import { SIGN_IN } from "./words.ts";

export interface AuthField {
  readonly name: string;
  readonly label: string;
  readonly type?: "text" | "email" | "password";
  readonly autocomplete: string;
  readonly help?: string;
  readonly value?: string;
  readonly isCode?: boolean;
}

/** A sentence for what a sign-in was refused with. */
export function useSignInSentence(): (problem: Problem) => string {
  const words = useWords(SIGN_IN);
  const sentence = useProblemSentence();
  return (problem) => {
    const { reason, waitMs } = problem.figures;
    if (problem.code === "rate_limited" && typeof waitMs === "number") {
      return words.wait(Math.ceil(waitMs / 1_000));
    }
    const known = words.reasons as Readonly<Record<string, string>>;
    return (typeof reason === "string" ? known[reason] : undefined) ?? sentence(problem);
  };
}

/** One short form: its fields are read when it is sent, so that a password manager may fill them as it likes. */
export function AuthForm({
  title,
  intro,
  fields,
  act,
  onSubmit,
  children,
}: {
  title: string;
  intro?: ComponentChildren;
  fields: readonly AuthField[];
  act: string;
  /** Null: it was taken, and the page goes on. */
  onSubmit: (values: Readonly<Record<string, string>>) => Promise<Problem | null>;
  children?: ComponentChildren;
}): JSX.Element {
  const words = useWords(SIGN_IN);
  const sentence = useSignInSentence();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    document.title = title;
    form.current?.querySelector("input")?.focus();
  }, [title]);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!form.current || isBusy) return;
    setBusy(true);
    const entries = [...new FormData(form.current)].map(([name, value]) => [name, String(value)]);
    const refused = await onSubmit(Object.fromEntries(entries) as Record<string, string>);
    setProblem(refused);
    setBusy(refused === null);
    if (refused)
      setTimeout(
        () => form.current?.querySelector<HTMLElement>("[aria-invalid=true],input")?.focus(),
        0,
      );
  };
  const errorOf = (name: string): string | null => {
    const found = problem?.errors.find(({ path }) => path === name)?.message;
    const known = words.errors as Readonly<Record<string, string>>;
    return found === undefined ? null : (known[found] ?? found);
  };
  return (
    <form class="form auth" ref={form} onSubmit={(event) => void submit(event)}>
      <h1>{title}</h1>
      {intro !== undefined && <p class="sec">{intro}</p>}
      {problem && problem.errors.length === 0 && (
        <div class="refusal" role="alert">
          <Icon name="alert" size={18} />
          <p>{sentence(problem)}</p>
        </div>
      )}
      {fields.map((field) => (
        <AuthInput key={field.name} field={field} error={errorOf(field.name)} />
      ))}
      <Button kind="primary" type="submit" busy={isBusy}>
        {act}
      </Button>
      {children}
    </form>
  );
}

function AuthInput({ field, error }: { field: AuthField; error: string | null }): JSX.Element {
  const { name, label, type = "text", autocomplete, help, value, isCode } = field;
  const id = `auth-${name}`;
  // Every kind of text has the same attributes; the types of the elements tell them apart.
  const kind = { type } as { type: "text" };
  return (
    <Field id={id} label={label} error={error} help={help}>
      <input
        id={id}
        name={name}
        {...kind}
        class={isCode ? "in num" : "in"}
        required
        autocomplete={autocomplete}
        aria-describedby={`${id}-help`}
        aria-invalid={error !== null}
        {...(isCode ? { autoCapitalize: "off", spellcheck: false } : {})}
        {...(value === undefined ? {} : { defaultValue: value })}
      />
    </Field>
  );
}
