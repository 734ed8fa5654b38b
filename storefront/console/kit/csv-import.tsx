import type { ComponentChildren, JSX } from "preact";
import { csvOf, download, textOfFile } from "./csv.ts";
import { CSV_IMPORT } from "./csv-import-words.ts";
import { Button, Card } from "./parts.tsx";
import { BASE } from "./router.ts";
import { momentOf } from "./inputs.ts";
import { useNames } from "./use-names.ts";
import { useToast } from "./toast.tsx";
import {
  useImport,
  type ImportParts,
  type ImportProgress,
  type ImportResult,
} from "./use-import.ts";
import { useWords } from "./words.ts";

const BYTES_MAX = 524_288;

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
  readonly importedBefore?: {
    readonly importId: string;
    readonly importedBy: string;
    readonly importedAtMs: number;
    /** The line with which that import goes on; null: it was written to its end. */
    readonly nextLine: number | null;
  } | null;
  /** The line that the next part begins with; null: it was the last. */
  readonly nextLine: number | null;
}

export interface CsvImportProps<Report extends ImportReport> {
  /** What the file is, and what becomes of its lines. */
  readonly help: string;
  readonly columns: readonly string[];
  readonly sample: readonly (readonly (string | number)[])[];
  readonly sampleName: string;
  /** Takes the file as `text/csv`, with `importId` and `dryRun`; writes from `fromLine` at most `linesMax`, and no line of one `importId` twice. */
  readonly path: string;
  /** A report without a bad line, in a sentence. */
  readonly says: (report: Report) => string;
  readonly parts: ImportParts<Report>;
  /** Where to look at what was imported. */
  readonly see: { readonly href: string; readonly title: string };
}

/** A file is checked first; it is written only when somebody saw what it would do, and no line of it is bad. */
export function CsvImport<Report extends ImportReport>(props: CsvImportProps<Report>): JSX.Element {
  const words = useWords(CSV_IMPORT);
  const toast = useToast();
  const desk = useImport(props);
  const choose = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    if (file.size > BYTES_MAX) return toast.show({ text: words.tooBig, tone: "danger" });
    await desk.choose(file.name, await textOfFile(file));
  };
  const { chosen, result, busy } = desk;
  return (
    <div class="stack">
      <FileCard
        {...props}
        isChecking={busy === "check"}
        isWriting={busy === "import"}
        name={chosen?.name ?? null}
        onChoose={(file) => void choose(file)}
      />
      {result && chosen && (
        <ResultCard
          {...props}
          result={result}
          progress={desk.progress}
          onImport={() => void desk.write()}
        />
      )}
    </div>
  );
}

function FileCard<Report extends ImportReport>(
  props: CsvImportProps<Report> & {
    isChecking: boolean;
    isWriting: boolean;
    name: string | null;
    onChoose: (file: File | undefined) => void;
  },
): JSX.Element {
  const { help, columns, sample, sampleName, isChecking, isWriting, name, onChoose } = props;
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
              disabled={isChecking || isWriting}
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
    result: ImportResult<Report>;
    /** Null: nothing is being written. */
    progress: ImportProgress | null;
    onImport: () => void;
  },
): JSX.Element {
  const { result, says, see, parts, progress, onImport } = props;
  const words = useWords(CSV_IMPORT);
  if (result.kind === "waits")
    return (
      <Told text={words.waits}>
        <Button kind="primary" href={`${BASE}/approvals`}>
          {words.approvals}
        </Button>
      </Told>
    );
  if (result.kind === "stopped")
    return (
      <>
        <Told text={words.stopped(result.fromLine)}>
          <Button kind="primary" busy={progress !== null} onClick={onImport}>
            {words.goOn}
          </Button>
          {progress && <Bar {...progress} />}
        </Told>
        {result.bad && <BadLines report={result.bad} says={words.inTheWay(result.fromLine)} />}
      </>
    );
  const { report } = result;
  if (report.badCount > 0) {
    const text = report.isDryRun ? words.bad(report.badCount) : words.badSome(report.badCount);
    return <BadLines report={report} says={text} />;
  }
  const before = report.importedBefore ?? null;
  const isWhole = report.isDryRun && parts.isWritten(report);
  const goesOn = before !== null && before.nextLine !== null;
  const act = isWhole ? words.goAgain : goesOn ? words.goOn : words.go;
  return (
    <Told text={says(report)}>
      {report.isDryRun && goesOn && <p>{words.goesOn(before.nextLine ?? 0)}</p>}
      {isWhole && (before ? <Before {...before} /> : <Warning text={parts.again ?? ""} />)}
      {report.isDryRun ? (
        <>
          <Button kind={isWhole ? "danger" : "primary"} busy={progress !== null} onClick={onImport}>
            {progress ? words.importing : act}
          </Button>
          {progress && <Bar {...progress} />}
        </>
      ) : (
        <Button kind="primary" href={see.href}>
          {see.title}
        </Button>
      )}
    </Told>
  );
}

function Bar({ done, lines }: ImportProgress): JSX.Element {
  const words = useWords(CSV_IMPORT);
  return (
    <div class="stack-1 import-progress">
      <progress aria-label={words.importing} value={done} max={lines} />
      <span class="note" role="status">
        {words.progress(done, lines)}
      </span>
    </div>
  );
}

/** The same file again is more often a slip than a wish. */
function Before({
  importedBy,
  importedAtMs,
}: NonNullable<ImportReport["importedBefore"]>): JSX.Element {
  const words = useWords(CSV_IMPORT);
  const names = useNames();
  return <Warning text={words.before(momentOf(importedAtMs), names.actor(importedBy))} />;
}

function Warning({ text }: { text: string }): JSX.Element {
  return (
    <p class="warn-text" role="alert">
      {text}
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

function BadLines({ report, says }: { report: ImportReport; says: string }): JSX.Element {
  const words = useWords(CSV_IMPORT);
  const { bad } = report;
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
      <p role="alert">{says}</p>
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
