import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ImportReportView } from "../../../worker/catalog/wire.ts";
import {
  BASE,
  Button,
  Card,
  csvOf,
  download,
  PageHead,
  useConsole,
  useToast,
  useWords,
} from "../kit/index.ts";
import { GOODS } from "./words.ts";
import "./goods.css";

const BYTES_MAX = 524_288;
const COLUMNS = [
  ...["goodsId", "title", "subtitle", "category", "kind", "role", "tags", "spec", "code"],
  ...["pricePoints", "priceYuan", "marketPriceYuan", "units", "lowStockUnits", "picture"],
];
const SAMPLE = [
  [
    "enamel-cup",
    "搪瓷杯",
    "摔不碎",
    "",
    "physical",
    "everyday",
    "新品",
    "颜色=白;容量=350 ml",
    "CUP-W",
    450,
    "",
    "39",
    100,
    10,
    "",
  ],
  [
    "enamel-cup",
    "搪瓷杯",
    "摔不碎",
    "",
    "physical",
    "everyday",
    "新品",
    "颜色=绿;容量=350 ml",
    "CUP-G",
    450,
    "",
    "39",
    80,
    10,
    "",
  ],
  [
    "tea-coupon",
    "饮品券 满 30 减 10",
    "到账即用",
    "",
    "coupon",
    "everyday",
    "",
    "",
    "",
    200,
    "",
    "10",
    5_000,
    200,
    "",
  ],
];

interface Chosen {
  readonly name: string;
  readonly text: string;
  /** One file is one import: sent twice, it moves no stock twice. */
  readonly importId: string;
}

export function ImportPage(): JSX.Element {
  const words = useWords(GOODS);
  const { call } = useConsole();
  const toast = useToast();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [report, setReport] = useState<ImportReportView | null>(null);
  const [busy, setBusy] = useState<"check" | "import" | null>(null);
  const send = async (file: Chosen, isDryRun: boolean): Promise<void> => {
    setBusy(isDryRun ? "check" : "import");
    const path = `/api/v1/staff/goods-import?importId=${file.importId}&dryRun=${isDryRun}`;
    const answer = await call<ImportReportView>("POST", path, file.text, { timeoutMs: 300_000 });
    setBusy(null);
    if (answer.ok) return setReport(answer.value);
    // A file with bad lines is refused with the same report.
    if (Array.isArray(answer.problem.figures["bad"]))
      return setReport(answer.problem.figures as unknown as ImportReportView);
    toast.refuse(answer.problem);
  };
  const choose = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    if (file.size > BYTES_MAX) return toast.show({ text: words.imports.tooBig, tone: "danger" });
    const next = {
      name: file.name,
      text: await file.text(),
      importId: crypto.randomUUID().slice(0, 18),
    };
    setChosen(next);
    setReport(null);
    await send(next, true);
  };
  return (
    <>
      <PageHead title={words.imports.title} back={{ href: `${BASE}/goods`, title: words.title }} />
      <div class="stack">
        <FileCard isChecking={busy === "check"} name={chosen?.name ?? null} onChoose={choose} />
        {report && chosen && (
          <Report
            report={report}
            isBusy={busy === "import"}
            onImport={() => void send(chosen, false)}
          />
        )}
      </div>
    </>
  );
}

function FileCard({
  isChecking,
  name,
  onChoose,
}: {
  isChecking: boolean;
  name: string | null;
  onChoose: (file: File | undefined) => Promise<void>;
}): JSX.Element {
  const { imports } = useWords(GOODS);
  return (
    <Card title={imports.step1}>
      <div class="stack">
        <p>{imports.help}</p>
        <p class="note mute">
          {imports.columns}
          <code>{COLUMNS.join(", ")}</code>
        </p>
        <div class="row">
          <Button
            icon="download"
            onClick={() => download("goods-sample.csv", csvOf(COLUMNS, SAMPLE))}
          >
            {imports.sample}
          </Button>
          <label class="btn primary">
            <input
              class="sr"
              type="file"
              accept=".csv,text/csv"
              onChange={(event) => {
                void onChoose(event.currentTarget.files?.[0]);
                event.currentTarget.value = "";
              }}
            />
            {isChecking ? imports.checking : imports.choose}
          </label>
          {name !== null && <span class="note">{name}</span>}
        </div>
      </div>
    </Card>
  );
}

function Report({
  report,
  isBusy,
  onImport,
}: {
  report: ImportReportView;
  isBusy: boolean;
  onImport: () => void;
}): JSX.Element {
  const { imports } = useWords(GOODS);
  const { lines, goods, created, changed, badCount, isDryRun } = report;
  if (badCount > 0) return <BadLines report={report} />;
  return (
    <Card title={imports.step2}>
      <div class="stack">
        <p role="status">
          {isDryRun ? imports.fine(lines, goods) : imports.done(created, changed)}{" "}
          {isDryRun && imports.figures(created, changed)}
        </p>
        <div class="row">
          {isDryRun ? (
            <Button kind="primary" busy={isBusy} onClick={onImport}>
              {isBusy ? imports.importing : imports.go}
            </Button>
          ) : (
            <Button kind="primary" href={`${BASE}/goods?sort=-updated`}>
              {imports.see}
            </Button>
          )}
        </div>
      </div>
    </Card>
  );
}

function BadLines({ report }: { report: ImportReportView }): JSX.Element {
  const { imports } = useWords(GOODS);
  const { bad, badCount } = report;
  return (
    <Card
      title={imports.step2}
      acts={
        <Button
          size="sm"
          icon="download"
          onClick={() =>
            download(
              "import-problems.csv",
              csvOf(
                [imports.line, imports.field, imports.reason],
                bad.map(({ line, field, reason }) => [line, field, reason]),
              ),
            )
          }
        >
          {imports.badCsv}
        </Button>
      }
    >
      <p role="alert">{imports.bad(badCount)}</p>
      <div class="g-bad" tabIndex={0} role="region" aria-label={imports.step2}>
        <table class="plain">
          <thead>
            <tr>
              <th>{imports.line}</th>
              <th>{imports.field}</th>
              <th>{imports.reason}</th>
            </tr>
          </thead>
          <tbody>
            {bad.map(({ line, field, reason }) => (
              <tr key={`${line} ${field} ${reason}`}>
                <td class="num">{line}</td>
                <td>{field}</td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
