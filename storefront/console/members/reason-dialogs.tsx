import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { RevealedView } from "../../../worker/register/wire.ts";
import {
  Dialog,
  FormAct,
  FormDialog,
  FormView,
  useConsole,
  useForm,
  useToast,
  useUndo,
  useWords,
  type Answer,
} from "../kit/index.ts";
import { WhyField } from "./why-field.tsx";
import { MEMBERS } from "./words.ts";

export function BlockDialog({
  at,
  isBlocked,
  onClose,
  onDone,
}: {
  at: string;
  isBlocked: boolean;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const words = useWords(MEMBERS);
  const { call } = useConsole();
  const toast = useToast();
  const sayUndo = useUndo();
  const form = useForm({
    initial: { reason: "" },
    save: (values) => call("POST", `${at}/${isBlocked ? "unblock" : "block"}`, values),
    onSaved: () => {
      if (isBlocked) toast.show({ text: words.unblockDone });
      else {
        const reason = words.undoReason;
        const back = (): Promise<Answer<unknown>> => call("POST", `${at}/unblock`, { reason });
        sayUndo({ text: words.blockDone, back, again: onDone });
      }
      onDone();
    },
  });
  return (
    <FormDialog
      title={isBlocked ? words.unblockTitle : words.blockTitle}
      onClose={onClose}
      form={form}
      act={isBlocked ? words.unblock : words.block}
    >
      <p>{isBlocked ? words.unblockBody : words.blockBody}</p>
      <WhyField form={form} />
    </FormDialog>
  );
}

/** Name and phone in full, as long as the dialog is open. */
export function RevealDialog({ at, onClose }: { at: string; onClose: () => void }): JSX.Element {
  const words = useWords(MEMBERS);
  const { call } = useConsole();
  const [seen, setSeen] = useState<RevealedView | null>(null);
  const form = useForm<{ reason: string }, RevealedView>({
    initial: { reason: "" },
    save: (values) => call("POST", `${at}/reveal`, values),
    onSaved: setSeen,
  });
  return (
    <Dialog
      title={words.reveal}
      onClose={onClose}
      acts={!seen && <FormAct form={form}>{words.revealAct}</FormAct>}
    >
      {seen ? (
        <dl class="facts">
          <dt>{words.name}</dt>
          <dd>{seen.name || words.unnamed}</dd>
          <dt>{words.phone}</dt>
          <dd class="num">{seen.phone ?? words.noPhone}</dd>
        </dl>
      ) : (
        <FormView form={form} quiet>
          <p>{words.revealBody}</p>
          <WhyField form={form} />
        </FormView>
      )}
    </Dialog>
  );
}
