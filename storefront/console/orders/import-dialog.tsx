import type { JSX } from "preact";
import { useState } from "preact/hooks";
import {
  Button,
  CsvButton,
  Dialog,
  csvOf,
  download,
  textOfFile,
  useConsole,
  useLeaveGuard,
  useToast,
  useWords,
  type Answer,
} from "../kit/index.ts";
import { ProgressBar, type Progress } from "./progress-bar.tsx";
import { WORDS, type OrderWords } from "./words.ts";

interface NamedLine {
  readonly line: number;
  readonly reason: string;
}

interface Report {
  readonly sent: number;
  readonly repeated: number;
  readonly bad: readonly NamedLine[];
  /** They go out all the same. */
  readonly warned: readonly NamedLine[];
}

/** What one request answers of a file that is worked off in parts. */
interface Part extends Report {
  readonly lines: number;
  readonly nextLine: number | null;
}

/** Lines of a request: about a second of work. */
const PART = 50;
const NOTHING: Report = { sent: 0, repeated: 0, bad: [], warned: [] };

/** Sends a file part by part, and says how far it is; null: nothing is under way. */
function useParts(): {
  readonly progress: Progress | null;
  readonly send: (text: string, dryRun: boolean) => Promise<Answer<Report>>;
} {
  const { call } = useConsole();
  const [progress, setProgress] = useState<Progress | null>(null);
  const send = async (text: string, dryRun: boolean): Promise<Answer<Report>> => {
    let report = NOTHING;
    let done = 0;
    setProgress({ done: 0, lines: 0 });
    for (let fromLine: number | null = 1; fromLine !== null;) {
      const query: string = `dryRun=${String(dryRun)}&fromLine=${fromLine}&linesMax=${PART}`;
      const path = `/api/v1/staff/shipments/import?${query}`;
      const answer: Answer<Part> = await call<Part>("POST", path, text, { timeoutMs: 120_000 });
      if (!answer.ok) {
        setProgress(null);
        return answer;
      }
      const { sent, repeated, bad, warned, lines, nextLine } = answer.value;
      report = {
        ...{ sent: report.sent + sent, repeated: report.repeated + repeated },
        bad: [...report.bad, ...bad],
        warned: [...report.warned, ...warned],
      };
      done += PART;
      setProgress({ done: Math.min(done, lines), lines });
      fromLine = nextLine;
    }
    setProgress(null);
    return { ok: true, status: 200, value: report };
  };
  return { progress, send };
}

interface NamedLinesProps {
  readonly named: readonly NamedLine[];
  readonly lines: readonly string[];
  readonly words: OrderWords;
}

function NamedLines({ named, lines, words }: NamedLinesProps): JSX.Element | null {
  if (named.length === 0) return null;
  const written = (line: number): string => lines[line - 1] ?? "";
  const say = (reason: string): string => {
    const [code = "", column] = reason.split(":", 2);
    return column ? `${words.columnMissing} ${column}` : (words.reasons[code] ?? code);
  };
  const table = (
    <div class="table-scroll ord-bad" tabIndex={0} role="region" aria-label={words.why}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.line}</th>
            <th scope="col">{words.why}</th>
            <th scope="col">{words.lineText}</th>
          </tr>
        </thead>
        <tbody>
          {named.map(({ line, reason }) => (
            <tr key={`${line} ${reason}`}>
              <td class="num">{line}</td>
              <td class="says">{say(reason)}</td>
              <td class="mute">{written(line)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
  return (
    <div class="stack-1">
      {table}
      <CsvButton
        name={words.why}
        rows={named}
        columns={[
          [words.line, ({ line }) => line],
          [words.why, ({ reason }) => say(reason)],
          [words.lineText, ({ line }) => written(line)],
        ]}
      />
    </div>
  );
}

interface OutcomeProps extends Omit<NamedLinesProps, "named"> {
  readonly report: Report;
  readonly isSent: boolean;
}

/** What would go out, or went out, and which lines do not. */
function Outcome({ report, isSent, ...props }: OutcomeProps): JSX.Element {
  const { words } = props;
  const { sent, repeated, bad, warned } = report;
  return (
    <>
      <p role="status">
        {isSent ? words.importDone(sent, repeated) : words.importChecked(sent, repeated)}
        {bad.length > 0 && <span class="danger-text"> {words.importBad(bad.length)}</span>}
      </p>
      <NamedLines {...props} named={bad} />
      {warned.length > 0 && <p class="warn-text">{words.importWarned(warned.length)}</p>}
      <NamedLines {...props} named={warned} />
    </>
  );
}

function FileInput(props: {
  words: OrderWords;
  isBusy: boolean;
  onFile: (file: File | undefined) => void;
}): JSX.Element {
  return (
    <label class="stack-1">
      <span>{props.words.importFile}</span>
      <input
        type="file"
        accept=".csv,text/csv"
        disabled={props.isBusy}
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
  const toast = useToast();
  const [text, setText] = useState<string | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const [isSent, setSent] = useState(false);
  const { progress, send } = useParts();
  const isBusy = progress !== null;
  useLeaveGuard(isBusy);
  const go = async (dryRun: boolean): Promise<void> => {
    if (text === null) return;
    const answer = await send(text, dryRun);
    // What went out before it broke is out: sent again, a line is the same parcel.
    if (!answer.ok && !dryRun) onDone();
    if (!answer.ok) return toast.refuse(answer.problem);
    setReport(answer.value);
    if (dryRun) return;
    const { sent, repeated } = answer.value;
    toast.show({ text: words.importDone(sent, repeated), tone: "ok" });
    onDone();
    if (answer.value.bad.length === 0) onClose();
    else setSent(true);
  };
  const choose = async (file: File | undefined): Promise<void> => {
    setReport(null);
    setSent(false);
    setText(file ? await textOfFile(file) : null);
  };
  const head = [words.order, words.carrier, words.trackingNo, words.quantity];
  return (
    <Dialog
      title={words.importTitle}
      onClose={onClose}
      wide
      acts={
        !isSent && (
          <>
            <Button onClick={() => download("shipments.csv", csvOf(head, []))}>
              {words.template}
            </Button>
            <Button busy={isBusy} disabled={text === null} onClick={() => void go(true)}>
              {words.importCheck}
            </Button>
            <Button
              kind="primary"
              busy={isBusy}
              disabled={!report || report.sent === 0}
              onClick={() => void go(false)}
            >
              {words.importGo(report?.sent ?? 0)}
            </Button>
          </>
        )
      }
    >
      <div class="stack">
        <p class="sec">{words.importHelp}</p>
        <FileInput words={words} isBusy={isBusy} onFile={(file) => void choose(file)} />
        {progress && <ProgressBar {...progress} label={words.importTitle} />}
        {report && <Outcome {...{ report, isSent, words }} lines={(text ?? "").split(/\r?\n/)} />}
      </div>
    </Dialog>
  );
}
