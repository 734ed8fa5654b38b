import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RehearsalView } from "../../../worker/sales/wire.ts";
import { count, dateName, timeHm } from "../../ui/format.ts";
import {
  BarChart,
  Card,
  FailedPage,
  Icon,
  Loading,
  PageHead,
  Stat,
  useLocale,
  useNames,
  useWords,
} from "../kit/index.ts";
import type { PageProps } from "../section.ts";
import { Refusals } from "./monitor-page.tsx";
import { SALES } from "./words.ts";
import { REHEARSAL } from "./rehearsal-words.ts";
import { sessionPath, useNow } from "./parts.tsx";
import { usePoll } from "./use-poll.ts";
import { Progress, RunBadge } from "./rehearsal-card.tsx";

/** Upper edges of the classes that the Worker counts in; `LATENCY_EDGES_MS` of the redemption domain. */
const EDGES_MS = [
  ...[1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 70, 100, 150, 200, 300, 400, 500, 700],
  ...[1_000, 1_500, 2_000, 3_000, 5_000, 10_000],
] as const;

const LOOK_EVERY_MS = 500;

/** What a rehearsal showed, point by point. */
export function RehearsalPage({ params }: PageProps): JSX.Element {
  const words = useWords(REHEARSAL);
  const calendar = useWords(SALES);
  const locale = useLocale();
  const names = useNames();
  const nowMs = useNow();
  const path = `/api/v1/staff/rehearsals/${params["rehearsalId"] ?? ""}`;
  const [isOver, setOver] = useState(false);
  const read = usePoll<RehearsalView>(path, isOver ? null : LOOK_EVERY_MS);
  const state = read.value?.state;
  useEffect(() => setOver(state !== undefined && state !== "running"), [state]);
  if (!read.value) {
    const back = { href: "/console/sales", title: calendar.back };
    return read.problem ? (
      <FailedPage problem={read.problem} back={back} onRetry={read.again} />
    ) : (
      <Loading />
    );
  }
  const run = read.value;
  const { report } = run;
  return (
    <>
      <PageHead
        title={words.rehearsalTitle}
        back={{ href: sessionPath(run.sessionId), title: words.rehearsal }}
        badge={<RunBadge state={run.state} />}
        note={`${dateName(locale, run.startedAtMs, nowMs)} ${timeHm(run.startedAtMs)} · ${run.title} · ${names.actor(run.startedBy)}`}
      />
      {run.state === "running" && (
        <Card>
          <Progress run={run} />
        </Card>
      )}
      {run.state === "failed" && (
        <p class="refusal" role="alert">
          <Icon name="alert" size={18} />
          {words.failedHelp} <code>{report.fault}</code>
        </p>
      )}
      {run.state !== "running" && (
        <>
          <Figures run={run} />
          <div class="grid cols-side monitor-grid">
            <div class="stack">
              <Proofs run={run} />
              <Latency latency={report.latency} />
            </div>
            <div class="stack">
              <Refusals answers={report.refusals} />
              <p class="note mute">{words.rCash}</p>
            </div>
          </div>
        </>
      )}
    </>
  );
}

function Figures({ run: { report } }: { run: RehearsalView }): JSX.Element {
  const words = useWords(REHEARSAL);
  return (
    <div class="monitor-tiles four">
      <Stat
        name={words.rBuyers}
        value={count(report.buyers)}
        note={words.rBuyersNote(report.taps)}
        formula={words.rBuyersFormula}
      />
      <Stat
        name={words.rGranted}
        value={count(report.granted)}
        note={words.rGrantedNote(report.stock, report.demand)}
        formula={words.rGrantedFormula}
      />
      <Stat
        name={words.rSpeed}
        value={report.tapsPerSecond === null ? "—" : count(report.tapsPerSecond)}
        note={report.rushMs === null ? "—" : words.rSpeedNote(report.rushMs)}
        formula={words.rSpeedFormula}
      />
      <Stat
        name={words.rLatency}
        value={report.latencyP50Ms === null ? "—" : `${report.latencyP50Ms}`}
        unit={report.latencyP99Ms === null ? "" : `/ ${report.latencyP99Ms} ms`}
        note={
          report.soldOutAfterMs === null
            ? words.rNotSoldOut
            : words.rSoldOut(Math.max(0, report.soldOutAfterMs))
        }
        formula={words.rLatencyFormula}
      />
    </div>
  );
}

function Proofs({ run: { report } }: { run: RehearsalView }): JSX.Element {
  const words = useWords(REHEARSAL);
  return (
    <Card title={words.rProof}>
      <ul class="checks">
        {report.proofs.map(({ proof, isTrue }) => (
          <li key={proof} class={isTrue ? "ok" : "error"}>
            <Icon name={isTrue ? "check" : "x"} size={16} />
            <span>{words.proofs[proof] ?? proof}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Latency({ latency }: { latency: readonly number[] }): JSX.Element {
  const words = useWords(REHEARSAL);
  const first = latency.findIndex((times) => times > 0);
  const last = latency.findLastIndex((times) => times > 0);
  if (first < 0) return <></>;
  const classes = latency.slice(first, last + 1);
  const names = classes.map((_, at) => {
    const edge = EDGES_MS[first + at];
    return edge === undefined ? words.rSlower : words.rUpTo(edge);
  });
  return (
    <Card title={words.rLatencyChart}>
      <BarChart
        label={words.rLatencyChart}
        names={names}
        series={[{ name: words.rAnswers, color: 1, values: classes }]}
      />
    </Card>
  );
}
