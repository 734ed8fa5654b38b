import type { JSX } from "preact";
import { useState } from "preact/hooks";
import {
  Button,
  CsvButton,
  Dialog,
  csvOf,
  download,
  useConsole,
  useToast,
  useWords,
} from "../kit/index.ts";
import { WORDS, type OrderWords } from "./words.ts";

interface Report {
  readonly sent: number;
  readonly repeated: number;
  readonly bad: readonly { readonly line: number; readonly reason: string }[];
}

function BadLines({ report, words }: { report: Report; words: OrderWords }): JSX.Element | null {
  if (report.bad.length === 0) return null;
  const say = (reason: string): string => {
    const [code = "", column] = reason.split(":", 2);
    return column ? `${words.columnMissing} ${column}` : (words.reasons[code] ?? code);
  };
  const bad = (
    <div class="table-scroll ord-bad" tabIndex={0} role="region" aria-label={words.why}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.line}</th>
            <th scope="col">{words.why}</th>
          </tr>
        </thead>
        <tbody>
          {report.bad.map(({ line, reason }) => (
            <tr key={`${line} ${reason}`}>
              <td class="num">{line}</td>
              <td>{say(reason)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
  return (
    <div class="stack-1">
      {bad}
      <CsvButton
        name={words.why}
        rows={report.bad}
        columns={[
          [words.line, ({ line }) => line],
          [words.why, ({ reason }) => say(reason)],
        ]}
      />
    </div>
  );
}

function FileInput(props: {
  words: OrderWords;
  onFile: (file: File | undefined) => void;
}): JSX.Element {
  return (
    <label class="stack-1">
      <span>{props.words.importFile}</span>
      <input
        type="file"
        accept=".csv,text/csv"
        onChange={(event) => props.onFile(event.currentTarget.files?.[0])}
      />
    </label>
  );
}

/** Checked first, then sent: nobody ships a file that they have not seen the errors of. */
export function ImportDialog({
  onClose,
  onDone,
}: {
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const words = useWords(WORDS);
  const { call } = useConsole();
  const toast = useToast();
  const [text, setText] = useState<string | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const [isBusy, setBusy] = useState(false);
  const send = async (dryRun: boolean): Promise<void> => {
    if (text === null) return;
    setBusy(true);
    const path = `/api/v1/staff/shipments/import?dryRun=${String(dryRun)}`;
    const answer = await call<Report>("POST", path, text, { timeoutMs: 120_000 });
    setBusy(false);
    if (!answer.ok) return toast.refuse(answer.problem);
    setReport(answer.value);
    if (dryRun) return;
    const { sent, repeated } = answer.value;
    toast.show({ text: words.importDone(sent, repeated), tone: "ok" });
    onDone();
    if (answer.value.bad.length === 0) onClose();
    else setText(null);
  };
  const choose = async (file: File | undefined): Promise<void> => {
    setReport(null);
    setText(file ? await file.text() : null);
  };
  const head = [words.order, words.carrier, words.trackingNo, words.quantity];
  return (
    <Dialog
      title={words.importTitle}
      onClose={onClose}
      wide
      foot={
        <>
          <Button onClick={() => download("shipments.csv", csvOf(head, []))}>
            {words.template}
          </Button>
          <Button busy={isBusy} disabled={text === null} onClick={() => void send(true)}>
            {words.importCheck}
          </Button>
          <Button
            kind="primary"
            busy={isBusy}
            disabled={text === null || !report || report.sent === 0}
            onClick={() => void send(false)}
          >
            {words.importGo(report?.sent ?? 0)}
          </Button>
        </>
      }
    >
      <div class="stack">
        <p class="sec">{words.importHelp}</p>
        <FileInput words={words} onFile={(file) => void choose(file)} />
        {report && <BadLines report={report} words={words} />}
      </div>
    </Dialog>
  );
}
