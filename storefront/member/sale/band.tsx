import type { ComponentChildren, JSX } from "preact";
import { count, remainingTo, timeProof, two } from "../../ui/format.ts";
import { useSaleText } from "./sale-text.ts";
import { ARMING_MS } from "./grab-state.ts";
import { endedAtMs, type SaleModel } from "./sale-model.ts";

type Tone = "wait" | "hot" | "done";

export function Countdown({
  toMs,
  nowMs,
  label,
  big,
}: {
  toMs: number;
  nowMs: number;
  label: string;
  big: boolean;
}): JSX.Element {
  const t = useSaleText();
  const { days, hours, minutes, seconds } = remainingTo(toMs, nowMs);
  // Live off: a timer that speaks every second would silence everything else.
  const timer = { role: "timer" as const, "aria-live": "off" as const };
  if (big) {
    return (
      <span class="cd big" {...timer}>
        <span class="sr">{label}</span>
        <b class="num">{seconds}</b>
      </span>
    );
  }
  if (days > 0) {
    return (
      <span class="cd text" {...timer}>
        <span class="sr">{label}</span>
        <b class="num">{t.common.days(days, two(hours))}</b>
      </span>
    );
  }
  return (
    <span class="cd" {...timer}>
      <span class="sr">{label}</span>
      <b class="num">{two(hours)}</b>
      <i>:</i>
      <b class="num">{two(minutes)}</b>
      <i>:</i>
      <b class="num">{two(seconds)}</b>
    </span>
  );
}

function Figure({ figure, unit }: { figure: string; unit: string }): JSX.Element {
  return (
    <span class="fig">
      <b class="num">{figure}</b>
      <small>{unit}</small>
    </span>
  );
}

function Band({
  tone,
  title,
  sub,
  children,
}: {
  tone: Tone;
  title: string;
  sub: string;
  children?: ComponentChildren;
}): JSX.Element {
  const t = useSaleText();
  return (
    <section
      class={children === undefined ? "band" : "band cut"}
      data-tone={tone}
      aria-label={t.sale.bandLabel}
    >
      <div class="band-l">
        <strong>{title}</strong>
        <span>{sub}</span>
      </div>
      {children !== undefined && <div class="band-r">{children}</div>}
    </section>
  );
}

function GoneBand({ model }: { model: SaleModel }): JSX.Element {
  const t = useSaleText();
  const { soldOutAtMs, opensAtMs } = model.sale;
  if (soldOutAtMs === null) return <Band tone="done" title={t.sale.gone} sub={t.sale.goneSub} />;
  const tookMs = soldOutAtMs - opensAtMs;
  // Past a minute the seconds say nothing; before the hour (a wave's own hour) they would be wrong.
  const quick = tookMs >= 0 && tookMs < 60_000;
  return (
    <Band tone="done" title={t.sale.gone} sub={t.sale.lastOneAt(timeProof(soldOutAtMs))}>
      {quick ? <Figure figure={(tookMs / 1000).toFixed(2)} unit={t.sale.secondsGone} /> : undefined}
    </Band>
  );
}

/** What hour it is for this sale: one band, whose words change with its colour. */
export function SaleBand({
  model,
  nextOpensAtMs,
}: {
  model: SaleModel;
  nextOpensAtMs: number | null;
}): JSX.Element {
  const t = useSaleText();
  const { sale, verdict, nowMs } = model;
  if (verdict?.kind === "granted") {
    const title = sale.kind === "standing" ? t.verdict.wonStanding : t.verdict.won;
    const sub =
      verdict.atMs === null ? t.sale.wonNoOrdinal : t.sale.arrivedAt(timeProof(verdict.atMs));
    return (
      <Band tone="done" title={title} sub={sub}>
        {verdict.ordinal === null ? undefined : (
          <Figure figure={count(verdict.ordinal)} unit={t.sale.nth} />
        )}
      </Band>
    );
  }
  if (sale.status === "closed" || nowMs >= sale.closesAtMs) {
    const sub =
      nextOpensAtMs === null
        ? t.sale.overAt(endedAtMs(model))
        : t.sale.nextAt(nextOpensAtMs, nowMs);
    const given = sale.redeemed;
    return (
      <Band tone="done" title={t.common.over} sub={sub}>
        {given > 0 ? <Figure figure={count(given)} unit={t.sale.given} /> : undefined}
      </Band>
    );
  }
  if (sale.status === "paused")
    return <Band tone="wait" title={t.sale.paused} sub={t.sale.pausedSub} />;
  const toOpenMs = sale.opensAtMs - nowMs;
  if (toOpenMs > 0) {
    const back = model.waveUnits;
    const last = toOpenMs <= ARMING_MS;
    const title = last ? t.sale.soon : back === null ? t.sale.toOpen : t.sale.toWave;
    const sub = last
      ? t.sale.soonSub
      : back === null
        ? t.common.opensAt(sale.opensAtMs, nowMs)
        : t.sale.waveSub(back);
    return (
      <Band tone={last ? "hot" : "wait"} title={title} sub={sub}>
        <Countdown toMs={sale.opensAtMs} nowMs={nowMs} label={title} big={last} />
      </Band>
    );
  }
  if (sale.soldOut && sale.returned > 0 && sale.nextWaveAtMs !== null) {
    return (
      <Band tone="wait" title={t.sale.toWave} sub={t.sale.waveSub(sale.returned)}>
        <Countdown toMs={sale.nextWaveAtMs} nowMs={nowMs} label={t.sale.toWave} big={false} />
      </Band>
    );
  }
  if (sale.soldOut) return <GoneBand model={model} />;
  return (
    <Band tone="hot" title={t.sale.live} sub={t.sale.endsAt(sale.closesAtMs, nowMs)}>
      <Countdown toMs={sale.closesAtMs} nowMs={nowMs} label={t.sale.live} big={false} />
    </Band>
  );
}
