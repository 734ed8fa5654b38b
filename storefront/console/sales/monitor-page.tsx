import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { MonitorView } from "../../../worker/sales/wire.ts";
import { count, dayName, daysBetween, timeHms } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Card,
  FailedPage,
  Icon,
  Loading,
  PageHead,
  Stat,
  useConsole,
  useLocale,
  useWords,
  type Locale,
} from "../kit/index.ts";
import type { PageProps } from "../section.ts";
import { MonitorControls } from "./monitor-controls.tsx";
import { MonitorCurve } from "./monitor-curve.tsx";
import { Takes } from "./monitor-takes.tsx";
import { MONITOR } from "./monitor-words.ts";
import { sessionPath } from "./parts.tsx";
import { usePoll } from "./use-poll.ts";
import { SALES } from "./words.ts";

const LOOK_EVERY_MS = 800;
const OVER_EVERY_MS = 10_000;

/** A sale as it runs; after its close the same page is its report. */
export function MonitorPage({ params }: PageProps): JSX.Element {
  const calendar = useWords(SALES);
  const saleId = params["saleId"] ?? "";
  const path = `/api/v1/staff/sales/${encodeURIComponent(saleId)}`;
  const [isOver, setOver] = useState(false);
  const read = usePoll<MonitorView>(`${path}/monitor`, isOver ? OVER_EVERY_MS : LOOK_EVERY_MS);
  const status = read.value?.sale.status;
  useEffect(() => setOver(status === "closed"), [status]);
  if (!read.value) {
    const back = { href: "/console/sales", title: calendar.back };
    return read.problem ? (
      <FailedPage problem={read.problem} back={back} onRetry={read.again} />
    ) : (
      <Loading />
    );
  }
  return (
    <Monitor monitor={read.value} path={path} isStale={read.problem !== null} again={read.again} />
  );
}

function Monitor({
  monitor,
  path,
  isStale,
  again,
}: {
  monitor: MonitorView;
  path: string;
  isStale: boolean;
  again: () => void;
}): JSX.Element {
  const words = useWords(MONITOR);
  const calendar = useWords(SALES);
  const { may } = useConsole();
  const { sale, sessionId } = monitor;
  const isOver = sale.status === "closed";
  return (
    <>
      <PageHead
        title={(isOver ? words.report : words.title)(sale.title)}
        back={{
          href: sessionId === null ? "/console/sales" : sessionPath(sessionId),
          title: calendar.back,
        }}
        badge={<StatusBadge monitor={monitor} />}
      >
        {may("sales.read") && (
          <>
            <Button icon="download" href={`${path}/report?of=curve`}>
              {words.downloadCurve}
            </Button>
            <a
              class="btn line"
              href={`/s/${encodeURIComponent(sale.saleId)}`}
              target="_blank"
              rel="noreferrer"
            >
              <Icon name="eye" size={16} />
              {words.member}
            </a>
          </>
        )}
      </PageHead>
      {isStale && (
        <p class="refusal" role="alert">
          <Icon name="alert" size={18} />
          {words.stale}
        </p>
      )}
      <Equation monitor={monitor} />
      <Figures monitor={monitor} />
      <div class="grid cols-side monitor-grid">
        <div class="stack">
          <MonitorCurve monitor={monitor} />
          <Takes monitor={monitor} path={path} />
        </div>
        <div class="stack">
          <Refusals answers={monitor.answers} />
          <MonitorControls monitor={monitor} path={path} again={again} />
        </div>
      </div>
    </>
  );
}

/** The hour; of another day its date before it. */
function timeOrDay(locale: Locale, atMs: number, nowMs: number): string {
  const hour = timeHms(atMs);
  return daysBetween(nowMs, atMs) === 0 ? hour : `${dayName(locale, atMs, nowMs)} ${hour}`;
}

function StatusBadge({ monitor }: { monitor: MonitorView }): JSX.Element {
  const words = useWords(MONITOR);
  const locale = useLocale();
  const { sale } = monitor;
  const time = (atMs: number): string => timeOrDay(locale, atMs, sale.serverTimeMs);
  if (sale.status === "closed")
    return <Badge>{words.closedAt(time(sale.closedAtMs ?? sale.closesAtMs))}</Badge>;
  if (sale.status === "paused") return <Badge tone="warn">{words.pausedNow}</Badge>;
  if (sale.status === "scheduled")
    return <Badge tone="info">{words.statusOpens(time(sale.opensAtMs))}</Badge>;
  if (sale.soldOut) {
    const text =
      sale.nextWaveAtMs === null ? words.soldOut : words.nextWave(time(sale.nextWaveAtMs));
    return <Badge tone="ink">{text}</Badge>;
  }
  return (
    <>
      <Badge tone="brand">{words.statusOpen}</Badge>
      <span class="note mute">{words.statusLeft(time(sale.closesAtMs))}</span>
    </>
  );
}

