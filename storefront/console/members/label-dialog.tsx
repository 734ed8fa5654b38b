import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { LabelView } from "../../../worker/segments/wire.ts";
import { Button, Dialog, Field, useConsole, useToast, useWords } from "../kit/index.ts";
import { MEMBERS } from "./words.ts";

/** An id that rules can use, from a name; Chinese names, and those whose id another label has, get one of their own. */
export function labelIdOf(name: string, labels: readonly LabelView[], nowMs: number): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^0-9a-z]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 40);
  const isTaken = labels.some(({ labelId }) => labelId === plain);
  return plain === "" || isTaken ? `${plain || "label"}-${nowMs.toString(36)}` : plain;
}

/** Puts one of the labels, or a new one, on some members. */
export function LabelDialog({
  memberIds,
  labels,
  onClose,
  onDone,
}: {
  memberIds: readonly string[];
  labels: readonly LabelView[];
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const words = useWords(MEMBERS);
  const { call } = useConsole();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const put = async (labelId: string): Promise<void> => {
    for (let at = 0; at < memberIds.length; at += 200) {
      const part = memberIds.slice(at, at + 200);
      const answer = await call("POST", `/api/v1/staff/labels/${labelId}/members`, {
        memberIds: part,
        isOn: true,
      });
      if (!answer.ok) return toast.refuse(answer.problem);
    }
    toast.show({ text: words.labelled(memberIds.length) });
    onDone();
  };
  const make = async (name: string): Promise<void> => {
    const known = labels.find((label) => label.name === name.trim());
    if (known) return put(known.labelId);
    setBusy(true);
    const labelId = labelIdOf(name, labels, Date.now());
    const answer = await call("PUT", `/api/v1/staff/labels/${labelId}`, { name: name.trim() });
    if (answer.ok) await put(labelId);
    else toast.refuse(answer.problem);
    setBusy(false);
  };
  return (
    <Dialog title={words.putLabel} onClose={onClose}>
      <div class="stack">
        <div class="row">
          {labels.map(({ labelId, name: title }) => (
            <Button
              key={labelId}
              size="sm"
              kind="quiet"
              icon="tag"
              onClick={() => void put(labelId)}
            >
              {title}
            </Button>
          ))}
          {labels.length === 0 && <p class="mute">{words.noLabels}</p>}
        </div>
        <NewLabel isBusy={isBusy} onMake={(name) => void make(name)} />
      </div>
    </Dialog>
  );
}

function NewLabel({
  isBusy,
  onMake,
}: {
  isBusy: boolean;
  onMake: (name: string) => void;
}): JSX.Element {
  const words = useWords(MEMBERS);
  const [name, setName] = useState("");
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        onMake(name);
      }}
    >
      <Field id="new-label" label={words.newLabel} help={words.newLabelHelp}>
        <input
          id="new-label"
          class="in"
          maxLength={40}
          value={name}
          aria-describedby="new-label-help"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </Field>
      <Button type="submit" kind="primary" busy={isBusy} disabled={name.trim() === ""}>
        {words.labelOn}
      </Button>
    </form>
  );
}
