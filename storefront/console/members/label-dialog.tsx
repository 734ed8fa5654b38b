import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { LabelView } from "../../../worker/segments/wire.ts";
import {
  Button,
  Dialog,
  Field,
  useConsole,
  useToast,
  useUndo,
  useWords,
  type Answer,
} from "../kit/index.ts";
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

/** Members that one call labels. */
const PART = 200;

interface Labelled {
  readonly changed: readonly string[];
}

/** A label on or off for many, part by part, with the progress told; answers whose labels are others now. */
function useLabels(): (
  labelId: string,
  memberIds: readonly string[],
  isOn: boolean,
) => Promise<Answer<Labelled>> {
  const words = useWords(MEMBERS);
  const { call } = useConsole();
  const toast = useToast();
  return async (labelId, memberIds, isOn) => {
    const changed: string[] = [];
    for (let at = 0; at < memberIds.length; at += PART) {
      if (at > 0) toast.show({ text: words.each(at, memberIds.length), stays: true });
      const body = { memberIds: memberIds.slice(at, at + PART), isOn };
      const path = `/api/v1/staff/labels/${labelId}/members`;
      const answer = await call<Labelled>("POST", path, body);
      if (!answer.ok) return answer;
      changed.push(...answer.value.changed);
    }
    return { ok: true, status: 200, value: { changed } };
  };
}

interface Labelling {
  readonly memberIds: readonly string[];
  readonly labels: readonly LabelView[];
  readonly onDone: () => void;
  /** What shows labels is read anew; told again when it is undone. */
  readonly onAgain: () => void;
}

interface LabelActs {
  /** The label that is on its way; empty: a new one. */
  readonly busy: string | null;
  readonly put: (labelId: string) => Promise<void>;
  readonly make: (name: string) => Promise<void>;
}

function useLabelling({ memberIds, labels, onDone, onAgain }: Labelling): LabelActs {
  const words = useWords(MEMBERS);
  const { call } = useConsole();
  const toast = useToast();
  const sayUndo = useUndo();
  const label = useLabels();
  const [busy, setBusy] = useState<string | null>(null);
  const put = async (labelId: string): Promise<void> => {
    setBusy(labelId);
    const answer = await label(labelId, memberIds, true);
    setBusy(null);
    if (!answer.ok) return toast.refuse(answer.problem);
    const { changed } = answer.value;
    // Whoever had it before keeps it.
    const back = (): Promise<Answer<unknown>> => label(labelId, changed, false);
    sayUndo({ text: words.labelled(memberIds.length), back, again: onAgain });
    onDone();
    onAgain();
  };
  const make = async (name: string): Promise<void> => {
    const known = labels.find((one) => one.name === name);
    if (known) return put(known.labelId);
    setBusy("");
    const labelId = labelIdOf(name, labels, Date.now());
    const answer = await call("PUT", `/api/v1/staff/labels/${labelId}`, { name });
    if (answer.ok) return put(labelId);
    setBusy(null);
    toast.refuse(answer.problem);
  };
  return { busy, put, make };
}

/** Puts one of the labels, or a new one, on some members. */
export function LabelDialog({
  onClose,
  ...labelling
}: Labelling & { onClose: () => void }): JSX.Element {
  const words = useWords(MEMBERS);
  const { labels } = labelling;
  const { busy, put, make } = useLabelling(labelling);
  const [typed, setTyped] = useState("");
  const name = typed.trim();
  return (
    <Dialog
      title={words.putLabel}
      onClose={onClose}
      acts={
        <Button
          kind="primary"
          busy={busy !== null}
          disabled={name === ""}
          onClick={() => void make(name)}
        >
          {words.labelOn}
        </Button>
      }
    >
      <div class="stack">
        <div class="row">
          {labels.map(({ labelId, name: title }) => (
            <Button
              key={labelId}
              size="sm"
              kind="quiet"
              icon="tag"
              busy={busy === labelId}
              disabled={busy !== null && busy !== labelId}
              onClick={() => void put(labelId)}
            >
              {title}
            </Button>
          ))}
          {labels.length === 0 && <p class="mute">{words.noLabels}</p>}
        </div>
        <Field id="new-label" label={words.newLabel} help={words.newLabelHelp}>
          <input
            id="new-label"
            class="in"
            maxLength={40}
            value={typed}
            aria-describedby="new-label-help"
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </Field>
      </div>
    </Dialog>
  );
}