/** I1, in the words of a merchant: what was given, what is left, what comes back. */
function Equation({ monitor }: { monitor: MonitorView }): JSX.Element {
  const words = useWords(MONITOR);
  const { sale, reserve, movedOut } = monitor;
  const { equation } = words;
  const parts: [number, string][] = [
    [sale.redeemed, equation.live],
    [sale.returned, equation.returned],
    [sale.remaining, equation.shelf],
  ];
  if (reserve > 0) parts.push([reserve, equation.reserve]);
  if (movedOut > 0) parts.push([movedOut, equation.moved]);
  const sum = parts.reduce((total, [units]) => total + units, 0);
  const isBalanced = sum === sale.units;
  return (
    <p class={isBalanced ? "equation" : "equation wrong"}>
      <Icon name={isBalanced ? "shield" : "alert"} size={18} />
      <b>{isBalanced ? words.balanced : words.notBalanced}</b>
      <span class="num">
        {parts.map(([units, name], at) => (
          <span key={name}>
            {at > 0 && " + "}
            <b>{count(units)}</b> {name}
          </span>
        ))}
        {" = "}
        <b>{count(sale.units)}</b> {equation.all}
      </span>
      <span class="note">{words.checkedAgo}</span>
    </p>
  );
}

function Figures({ monitor }: { monitor: MonitorView }): JSX.Element {
  const words = useWords(MONITOR);
  const { sale, latencyP50Ms, latencyP99Ms, doors } = monitor;
  const granted = monitor.takes[0]?.ordinal ?? 0;
  const share = (units: number): string => `${(units / Math.max(1, sale.units)) * 100}%`;
  const seconds =
    sale.soldOutAtMs === null ? null : ((sale.soldOutAtMs - sale.opensAtMs) / 1_000).toFixed(2);
  return (
    <div class="monitor-tiles">
      <div class="card stat shelf-tile">
        <p class="stat-name">{words.shelf}</p>
        <p class="shelf-figure">
          <b class="num">{count(sale.remaining)}</b>
          <span class="sec">{words.ofUnits(sale.units)}</span>
          {sale.returned > 0 && <Badge tone="warn">{words.waiting(sale.returned)}</Badge>}
        </p>
        <span class="bar units" aria-hidden="true">
          <i style={{ width: share(sale.redeemed) }} />
          <u style={{ width: share(sale.returned) }} />
        </span>
        <p class="note mute">
          {words.progress(sale.redeemed)}
          {seconds !== null && ` · ${words.soldOutAfter(seconds)}`}
        </p>
      </div>
      <Stat
        name={words.requests}
        value={count(monitor.requests)}
        note={`${words.peak(monitor.requestsPeak)} · ${words.tickets(monitor.tickets)}`}
        formula={words.requestsFormula}
      />
      <Stat
        name={words.granted}
        value={count(granted)}
        note={words.over(Math.max(0, sale.redeemed - sale.units))}
        formula={words.grantedFormula}
      />
      <Stat
        name={words.latency}
        value={latencyP50Ms === null ? "—" : `${latencyP50Ms}`}
        unit={latencyP99Ms === null ? "" : `/ ${latencyP99Ms} ms`}
        note={words.latencyNote}
        formula={words.latencyFormula}
      />
      <Stat
        name={words.sockets}
        value={count(monitor.sockets)}
        note={doors.length === 0 ? words.noDoors : words.doors(doors.length)}
        formula={words.socketsFormula}
      />
      <Stat
        name={words.lag}
        value={(Math.max(monitor.unsettledOldestMs, monitor.projectionLagMs) / 1_000).toFixed(1)}
        unit="s"
        note={words.lagNote(monitor.unsettled)}
        formula={words.lagFormula}
      />
    </div>
  );
}

const NO_REFUSALS: ReadonlySet<string> = new Set(["granted", "ticketed"]);

export function Refusals({ answers }: { answers: Readonly<Record<string, number>> }): JSX.Element {
  const words = useWords(MONITOR);
  const rows = Object.entries(answers)
    .filter(([code, times]) => !NO_REFUSALS.has(code) && times > 0)
    .toSorted((a, b) => b[1] - a[1]);
  const sum = rows.reduce((total, [, times]) => total + times, 0);
  const most = rows[0]?.[1] ?? 1;
  return (
    <Card title={words.refusals} note={words.times(sum)}>
      {rows.length === 0 && <p class="mute">{words.noRefusals}</p>}
      <ul class="refusals">
        {rows.map(([code, times]) => (
          <li key={code}>
            <span>
              {words.codes[code] ?? code}
              <code class="mute">{code}</code>
            </span>
            <span class="bar" aria-hidden="true">
              <i style={{ width: `${(times / most) * 100}%` }} />
            </span>
            <b class="num">{count(times)}</b>
          </li>
        ))}
      </ul>
    </Card>
  );
}
