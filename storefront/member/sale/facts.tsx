import type { JSX } from "preact";
import { count, timeHm, yuan } from "../../ui/format.ts";
import { Badge, Figured, Picture, Price } from "../../ui/parts.tsx";
import { useSaleText } from "./sale-text.ts";
import type { GrabStateName } from "./grab-state.ts";
import type { SaleModel } from "./sale-model.ts";

const LOW_SHARE = 0.1;

export function Stock({ model }: { model: SaleModel }): JSX.Element {
  const t = useSaleText();
  const { sale, nowMs, waveUnits } = model;
  const flash = sale.kind === "flash";
  const ahead = flash && nowMs < sale.opensAtMs && sale.status !== "closed";
  const share = sale.units > 0 ? Math.min(1, sale.remaining / sale.units) : 0;
  const level =
    sale.remaining === 0 ? "none" : ahead ? "idle" : flash && share <= LOW_SHARE ? "low" : "live";
  const figure = count(sale.remaining);
  const left =
    waveUnits !== null
      ? t.sale.stockWave(figure)
      : ahead
        ? t.sale.stockIdle(figure)
        : t.sale.stockLeft(figure);
  return (
    <div class="stock" data-level={level}>
      <div class="stock-l">
        <span>
          <Figured text={left} />
        </span>
        <span>
          {flash
            ? t.sale.stockTotal(sale.units, sale.limitPerMember)
            : t.sale.stockLimit(sale.limitPerMember)}
        </span>
      </div>
      {flash && (
        <div class="stock-t" role="img" aria-label={t.sale.stockBar(sale.remaining, sale.units)}>
          <i style={{ transform: `scaleX(${share})` }} />
        </div>
      )}
    </div>
  );
}

/** A size or a colour belongs to the name; a sentence about the goods has a line of its own. */
const isPartOfName = (subtitle: string): boolean =>
  subtitle.length <= 14 && !/[，。；,;]/.test(subtitle);

export function Facts({ model }: { model: SaleModel }): JSX.Element {
  const t = useSaleText();
  const { sale, price } = model;
  const off = price !== null && price.points < price.listPoints;
  const named = isPartOfName(sale.subtitle);
  return (
    <section class="facts">
      <h1>
        {sale.title} {named && <span class="nb">{sale.subtitle}</span>}
      </h1>
      {!named && <p class="sec small">{sale.subtitle}</p>}
      <div class="facts-pr">
        <Price points={sale.pricePoints} cashFen={sale.priceFen} size="xl" />
        {off && (
          <span class="was">
            {t.sale.listPrice} <s class="num">{count(price.listPoints)}</s>
          </span>
        )}
        {sale.marketPriceFen !== null && (
          <span class="was">
            {t.common.marketPrice} <s class="num">{yuan(sale.marketPriceFen)}</s>
          </span>
        )}
      </div>
      {off && (
        <ul class="facts-off">
          {price.discounts.map(({ discountId, title, percent }) => (
            <li key={discountId}>
              <Badge tone="brand">{t.sale.discount(title, percent, discountId === "tier")}</Badge>
            </li>
          ))}
        </ul>
      )}
      {/* After the close the shelf is empty, however many were redeemed. */}
      {sale.status !== "closed" && <Stock model={model} />}
    </section>
  );
}

const SEALED: Partial<Record<GrabStateName, "won" | "gone">> = { granted: "won", sold_out: "gone" };

export function Hero({
  model,
  state,
  stamped,
}: {
  model: SaleModel;
  state: GrabStateName;
  stamped: boolean;
}): JSX.Element {
  const t = useSaleText();
  const { sale, nowMs, waiting } = model;
  const flash = sale.kind === "flash";
  const hourMs =
    sale.soldOut && sale.nextWaveAtMs !== null && sale.returned > 0
      ? sale.nextWaveAtMs
      : sale.opensAtMs;
  const sealed = SEALED[state];
  const over =
    state === "granted" || state === "sold_out" || state === "closed" || state === "paused";
  const people =
    state === "wave"
      ? t.sale.wavePeople
      : nowMs < sale.opensAtMs
        ? t.sale.waitingPeople
        : t.sale.grabbingPeople;
  return (
    <div class="hero">
      {flash && (
        <div class="hero-hour num" aria-hidden="true">
          <span>{timeHm(hourMs)}</span>
        </div>
      )}
      <div class="hero-top">
        <Badge tone="ink">
          {flash ? t.common.session(sale.opensAtMs, nowMs) : t.common.standing}
        </Badge>
        {!over && waiting !== null && waiting > 1 && (
          <span class="badge live">
            <span class="dot" />
            <span>{people(waiting)}</span>
          </span>
        )}
      </div>
      <div class="hero-prod">
        <Picture src={sale.picture} alt={t.sale.picture(sale.title)} size={270} first />
      </div>
      {sealed !== undefined && (
        <div class="hero-stamp" aria-hidden="true">
          <span class={`seal${sealed === "gone" ? " flat" : ""}${stamped ? " in" : ""}`}>
            {(sealed === "won" ? t.sale.sealWon : t.sale.sealGone).map((line) => (
              <span key={line}>{line}</span>
            ))}
          </span>
        </div>
      )}
    </div>
  );
}
