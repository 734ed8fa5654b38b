import type { JSX } from "preact";
import type { DashboardView } from "../../../worker/figures/wire.ts";
import { count, dayName, timeHm } from "../../ui/format.ts";
import { Badge, Card, Empty, useLocale, useWords, type Tone } from "../kit/index.ts";
import { DASHBOARD } from "./words.ts";

export const TONES: Readonly<Record<string, Tone>> = {
  open: "brand",
  paused: "warn",
  scheduled: "info",
};

/** Running and coming sales, the nearest first. */
export function Sales({
  sales,
  nowMs,
}: {
  sales: NonNullable<DashboardView["sales"]>;
  nowMs: number;
}): JSX.Element {
  const words = useWords(DASHBOARD);
  const locale = useLocale();
  return (
    <Card
      title={words.sales}
      acts={
        <a class="btn link sm" href="/console/sales">
          {words.all}
        </a>
      }
    >
      {sales.length === 0 && (
        <Empty icon="bolt" title={words.salesNone} body={words.salesNoneHelp} />
      )}
      <ul class="lines">
        {sales.slice(0, 6).map((sale) => (
          <li key={sale.saleId}>
            <div>
              <b>{sale.title}</b>
              <span class="note mute">
                {dayName(locale, sale.opensAtMs, nowMs)} {timeHm(sale.opensAtMs)} ·{" "}
                {words.forPoints(count(sale.pricePoints))}
              </span>
            </div>
            <div class="r">
              <Badge tone={TONES[sale.status] ?? "plain"}>{words.status[sale.status]}</Badge>
              <span class="note mute num">
                {words.left(count(sale.remaining), count(sale.units))}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
