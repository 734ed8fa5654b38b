import type { JSX } from "preact";
import {
  FormDialog,
  TextField,
  useForm,
  useWords,
  type Answer,
  type Problem,
} from "../kit/index.ts";
import { SIGN_IN } from "../sign-in/words.ts";
import { SECURITY } from "./words.ts";

export interface Asked {
  readonly name: string;
  readonly password: string;
  readonly next: string;
}

/** The words for what the server found wrong with a field, in a sentence for people. */
export function useSpoken(): <T>(answer: Answer<T>) => Answer<T> {
  const words = useWords(SIGN_IN);
  const known = words.errors as Readonly<Record<string, string>>;
  const spoken = (problem: Problem): Problem => {
    const errors = problem.errors.map(({ path, message }) => ({
      path,
      message: known[message] ?? message,
    }));
    const { waitMs } = problem.figures;
    const detail =
      typeof waitMs === "number" ? words.wait(Math.ceil(waitMs / 1_000)) : problem.detail;
    return { ...problem, errors, detail };
  };
  return (answer) => (answer.ok ? answer : { ...answer, problem: spoken(answer.problem) });
}

/** Asks for the password again before what outlives this session; beside it a name, or a new password. */
export function AskDialog({
  title,
  act,
  why,
  with: beside,
  save,
  onClose,
}: {
  title: string;
  act: string;
  /** What is lost by the act; absent where nothing is. */
  why?: string | undefined;
  with?: "name" | "next";
  /** What it answers ends the dialogue, or is shown in it. */
  save: (asked: Asked) => Promise<Answer<unknown>>;
  onClose: () => void;
}): JSX.Element {
  const words = useWords(SECURITY);
  const speak = useSpoken();
  const form = useForm<Asked>({
    initial: { name: "", password: "", next: "" },
    save: async (asked) => speak(await save(asked)),
    onSaved: onClose,
  });
  return (
    <FormDialog title={title} onClose={onClose} form={form} act={act} danger={why !== undefined}>
      {why !== undefined && <p>{why}</p>}
      {beside === "name" && (
        <TextField
          {...{ form, name: "name", label: words.passkeyName, help: words.passkeyNameHelp }}
          maxLength={40}
          required
        />
      )}
      <TextField
        {...{ form, name: "password", label: words.current, type: "password" }}
        autocomplete="current-password"
        required
      />
      {beside === "next" && (
        <TextField
          {...{ form, name: "next", label: words.next, help: words.nextHelp, type: "password" }}
          autocomplete="new-password"
          required
        />
      )}
    </FormDialog>
  );
}
