import type { ComponentChildren, JSX } from "preact";
import type { Problem } from "./client.ts";
import { Dialog, type DialogProps } from "./dialog.tsx";
import { differencesOf, type Difference } from "./diff.ts";
import type { IconName } from "./icons.ts";
import { KIT, type KitWords } from "./kit-words.ts";
import { Button, Icon, ReadOnly, useProblemSentence } from "./parts.tsx";
import type { Conflict, Form } from "./use-form.ts";
import { useWords } from "./words.ts";

/** A form with its refusal on top and its acts below. Enter submits it. */
export function FormView<Values extends object>({
  form,
  children,
  act,
  foot,
  quiet = false,
  readOnly = false,
  oneOfMany = false,
}: {
  form: Form<Values>;
  children: ComponentChildren;
  /** The verb of its act; default: save. */
  act?: string;
  /** Beside the act. */
  foot?: ComponentChildren;
  /** The act stands elsewhere, as in the foot of a dialog. */
  quiet?: boolean;
  /** To be looked at: there is no act, and no field takes anything. */
  readOnly?: boolean;
  /** Others stand beside it on the page: its act stands out once there is something to save. */
  oneOfMany?: boolean;
}): JSX.Element {
  const words = useWords(KIT);
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
      {problem && <Refused problem={problem} others={otherErrors} />}
      {form.conflict && (
        <div class="refusal" role="alert">
          <Icon name="alert" size={18} />
          <div class="stack-1">
            <p>{words.conflictStands}</p>
            <div>
              <Button size="sm" onClick={() => form.compare(true)}>
                {words.conflictCompare}
              </Button>
            </div>
          </div>
        </div>
      )}
      {readOnly ? <ReadOnly>{children}</ReadOnly> : children}
      {readOnly ? null : quiet ? (
        // For Enter: the act that stands elsewhere is no button of this form.
        <button type="submit" hidden />
      ) : (
        <div class="form-foot">
          <Button
            kind={oneOfMany && !form.isDirty ? "line" : "primary"}
            type="submit"
            busy={form.isSaving}
          >
            {act ?? words.save}
          </Button>
          {foot}
        </div>
      )}
      {form.conflict?.isOpen && <ConflictDialog form={form} conflict={form.conflict} />}
    </form>
  );
}

/** A form over the page: its fields, its act, and the way out beside it. */
export function FormDialog<Values extends object>({
  form,
  act,
  icon,
  danger = false,
  children,
  ...dialog
}: Pick<DialogProps, "title" | "onClose" | "children" | "wide"> & {
  form: Form<Values>;
  act: string;
  icon?: IconName;
  danger?: boolean;
}): JSX.Element {
  return (
    <Dialog
      {...dialog}
      acts={
        <FormAct form={form} danger={danger} {...(icon ? { icon } : {})}>
          {act}
        </FormAct>
      }
    >
      <FormView form={form} quiet>
        {children}
      </FormView>
    </Dialog>
  );
}

/** What submits a form from where it is not part of it, as from the foot of a dialog. */
export function FormAct<Values extends object>({
  form,
  danger = false,
  ...button
}: {
  form: Form<Values>;
  danger?: boolean;
  icon?: IconName;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <Button
      {...button}
      kind={danger ? "danger" : "primary"}
      busy={form.isSaving}
      onClick={() => void form.submit()}
    />
  );
}

/** Why it was not saved, with what no field of the form says. */
export function Refused(props: { problem: Problem; others: readonly string[] }): JSX.Element {
  const { problem, others } = props;
  const words = useWords(KIT);
  const sentence = useProblemSentence();
  return (
    <div class="refusal" role="alert">
      <Icon name="alert" size={18} />
      <div>
        <p>{sentence(problem)}</p>
        {others.map((error) => (
          <p key={error} class="note">
            {error}
          </p>
        ))}
        {problem.reference !== null && (
          <p class="note mute">{words.reference(problem.reference)}</p>
        )}
      </div>
    </div>
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

/** Both versions beside each other, only where they differ. Closing it decides nothing: what was typed stays in the form. */
function ConflictDialog<Values extends object>({
  form,
  conflict: { mine, theirs, fields, tell },
}: {
  form: Form<Values>;
  conflict: Conflict<Values>;
}): JSX.Element {
  const words = useWords(KIT);
  const differences = differencesOf(mine, theirs, fields, tell, (value) => plainText(value, words));
  return (
    <Dialog
      title={words.conflictTitle}
      wide
      onClose={() => form.compare(false)}
      foot={
        <>
          <Button onClick={() => form.compare(false)}>{words.conflictLater}</Button>
          <Button onClick={form.takeTheirs}>{words.takeTheirs}</Button>
          <Button kind="danger" busy={form.isSaving} onClick={() => void form.keepMine()}>
            {words.keepMine}
          </Button>
        </>
      }
    >
      <p>{words.conflictBody}</p>
      {differences.length === 0 ? (
        <p>{words.conflictSame}</p>
      ) : (
        <DifferenceTable differences={differences} />
      )}
    </Dialog>
  );
}

export function DifferenceTable({
  differences,
}: {
  differences: readonly Difference[];
}): JSX.Element {
  const words = useWords(KIT);
  return (
    <table class="plain differences">
      <thead>
        <tr>
          <th scope="col">{words.conflictField}</th>
          <th scope="col">{words.conflictMine}</th>
          <th scope="col">{words.conflictTheirs}</th>
        </tr>
      </thead>
      <tbody>
        {differences.map(({ path, label, mine, theirs }) => (
          <tr key={path}>
            <td>{label}</td>
            <td>{mine}</td>
            <td>{theirs}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A value that no field has words for: of a part with many, those that can be read. */
function plainText(value: unknown, words: KitWords): string {
  if (value === null || value === undefined || value === "") return words.none;
  if (typeof value === "boolean") return value ? words.on : words.off;
  if (typeof value !== "object") return String(value);
  const parts = Object.values(value).filter((one) => one !== null && one !== "");
  return parts.length === 0 ? words.none : parts.map((one) => plainText(one, words)).join(" · ");
}
