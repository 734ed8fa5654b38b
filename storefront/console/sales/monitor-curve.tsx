import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MonitorView } from "../../../worker/sales/wire.ts";
import { timeHms } from "../../ui/format.ts";
import { Card, CsvButton, niceTop, useWords } from "../kit/index.ts";
import { MONITOR } from "./monitor-words.ts";

type Span = "fine3" | "fine60" | "all";

interface Points {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly bars: readonly { readonly atMs: number; readonly requests: number }[];
  /** Known at every step: what was not said is as before. */
  readonly shelf: readonly number[];
}

const WIDE = 680;
const HIGH = 230;
const LEFT = 44;
const RIGHT = 44;
const BOTTOM = 24;
const TOP = 18;
/** More bars than this are thinner than a line. */
const BARS_MAX = 120;

/** Steps of the curve from `first` on, put together until they fit, the shelf carried on from step to step. */
export function pointsOf(
  curve: MonitorView["fine"],
  units: number,
  first: number,
  stepsMax: number,
): Points {
  const end = Math.min(curve.requests.length, first + stepsMax);
  const by = Math.max(1, Math.ceil((end - first) / BARS_MAX));
  const bars: { atMs: number; requests: number }[] = [];
  const shelf: number[] = [];
  let last = units;
  for (let at = first; at < end; at += by) {
    let sum = 0;
    for (let place = at; place < Math.min(at + by, end); place += 1) {
      sum += curve.requests[place] ?? 0;
      last = curve.shelf[place] ?? last;
    }
    bars.push({ atMs: curve.fromMs + at * curve.stepMs, requests: sum });
    shelf.push(last);
  }
  const fromMs = curve.fromMs + first * curve.stepMs;
  return { fromMs, stepMs: curve.stepMs * by, bars, shelf };
}

/** The rush begins with the first tap, which may come a little after the hour. */
function firstTap({ requests, granted }: MonitorView["fine"]): number {
  const at = requests.findIndex((sum, place) => sum > 0 || (granted[place] ?? 0) > 0);
  return Math.max(0, at - 1);
}

/** Where nobody tapped in the first minute, its seconds have nothing to show once somebody did. */
export function spanToShow(
  atFirst: Span,
  { fine, coarse }: Pick<MonitorView, "fine" | "coarse">,
): Span {
  return fine.requests.length === 0 && coarse.requests.length > 0 ? "all" : atFirst;
}

/** What lay on the shelf when the sale opened: all of it, but for the reserve of later days. */
function firstShelf({ sale, reserve }: MonitorView): number {
  return sale.dailyUnits === null ? sale.units - reserve : Math.min(sale.dailyUnits, sale.units);
}

/** Units falling, requests rising: the one picture of a sale. The same figures stand below as a table. */
export function MonitorCurve({ monitor }: { monitor: MonitorView }): JSX.Element {
  const words = useWords(MONITOR);
  const { serverTimeMs, opensAtMs } = monitor.sale;
  // Whoever comes to the opening sees its seconds; whoever comes later, the whole.
  const [atFirst] = useState<Span>(serverTimeMs - opensAtMs > 120_000 ? "all" : "fine3");
  const [chosen, setSpan] = useState<Span | null>(null);
  const span = chosen ?? spanToShow(atFirst, monitor);
  const units = firstShelf(monitor);
  const points =
    span === "all"
      ? pointsOf(monitor.coarse, units, 0, Number.MAX_SAFE_INTEGER)
      : span === "fine3"
        ? pointsOf(monitor.fine, units, firstTap(monitor.fine), 30)
        : pointsOf(monitor.fine, units, 0, 600);
  return (
    <Card
      title={words.curve}
      acts={
        <>
          <span class="legend" aria-hidden="true">
            <span>
              <i class="curve-key" />
              {words.curveShelf}
            </span>
            <span>
              <i class="curve-key requests" />
              {words.curveRequests}
            </span>
          </span>
          <div class="segm" role="group" aria-label={words.span}>
            {(["fine3", "fine60", "all"] as const).map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={span === one}
                onClick={() => setSpan(one)}
              >
                {words.spans[one]}
              </button>
            ))}
          </div>
        </>
      }
    >
      {points.bars.length === 0 ? (
        <p class="mute curve-none">
          {monitor.coarse.requests.length === 0 ? words.noCurve : words.noCurveYet}
        </p>
      ) : (
        <Picture points={points} soldOutAtMs={monitor.sale.soldOutAtMs} />
      )}
    </Card>
  );
}

