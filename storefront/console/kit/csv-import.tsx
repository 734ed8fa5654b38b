import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { useConsole } from "./console.ts";
import { csvOf, download } from "./csv.ts";
import { CSV_IMPORT } from "./csv-import-words.ts";
import { Button, Card } from "./parts.tsx";
import { BASE } from "./router.ts";
import { momentOf } from "./inputs.ts";
import { useNames } from "./use-names.ts";
import { useToast } from "./toast.tsx";
import { useLeaveGuard } from "./use-form.ts";
import { useWords } from "./words.ts";

const BYTES_MAX = 524_288;
const IMPORT_MS_MAX = 300_000;

interface BadLine {
  readonly line: number;
  /** The column; empty where the whole line is meant. */
  readonly field: string;
  readonly reason: string;
}

/** What every import answers, checked or done. */
export interface ImportReport {
  readonly isDryRun: boolean;
  readonly badCount: number;
  readonly bad: readonly BadLine[];
  /** These very lines were written by another import. */
  readonly importedBefore?: { readonly importedBy: string; readonly importedAtMs: number } | null;
}

export interface CsvImportProps<Report extends ImportReport> {
  /** What the file is, and what becomes of its lines. */
  readonly help: string;
  readonly columns: readonly string[];
  readonly sample: readonly (readonly (string | number)[])[];
  readonly sampleName: string;
  /** Takes the file as `text/csv`, with `importId` and `dryRun`. */
  readonly path: string;
  /** A report without a bad line, in a sentence. */
  readonly says: (report: Report) => string;
  /** Where to look at what was imported. */
  readonly see: { readonly href: string; readonly title: string };
}

/** The head is no line. */
const linesOf = (text: string): number => Math.max(0, text.trim().split("\n").length - 1);

interface Chosen {
  readonly name: string;
  readonly text: string;
  /** One file is one import: sent twice, it is written once. */
  readonly importId: string;
}

type Result<Report> =
  | { readonly kind: "report"; readonly report: Report }
  /** Somebody else has to agree first. */
  | { readonly kind: "waits" };

/** A file is checked first; it is written only when somebody saw what it would do, and no line of it is bad. */
export function CsvImport<Report extends ImportReport>(props: CsvImportProps<Report>): JSX.Element {
  const words = useWords(CSV_IMPORT);
  const { call } = useConsole();
  const toast = useToast();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [result, setResult] = useState<Result<Report> | null>(null);
  const [busy, setBusy] = useState<"check" | "import" | null>(null);
  useLeaveGuard(busy === "import");
  const send = async (file: Chosen, isDryRun: boolean): Promise<void> => {
    setBusy(isDryRun ? "check" : "import");
    // Whoever goes on past the warning that the check gave means it.
    const again = result?.kind === "report" && result.report.importedBefore ? "&again=true" : "";
    const path = `${props.path}?importId=${file.importId}&dryRun=${isDryRun}${again}`;
    const answer = await call<Report>("POST", path, file.text, { timeoutMs: IMPORT_MS_MAX });
    setBusy(null);
    if (answer.ok && answer.status === 202) return setResult({ kind: "waits" });
    if (answer.ok) return setResult({ kind: "report", report: answer.value });
    // A file with bad lines is refused with the same report.
    if (!Array.isArray(answer.problem.figures["bad"])) return toast.refuse(answer.problem);
    setResult({ kind: "report", report: answer.problem.figures as unknown as Report });
  };
  const choose = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    if (file.size > BYTES_MAX) return toast.show({ text: words.tooBig, tone: "danger" });
    const next = {
      name: file.name,
      text: await file.text(),
      importId: crypto.randomUUID().slice(0, 18),
    };
    setChosen(next);
    setResult(null);
    await send(next, true);
  };
  return (
    <div class="stack">
      <FileCard
        {...props}
        isChecking={busy === "check"}
        name={chosen?.name ?? null}
        onChoose={(file) => void choose(file)}
      />
      {result && chosen && (
        <ResultCard
          {...props}
          result={result}
          lines={busy === "import" ? linesOf(chosen.text) : null}
          onImport={() => void send(chosen, false)}
        />
      )}
    </div>
  );
}

