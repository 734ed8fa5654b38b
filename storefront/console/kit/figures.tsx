import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { count } from "../../ui/format.ts";
import { CsvButton, type CsvColumn } from "./csv-button.tsx";
import { KIT } from "./kit-words.ts";
import { Icon, Link } from "./parts.tsx";
import { useLocale, useWords } from "./words.ts";

export interface StatProps {
  readonly name: string;
  /** The figure as it stands; `unit` follows it smaller. */
  readonly value: string;
  readonly unit?: string;
  /** Period, base or target. No figure without it. */
  readonly note: ComponentChildren;
  /** How it is computed, in a sentence. */
  readonly formula: string;
  /** The rows behind it. */
  readonly href?: string;
  readonly tone?: "warn" | "danger";
}

/** One figure with its name, its base, its formula and the way to its rows. */
export function Stat({ name, value, unit, note, formula, href, tone }: StatProps): JSX.Element {
  const words = useWords(KIT);
  const id = useId();
  return (
    <div class="card stat">
      <div class="stat-name">
        <span>{name}</span>
        <button type="button" class="tip" aria-label={words.formula(name)} aria-describedby={id}>
          <Icon name="info" size={14} />
        </button>
        <span class="tip-text" role="tooltip" id={id}>
          {formula}
        </span>
      </div>
      <p class={tone ? `stat-value num ${tone}-text` : "stat-value num"}>
        {href === undefined ? value : <Link href={href}>{value}</Link>}
        {unit !== undefined && <small>{unit}</small>}
      </p>
      <p class="note mute">{note}</p>
    </div>
  );
}

/** 12,840,316 → 1,284 万 in Chinese, 12.8 M in English; below ten thousand as it is. */
export function useShort(): (value: number) => { value: string; unit: string } {
  const locale = useLocale();
  return (value) => {
    const size = Math.abs(value);
    if (size < 10_000) return { value: count(value), unit: "" };
    const [by, unit]: [number, string] =
      locale === "en"
        ? size < 1e6
          ? [1e3, "k"]
          : [1e6, "M"]
        : size < 1e8
          ? [1e4, "万"]
          : [1e8, "亿"];
    const part = value / by;
    const text = Math.abs(part) < 100 ? part.toFixed(1) : count(Math.round(part));
    return { value: text.replace(/\.0$/, ""), unit };
  };
}

export interface Series {
  readonly name: string;
  /** `--c1` … `--c6`. */
  readonly color: 1 | 2 | 3 | 4 | 5 | 6;
  readonly values: readonly number[];
}

const WIDE = 640;
const HIGH = 200;
const LEFT = 44;
const BOTTOM = 24;

/** A round figure at or above the largest, so that the grid reads well. */
export function niceTop(max: number): number {
  if (max <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(max));
  const step = [1, 1.2, 1.5, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= max) ?? 10;
  return step * power;
}

/** Bars for counts, from zero. The same figures stand below as a table for whoever does not see the picture. */
export function BarChart({
  label,
  names,
  series,
}: {
  /** What the picture says, in a sentence. */
  label: string;
  /** Under each group of bars. */
  names: readonly string[];
  series: readonly Series[];
}): JSX.Element {
  const short = useShort();
  const top = niceTop(Math.max(0, ...series.flatMap(({ values }) => values)));
  const group = (WIDE - LEFT) / Math.max(1, names.length);
  const bar = Math.min(14, (group * 0.7) / Math.max(1, series.length));
  const y = (value: number): number => (HIGH - BOTTOM) * (1 - value / top) + 8;
  const every = Math.ceil(names.length / 14);
  return (
    <figure class="chart">
      <Legend series={series} />
      <svg viewBox={`0 0 ${WIDE} ${HIGH + 12}`} role="img" aria-label={label}>
        {[0, 0.5, 1].map((part) => {
          const { value, unit } = short(top * part);
          return (
            <g key={part}>
              <line class="gl" x1={LEFT} x2={WIDE} y1={y(top * part)} y2={y(top * part)} />
              <text class="axis" x={LEFT - 8} y={y(top * part) + 4} text-anchor="end">
                {value}
                {unit}
              </text>
            </g>
          );
        })}
        {names.map((name, at) => (
          <g key={name}>
            {series.map(({ name: of, color, values }, place) => {
              const value = values[at] ?? 0;
              const x = LEFT + group * at + (group - bar * series.length) / 2 + bar * place;
              return (
                <rect
                  key={of}
                  class={`c${color}`}
                  x={x}
                  y={y(value)}
                  width={Math.max(1, bar - 1.5)}
                  height={Math.max(0, y(0) - y(value))}
                  rx={1.5}
                >
                  <title>{`${name} · ${of} ${count(value)}`}</title>
                </rect>
              );
            })}
            {at % every === 0 && (
              <text
                class={(at / every) % 2 === 0 ? "axis other" : "axis"}
                x={LEFT + group * (at + 0.5)}
                y={HIGH + 6}
                text-anchor="middle"
              >
                {name}
              </text>
            )}
          </g>
        ))}
      </svg>
      <FigureTable names={names} series={series} />
    </figure>
  );
}

function Legend({ series }: { series: readonly Series[] }): JSX.Element {
  return (
    <div class="legend" aria-hidden="true">
      {series.map(({ name, color }) => (
        <span key={name}>
          <i class={`c${color}`} />
          {name}
        </span>
      ))}
    </div>
  );
}

function FigureTable({
  names,
  series,
}: {
  names: readonly string[];
  series: readonly Series[];
}): JSX.Element {
  const words = useWords(KIT);
  return (
    <details class="chart-table">
      <summary class="note">{words.chartTable}</summary>
      <CsvButton
        name={series.map(({ name }) => name).join("-")}
        rows={names.map((name, at) => ({ name, at }))}
        columns={[
          ["", ({ name }) => name],
          ...series.map(({ name, values }): CsvColumn<{ name: string; at: number }> => [
            name,
            ({ at }) => values[at] ?? 0,
          ]),
        ]}
      />
      <table class="plain">
        <thead>
          <tr>
            <td />
            {series.map(({ name }) => (
              <th key={name} class="r">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((name, at) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {series.map(({ name: of, values }) => (
                <td key={of} class="r num">
                  {count(values[at] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** Parts of a whole, largest first, each with its figure and its share. */
export function ShareBars({
  parts,
}: {
  parts: readonly { name: string; value: number; href?: string }[];
}): JSX.Element {
  const short = useShort();
  const whole = parts.reduce((sum, { value }) => sum + value, 0);
  const max = Math.max(1, ...parts.map(({ value }) => value));
  return (
    <ul class="bars">
      {parts.map(({ name, value, href }, at) => {
        const { value: figure, unit } = short(value);
        return (
          <li key={name}>
            <span>{href === undefined ? name : <a href={href}>{name}</a>}</span>
            <i aria-hidden="true">
              <u class={`c${(at % 5) + 2}`} style={{ width: `${(value / max) * 100}%` }} />
            </i>
            <b class="num">
              {figure}
              {unit}
            </b>
            <em class="num">{whole === 0 ? "—" : `${((value / whole) * 100).toFixed(1)}%`}</em>
          </li>
        );
      })}
    </ul>
  );
}
