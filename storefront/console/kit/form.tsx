import type { ComponentChildren, JSX } from "preact";
import { Dialog } from "./dialog.tsx";
import { KIT } from "./kit-words.ts";
import { Button, Icon, useProblemSentence } from "./parts.tsx";
import type { Form } from "./use-form.ts";
import { useWords } from "./words.ts";

/** A form with its refusal on top and its acts below. Enter submits it. */
export function FormView<Values extends object>({
  form,
  children,
  act,
  foot,
  quiet = false,
}: {
  form: Form<Values>;
  children: ComponentChildren;
  /** The verb of its act; default: save. */
  act?: string;
  /** Beside the act. */
  foot?: ComponentChildren;
  /** The act stands elsewhere, as in the foot of a dialog. */
  quiet?: boolean;
}): JSX.Element {
  const words = useWords(KIT);
  const sentence = useProblemSentence();
  const { problem, otherErrors } = form;
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
    >
      {problem && (
        <div class="refusal" role="alert">
          <Icon name="alert" size={18} />
          <div>
            <p>{sentence(problem)}</p>
            {otherErrors.map((error) => (
              <p key={error} class="note">
                {error}
              </p>
            ))}
            {problem.reference !== null && (
              <p class="note mute">{words.reference(problem.reference)}</p>
            )}
          </div>
        </div>
      )}
      {children}
      {!quiet && (
        <div class="form-foot">
          <Button kind="primary" type="submit" busy={form.isSaving}>
            {act ?? words.save}
          </Button>
          {foot}
        </div>
      )}
      {form.conflict && <ConflictDialog form={form} conflict={form.conflict} />}
    </form>
  );
}

/** A part of a long form: a title, one line why, and its fields. */
export function FormSection({
  title,
  why,
  children,
}: {
  title: string;
  why?: ComponentChildren;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <fieldset class="form-section">
      <legend>{title}</legend>
      {why !== undefined && <p class="note mute">{why}</p>}
      <div class="fields">{children}</div>
    </fieldset>
  );
}

/** Both versions beside each other, only where they differ. Nothing typed is lost either way. */
function ConflictDialog<Values extends object>({
  form,
  conflict,
}: {
  form: Form<Values>;
  conflict: NonNullable<Form<Values>["conflict"]>;
}): JSX.Element {
  const words = useWords(KIT);
  const mine = conflict.mine as Readonly<Record<string, unknown>>;
  const theirs = conflict.theirs as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string =>
    value === null || value === undefined || value === ""
      ? words.none
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);
  const different = Object.keys(mine).filter((name) => text(mine[name]) !== text(theirs[name]));
  return (
    <Dialog
      title={words.conflictTitle}
      wide
      onClose={form.takeTheirs}
      foot={
        <>
          <Button onClick={form.takeTheirs}>{words.takeTheirs}</Button>
          <Button kind="danger" busy={form.isSaving} onClick={() => void form.keepMine()}>
            {words.keepMine}
          </Button>
        </>
      }
    >
      <p>{words.conflictBody}</p>
      <table class="plain">
        <thead>
          <tr>
            <th>{words.conflictField}</th>
            <th>{words.conflictMine}</th>
            <th>{words.conflictTheirs}</th>
          </tr>
        </thead>
        <tbody>
          {different.map((name) => (
            <tr key={name}>
              <td>{conflict.labels.get(name) ?? name}</td>
              <td>{text(mine[name])}</td>
              <td>{text(theirs[name])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
