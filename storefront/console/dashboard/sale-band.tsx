import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { DashboardView } from "../../../worker/figures/wire.ts";
import { count, dayName, timeHm, yuan } from "../../ui/format.ts";
import { Badge, Button, useEvery, useLocale, useWords } from "../kit/index.ts";
import { countdownOf, nextSale } from "./next-sale.ts";
import { TONES } from "./sales.tsx";
import { DASHBOARD } from "./words.ts";

/** The sale of the hour, with the server's clock. */
export function SaleBand({ view }: { view: DashboardView }): JSX.Element | null {
  const words = useWords(DASHBOARD);
  const locale = useLocale();
  // A merchant's own clock may be wrong: only what has gone by since the answer is taken from it.
  const [nowMs, setNowMs] = useState(view.atMs);
  const readAtRef = useRef(0);
  useEffect(() => {
    readAtRef.current = Date.now();
  }, [view.atMs]);
  useEvery(1000, () => setNowMs(view.atMs + Date.now() - readAtRef.current));
  const sale = nextSale(view.sales ?? [], nowMs);
  if (!sale) return null;
  const { of, days, parts } = countdownOf(sale, nowMs);
  const status = of === "closes" && sale.status === "scheduled" ? "open" : sale.status;
  const day = dayName(locale, sale.opensAtMs, nowMs);
  return (
    <section class="sale-band" aria-label={words.band.name}>
      <div class="sale-band-what">
        <Badge tone={TONES[status] ?? "plain"}>{words.status[status]}</Badge>
        <h2>{sale.title}</h2>
        <p>
          {words.band.units(count(sale.units))} · {words.forPoints(count(sale.pricePoints))}
          {sale.priceFen > 0 && ` + ${yuan(sale.priceFen)}`}
        </p>
      </div>
      <div class="sale-band-clock" role="timer">
        <span>{words.band[of]}</span>
        <p class="num">{days > 0 ? words.band.days(days, parts[0] ?? "") : parts.join(":")}</p>
      </div>
      <dl>
        <div>
          <dt>{words.band.opening}</dt>
          <dd>
            <span class="day">{day}</span> <span class="num">{timeHm(sale.opensAtMs)}</span>
          </dd>
        </div>
        <div>
          <dt>{words.shelf}</dt>
          <dd class="num">{count(sale.remaining)}</dd>
        </div>
        {of === "closes" && (
          <div>
            <dt>{words.units}</dt>
            <dd class="num">{count(sale.redeemed)}</dd>
          </div>
        )}
      </dl>
      <Button
        kind="primary"
        icon="monitor"
        href={`/console/sales/live/${encodeURIComponent(sale.saleId)}`}
      >
        {words.band.live}
      </Button>
    </section>
  );
}