function Picture({
  points,
  soldOutAtMs,
}: {
  points: Points;
  soldOutAtMs: number | null;
}): JSX.Element {
  const words = useWords(MONITOR);
  const { fromMs, stepMs, bars, shelf } = points;
  const count = bars.length;
  const shelfTop = niceTop(Math.max(1, ...shelf));
  const rateTop = niceTop(Math.max(1, ...bars.map(({ requests }) => requests)));
  const wide = WIDE - LEFT - RIGHT;
  const x = (at: number): number => LEFT + (wide * at) / count;
  const y = (share: number): number => TOP + (HIGH - BOTTOM - TOP) * (1 - share);
  const line = shelf.map((left, at) => `${x(at + 1).toFixed(1)},${y(left / shelfTop).toFixed(1)}`);
  const start = `${LEFT},${y((shelf[0] ?? 0) / shelfTop).toFixed(1)}`;
  const soldAt = soldOutAtMs === null ? null : (soldOutAtMs - fromMs) / stepMs;
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={words.curveLabel}>
        <Grid y={y} shelfTop={shelfTop} rateTop={rateTop} />
        {bars.map(({ atMs, requests }, at) => (
          <rect
            key={atMs}
            class="curve-bar"
            x={x(at) + 1}
            width={Math.max(0.5, wide / count - 2)}
            y={y(requests / rateTop)}
            height={Math.max(0, y(0) - y(requests / rateTop))}
          />
        ))}
        <polygon
          class="curve-fill"
          points={`${LEFT},${y(0)} ${start} ${line.join(" ")} ${x(count)},${y(0)}`}
        />
        <polyline class="curve-line" points={`${start} ${line.join(" ")}`} />
        {soldAt !== null && soldAt >= 0 && soldAt <= count && (
          <g>
            <line class="curve-mark" x1={x(soldAt)} x2={x(soldAt)} y1={TOP} y2={y(0)} />
            <text class="axis" x={x(soldAt) + 6} y={TOP - 4}>
              {timeHms(fromMs + soldAt * stepMs)} {words.soldOut}
            </text>
          </g>
        )}
        {[0, 0.5, 1].map((share) => (
          <text
            key={share}
            class="axis"
            x={LEFT + wide * share}
            y={HIGH - 4}
            text-anchor={share === 0 ? "start" : share === 1 ? "end" : "middle"}
          >
            {timeHms(fromMs + count * stepMs * share)}
          </text>
        ))}
      </svg>
      <CurveTable points={points} />
    </figure>
  );
}

/** Units at the left, requests at the right. */
function Grid({
  y,
  shelfTop,
  rateTop,
}: {
  y: (share: number) => number;
  shelfTop: number;
  rateTop: number;
}): JSX.Element {
  return (
    <>
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g key={share}>
          <line class="gl" x1={LEFT} x2={WIDE - RIGHT} y1={y(share)} y2={y(share)} />
          <text class="axis" x={LEFT - 8} y={y(share) + 4} text-anchor="end">
            {Math.round(shelfTop * share).toLocaleString("en-US")}
          </text>
          <text class="axis" x={WIDE - RIGHT + 8} y={y(share) + 4}>
            {Number.isInteger(rateTop * share) && (rateTop * share).toLocaleString("en-US")}
          </text>
        </g>
      ))}
    </>
  );
}

function CurveTable({ points }: { points: Points }): JSX.Element {
  const words = useWords(MONITOR);
  const { bars, shelf } = points;
  return (
    <details class="chart-table">
      <summary class="note">{words.curveTable}</summary>
      <table class="plain">
        <thead>
          <tr>
            <th>{words.curveAt}</th>
            <th class="r">{words.curveRequests}</th>
            <th class="r">{words.curveShelf}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map(({ atMs, requests }, at) => (
            <tr key={atMs}>
              <th scope="row" class="num">
                {timeHms(atMs)}
              </th>
              <td class="r num">{requests.toLocaleString("en-US")}</td>
              <td class="r num">{(shelf[at] ?? 0).toLocaleString("en-US")}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <CsvButton
        name={words.curve}
        rows={bars.map((bar, at) => ({ ...bar, units: shelf[at] ?? 0 }))}
        columns={[
          [words.curveAt, ({ atMs }) => timeHms(atMs)],
          [words.curveRequests, ({ requests }) => requests],
          [words.curveShelf, ({ units }) => units],
        ]}
      />
    </details>
  );
}