function FileCard<Report extends ImportReport>(
  props: CsvImportProps<Report> & {
    isChecking: boolean;
    name: string | null;
    onChoose: (file: File | undefined) => void;
  },
): JSX.Element {
  const { help, columns, sample, sampleName, isChecking, name, onChoose } = props;
  const words = useWords(CSV_IMPORT);
  return (
    <Card title={words.step1}>
      <div class="stack">
        <p>{help}</p>
        <p class="note mute">
          {words.columns}
          <code>{columns.join(", ")}</code>
        </p>
        <div class="row">
          <Button icon="download" onClick={() => download(sampleName, csvOf(columns, sample))}>
            {words.sample}
          </Button>
          <label class="btn primary">
            <input
              class="sr"
              type="file"
              accept=".csv,text/csv"
              disabled={isChecking}
              onChange={(event) => {
                onChoose(event.currentTarget.files?.[0]);
                event.currentTarget.value = "";
              }}
            />
            {isChecking ? words.checking : words.choose}
          </label>
          {name !== null && <span class="note">{name}</span>}
        </div>
      </div>
    </Card>
  );
}

function ResultCard<Report extends ImportReport>(
  props: CsvImportProps<Report> & {
    result: Result<Report>;
    /** Lines that are being written; null: nothing is under way. */
    lines: number | null;
    onImport: () => void;
  },
): JSX.Element {
  const { result, lines, says, see, onImport } = props;
  const words = useWords(CSV_IMPORT);
  if (result.kind === "waits")
    return (
      <Told text={words.waits}>
        <Button kind="primary" href={`${BASE}/approvals`}>
          {words.approvals}
        </Button>
      </Told>
    );
  const { report } = result;
  if (report.badCount > 0) return <BadLines report={report} />;
  const before = report.isDryRun ? report.importedBefore : null;
  return (
    <Told text={says(report)}>
      {before && <Before {...before} />}
      {report.isDryRun ? (
        <>
          <Button kind={before ? "danger" : "primary"} busy={lines !== null} onClick={onImport}>
            {lines !== null ? words.importing : before ? words.goAgain : words.go}
          </Button>
          <span class="note" role="status">
            {lines !== null && words.writing(lines)}
          </span>
        </>
      ) : (
        <Button kind="primary" href={see.href}>
          {see.title}
        </Button>
      )}
    </Told>
  );
}

/** The same file again is more often a slip than a wish. */
function Before({
  importedBy,
  importedAtMs,
}: NonNullable<ImportReport["importedBefore"]>): JSX.Element {
  const words = useWords(CSV_IMPORT);
  const names = useNames();
  return (
    <p class="warn-text" role="alert">
      {words.before(momentOf(importedAtMs), names.actor(importedBy))}
    </p>
  );
}

function Told({ text, children }: { text: string; children: ComponentChildren }): JSX.Element {
  const words = useWords(CSV_IMPORT);
  return (
    <Card title={words.step2}>
      <div class="stack">
        <p role="status">{text}</p>
        <div class="row">{children}</div>
      </div>
    </Card>
  );
}

function BadLines({ report }: { report: ImportReport }): JSX.Element {
  const words = useWords(CSV_IMPORT);
  const { bad, badCount, isDryRun } = report;
  const head = [words.line, words.field, words.reason];
  const save = (): void =>
    download(
      "import-problems.csv",
      csvOf(
        head,
        bad.map(({ line, field, reason }) => [line, field, reason]),
      ),
    );
  return (
    <Card
      title={words.step2}
      acts={
        <Button size="sm" icon="download" onClick={save}>
          {words.badCsv}
        </Button>
      }
    >
      <p role="alert">{isDryRun ? words.bad(badCount) : words.badSome(badCount)}</p>
      <div class="import-bad" tabIndex={0} role="region" aria-label={words.step2}>
        <table class="plain">
          <thead>
            <tr>
              {head.map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {bad.map(({ line, field, reason }) => (
              <tr key={`${line} ${field} ${reason}`}>
                <td class="num">{line}</td>
                <td>{field === "" ? words.wholeLine : <code>{field}</code>}</td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
