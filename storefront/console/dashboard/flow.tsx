import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { DashboardView } from "../../../worker/figures/wire.ts";
import { count } from "../../ui/format.ts";
import { BarChart, Card, Empty, ShareBars, useWords } from "../kit/index.ts";
import { DASHBOARD } from "./words.ts";
import { DAY_MS, HOUR_MS } from "../../client/durations.ts";

type Points = NonNullable<DashboardView["points"]>;
const RANGES = [14, 30, 90] as const;

/** Every day of the range up to today, those without an entry too. */
function lastDays(
  days: Points["days"],
  range: number,
): { name: string; issued: number; used: number }[] {
  const known = new Map(days.map((one) => [one.day, one]));
  // The programme's calendar is Beijing's.
  const todayMs = Math.floor((Date.now() + 8 * HOUR_MS) / DAY_MS) * DAY_MS;
  return Array.from({ length: range }, (_, at) => {
    const day = new Date(todayMs - (range - 1 - at) * DAY_MS).toISOString().slice(0, 10);
    const { issued = 0, used = 0 } = known.get(day) ?? {};
    return { name: `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`, issued, used };
  });
}

export function Flow({ points }: { points: Points }): JSX.Element {
  const words = useWords(DASHBOARD);
  const [range, setRange] = useState<number>(14);
  const shown = lastDays(points.days, range);
  const sum = (name: "issued" | "used"): number => shown.reduce((all, one) => all + one[name], 0);
  return (
    <Card
      title={words.flow}
      acts={
        <div class="segm" role="group" aria-label={words.range}>
          {RANGES.map((days) => (
            <button
              key={days}
              type="button"
              aria-pressed={range === days}
              onClick={() => setRange(days)}
            >
              {words.days(days)}
            </button>
          ))}
        </div>
      }
    >
      {points.days.length === 0 ? (
        <Empty icon="chart" title={words.flowEmpty} body={words.flowEmptyHelp} />
      ) : (
        <BarChart
          label={words.flowLabel(range, count(sum("issued")), count(sum("used")))}
          names={shown.map(({ name }) => name)}
          series={[
            { name: words.issued, color: 6, values: shown.map(({ issued }) => issued) },
            { name: words.used, color: 2, values: shown.map(({ used }) => used) },
          ]}
        />
      )}
    </Card>
  );
}

export function Sources({ sources }: { sources: Points["sources"] }): JSX.Element {
  const words = useWords(DASHBOARD);
  return (
    <Card title={words.sources} note={words.sourcesNote}>
      <ShareBars
        parts={sources.map(({ type, points }) => ({
          name: words.source[type] ?? type,
          value: points,
        }))}
      />
    </Card>
  );
}
