import type { JSX } from "preact";
import { useState } from "preact/hooks";
import {
  Button,
  Dialog,
  Refused,
  useConsole,
  useLeaveGuard,
  useToast,
  useWords,
  type Problem,
} from "../kit/index.ts";
import { ProgressBar, type Progress } from "./progress-bar.tsx";
import { newId } from "./types.ts";
import { WORDS } from "./words.ts";

/** Codes of a request: about a second of work. */
const PART = 500;

interface Taken {
  readonly added: number;
  readonly duplicates: readonly number[];
}

interface Taking {
  readonly progress: Progress | null;
  /** Why the codes that still stand in the field were not taken. */
  readonly problem: Problem | null;
  readonly send: () => Promise<void>;
}

/** Takes codes in part by part. What was taken leaves the field, so that what is left goes on from there. */
function useTaking(
  { sku, text }: { readonly sku: string; readonly text: string },
  setText: (text: string) => void,
  onDone: () => void,
): Taking {
  const words = useWords(WORDS);
  const { call } = useConsole();
  const toast = useToast();
  const [batchId] = useState(newId);
  const [progress, setProgress] = useState<Progress | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useLeaveGuard(progress !== null);
  const send = async (): Promise<void> => {
    setProblem(null);
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
    const path = `/api/v1/staff/codes/${encodeURIComponent(sku.trim())}/import?batchId=${batchId}`;
    let added = 0;
    let duplicates = 0;
    for (let done = 0; done < lines.length; done += PART) {
      setProgress({ done, lines: lines.length });
      const part = lines.slice(done, done + PART).join("\n");
      const answer = await call<Taken>("POST", path, part, { timeoutMs: 120_000 });
      if (!answer.ok) {
        setProgress(null);
        setText(lines.slice(done).join("\n"));
        if (done > 0) toast.show({ text: words.codesAdded(added, duplicates), tone: "ok" });
        return setProblem(answer.problem);
      }
      added += answer.value.added;
      duplicates += answer.value.duplicates.length;
    }
    setProgress(null);
    toast.show({ text: words.codesAdded(added, duplicates), tone: "ok" });
    onDone();
  };
  return { progress, problem, send };
}

const faultsOf = ({ errors }: Problem): string[] =>
  errors.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));

export function ImportCodes({
  skuId,
  onClose,
  onDone,
}: {
  skuId: string;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const words = useWords(WORDS);
  const [sku, setSku] = useState(skuId);
  const [text, setText] = useState("");
  const { progress, problem, send } = useTaking({ sku, text }, setText, onDone);
  const isBusy = progress !== null;
  return (
    <Dialog
      title={words.codesImport}
      onClose={onClose}
      acts={
        <Button
          kind="primary"
          busy={isBusy}
          disabled={text.trim() === "" || sku.trim() === ""}
          onClick={() => void send()}
        >
          {words.codesImport}
        </Button>
      }
    >
      <div class="stack">
        {problem && <Refused problem={problem} others={faultsOf(problem)} />}
        <label class="stack-1">
          <span>{words.sku}</span>
          <input
            class="in"
            value={sku}
            disabled={skuId !== "" || isBusy}
            onInput={(event) => setSku(event.currentTarget.value)}
          />
        </label>
        <label class="stack-1">
          <span>{words.codesText}</span>
          <textarea
            class="in area"
            rows={10}
            value={text}
            readOnly={isBusy}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        {progress && <ProgressBar {...progress} label={words.codesImport} />}
      </div>
    </Dialog>
  );
}
