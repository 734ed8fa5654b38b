import { useState } from "preact/hooks";
import type { Answer } from "./client.ts";
import { useConsole } from "./console.ts";
import type { CsvImportProps, ImportReport } from "./csv-import.tsx";
import { useToast } from "./toast.tsx";
import { useLeaveGuard } from "./use-form.ts";

const IMPORT_MS_MAX = 300_000;
/** Lines of a request: some seconds of work. */
const PART_LINES = 50;

/** How a file is written part by part. */
export interface ImportParts<Report> {
  /** Two parts as one. */
  readonly add: (sum: Report, part: Report) => Report;
  /** The check found that this very file was imported to its end. */
  readonly isWritten: (report: Report) => boolean;
  /** What happens to a file that is imported a second time. */
  readonly again: string;
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
  /** Of a file that goes in parts, while it does. */
  readonly progress: ImportProgress | null;
  readonly choose: (name: string, text: string) => Promise<void>;
  readonly write: () => Promise<void>;
}

/** Checks a file, and writes it in one request or part by part. */
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
  const send = (file: Chosen, query: string): Promise<Answer<Report>> =>
    call<Report>("POST", `${path}?importId=${file.importId}&${query}`, file.text, {
      timeoutMs: IMPORT_MS_MAX,
    });
  const sendWhole = async (file: Chosen, query: string): Promise<void> => {
    const answer = await send(file, query);
    const report = reportOf(answer);
    if (answer.ok && answer.status === 202) setResult({ kind: "waits" });
    else if (report) setResult({ kind: "report", report });
    else if (!answer.ok) toast.refuse(answer.problem);
  };
  const sendParts = async (
    file: Chosen,
    add: ImportParts<Report>["add"],
    { fromLine, sum }: { fromLine: number; sum: Report | null },
  ): Promise<void> => {
    const lines = linesOf(file.text);
    setProgress({ done: Math.min(Math.max(0, fromLine - 2), lines), lines });
    const answer = await send(file, `dryRun=false&fromLine=${fromLine}&linesMax=${PART_LINES}`);
    const part = reportOf(answer);
    if (!answer.ok && !part) toast.refuse(answer.problem);
    if (!part || part.nextLine === fromLine)
      return setResult({ kind: "stopped", fromLine, sum, bad: part });
    const report = sum ? add(sum, part) : part;
    if (typeof part.nextLine !== "number") return setResult({ kind: "report", report });
    return sendParts(file, add, { fromLine: part.nextLine, sum: report });
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
      const file = { name, text, importId: parts ? await idOf(text) : newId() };
      setChosen(file);
      setResult(null);
      await working("check", sendWhole(file, "dryRun=true"));
    },
    write: async () => {
      if (!chosen) return;
      const report = result?.kind === "report" ? result.report : null;
      // Whoever goes on past the warning that the check gave means it.
      if (!parts) {
        const again = report?.importedBefore ? "&again=true" : "";
        return working("import", sendWhole(chosen, `dryRun=false${again}`));
      }
      const isAgain = report?.isDryRun === true && parts.isWritten(report);
      const file = isAgain ? { ...chosen, importId: newId() } : chosen;
      setChosen(file);
      const start = result?.kind === "stopped" ? result : { fromLine: 1, sum: null };
      await working("import", sendParts(file, parts.add, start));
    },
  };
}
