import { useState } from "preact/hooks";
import type { Answer } from "./client.ts";
import { useConsole } from "./console.ts";
import type { CsvImportProps, ImportReport } from "./csv-import.tsx";
import { useToast } from "./toast.tsx";
import { useLeaveGuard } from "./use-form.ts";

const IMPORT_MS_MAX = 300_000;

/** How a file is written part by part. */
export interface ImportParts<Report> {
  /** Lines of a request: some seconds of work. */
  readonly lines: number;
  /** Two parts as one. */
  readonly add: (sum: Report, part: Report) => Report;
  /** The check found that this very file was imported to its end. */
  readonly isWritten: (report: Report) => boolean;
  /** What happens to a file that is imported a second time, where the report cannot say who did it first. */
  readonly again?: string;
}

export interface ImportProgress {
  readonly done: number;
  readonly lines: number;
}

interface Chosen {
  readonly name: string;
  readonly text: string;
  /** One file is one import: sent twice, it is written once. */
  readonly importId: string;
  /** It was imported to its end before, and whoever saw that means it. */
  readonly isAgain: boolean;
}

export type ImportResult<Report> =
  | { readonly kind: "report"; readonly report: Report }
  /** What stands before `fromLine` is written, and `sum` says what became of it; from there on nothing is. */
  | {
      readonly kind: "stopped";
      readonly fromLine: number;
      readonly sum: Report | null;
      /** What is in the way; null: no answer came. */
      readonly bad: Report | null;
    }
  /** Somebody else has to agree first. */
  | { readonly kind: "waits" };

/** The head is no line. */
export const linesOf = (text: string): number => Math.max(0, text.trim().split("\n").length - 1);

/** The same for the same file, so that one which was chosen again after a closed window goes on where it stopped. */
async function idOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest).slice(0, 12)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

const newId = (): string => crypto.randomUUID().slice(0, 18);

/** What became of one request: a file with bad lines is refused with the same report. */
function reportOf<Report extends ImportReport>(answer: Answer<Report>): Report | null {
  if (answer.ok) return answer.value;
  const { figures } = answer.problem;
  return Array.isArray(figures["bad"]) ? (figures as unknown as Report) : null;
}

export interface ImportDesk<Report> {
  readonly chosen: Chosen | null;
  readonly result: ImportResult<Report> | null;
  readonly busy: "check" | "import" | null;
  /** While a file is written. */
  readonly progress: ImportProgress | null;
  readonly choose: (name: string, text: string) => Promise<void>;
  readonly write: () => Promise<void>;
}

/** Checks a file, and writes it part by part. */
export function useImport<Report extends ImportReport>({
  path,
  parts,
}: Pick<CsvImportProps<Report>, "path" | "parts">): ImportDesk<Report> {
  const { call } = useConsole();
  const toast = useToast();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [result, setResult] = useState<ImportResult<Report> | null>(null);
  const [busy, setBusy] = useState<"check" | "import" | null>(null);
  const [progress, setProgress] = useState<ImportProgress | null>(null);
  useLeaveGuard(busy === "import");
  const send = (file: Chosen, query: string): Promise<Answer<Report>> => {
    const again = file.isAgain ? "&again=true" : "";
    return call<Report>("POST", `${path}?importId=${file.importId}${again}&${query}`, file.text, {
      timeoutMs: IMPORT_MS_MAX,
    });
  };
  const check = async (file: Chosen): Promise<void> => {
    const answer = await send(file, "dryRun=true");
    const report = reportOf(answer);
    if (report) setResult({ kind: "report", report });
    else if (!answer.ok) toast.refuse(answer.problem);
  };
  const writeFrom = async (
    file: Chosen,
    { fromLine, sum }: { fromLine: number; sum: Report | null },
  ): Promise<void> => {
    const lines = linesOf(file.text);
    setProgress({ done: Math.min(Math.max(0, fromLine - 2), lines), lines });
    const answer = await send(file, `dryRun=false&fromLine=${fromLine}&linesMax=${parts.lines}`);
    if (answer.ok && answer.status === 202) return setResult({ kind: "waits" });
    const part = reportOf(answer);
    if (!answer.ok && !part) toast.refuse(answer.problem);
    if (!part || part.nextLine === fromLine)
      return setResult({ kind: "stopped", fromLine, sum, bad: part });
    const report = sum ? parts.add(sum, part) : part;
    if (typeof part.nextLine !== "number") return setResult({ kind: "report", report });
    return writeFrom(file, { fromLine: part.nextLine, sum: report });
  };
  const working = async (what: "check" | "import", work: Promise<void>): Promise<void> => {
    setBusy(what);
    await work;
    setBusy(null);
    setProgress(null);
  };
  return {
    ...{ chosen, result, busy, progress },
    choose: async (name, text) => {
      const file = { name, text, importId: await idOf(text), isAgain: false };
      setChosen(file);
      setResult(null);
      await working("check", check(file));
    },
    write: async () => {
      if (!chosen) return;
      const checked = result?.kind === "report" && result.report.isDryRun ? result.report : null;
      const file = checked ? startOf(chosen, checked, parts) : chosen;
      setChosen(file);
      const start = { fromLine: checked?.importedBefore?.nextLine ?? 1, sum: null };
      await working("import", writeFrom(file, result?.kind === "stopped" ? result : start));
    },
  };
}

/** A file that was written to its end is a new import; one that stopped halfway goes on as the import that it was. */
function startOf<Report extends ImportReport>(
  file: Chosen,
  report: Report,
  { isWritten }: ImportParts<Report>,
): Chosen {
  if (isWritten(report)) return { ...file, importId: newId(), isAgain: true };
  return { ...file, importId: report.importedBefore?.importId ?? file.importId };
}
