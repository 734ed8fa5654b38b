import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import { pageClock } from "../../client/clock.ts";
import { salePath } from "../../client/paths.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { remainingTo, timeHm, two } from "../../ui/format.ts";
import { Badge, Figured, Picture, Price } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";

/** The server's time, once a second on its own second; the first value is the one the page was rendered with. */
export function useServerNow(serverTimeMs: number): number {
  const [nowMs, setNowMs] = useState(serverTimeMs);
  useEffect(() => {
    const clock = pageClock(serverTimeMs);
    let timer: ReturnType<typeof setTimeout>;
    const tick = (): void => {
      const now = clock.now();
      setNowMs(now);
      timer = setTimeout(tick, 1000 - (now % 1000) + 2);
    };
    tick();
    return () => clearTimeout(timer);
  }, [serverTimeMs]);
  return nowMs;
}

type Phase = "ahead" | "live" | "gone" | "paused" | "over";

export function phaseOf(sale: SaleView, nowMs: number): Phase {
  if (sale.status === "closed" || nowMs >= sale.closesAtMs) return "over";
  if (sale.status === "paused") return "paused";
  if (nowMs < sale.opensAtMs) return "ahead";
  return sale.soldOut ? "gone" : "live";
}

function State({
  sale,
  phase,
  nowMs,
  words,
}: {
  sale: SaleView;
  phase: Phase;
  nowMs: number;
  words: PagesText;
}): JSX.Element {
  const t = useText();
  if (phase === "live") return <Badge tone="brand">{words.home.left(sale.remaining)}</Badge>;
  if (phase === "gone") return <Badge>{words.home.gone}</Badge>;
  if (phase === "paused") return <Badge>{words.home.paused}</Badge>;
  if (phase === "over") return <Badge>{t.common.over}</Badge>;
  const { days, hours, minutes, seconds } = remainingTo(sale.opensAtMs, nowMs);
  if (days > 0) return <span class="fc-cd text num">{t.common.days(days, two(hours))}</span>;
  return (
    <span class="fc-cd" role="timer" aria-live="off">
      <b class="num">{two(hours)}</b>:<b class="num">{two(minutes)}</b>:
      <b class="num">{two(seconds)}</b>
    </span>
  );
}

interface ItemProps {
  sale: SaleView;
  /** Points the member may use; null when nobody is signed in. */
  active: number | null;
  nowMs: number;
  words: PagesText;
}

/** How many points are missing, where that still matters; 0: none. */
function gapOf({ sale, active, nowMs }: ItemProps): number {
  const phase = phaseOf(sale, nowMs);
  const matters = active !== null && (phase === "ahead" || phase === "live");
  return matters ? Math.max(0, sale.pricePoints - active) : 0;
}

function Feature(props: ItemProps): JSX.Element {
  const { sale, nowMs, words } = props;
  const gap = gapOf(props);
  const phase = phaseOf(sale, nowMs);
  const go =
    phase === "ahead" ? words.home.book : phase === "live" ? words.home.go : words.home.look;
  return (
    <a class="feat" href={salePath(sale.saleId)}>
      <div class="feat-p">
        <Picture src={sale.picture} alt="" size={132} first />
      </div>
      <div class="feat-i">
        <h3>{sale.title}</h3>
        <p class="note sec feat-s">
          {words.home.units(sale.units)}
          {sale.subtitle !== "" && ` · ${sale.subtitle}`}
        </p>
        <Price points={sale.pricePoints} cashFen={sale.priceFen} />
        {gap > 0 && (
          <p class="note sec">
            <Figured text={words.home.gap(gap)} />
          </p>
        )}
        <div class="feat-c">
          <State sale={sale} phase={phase} nowMs={nowMs} words={words} />
          <span class={phase === "ahead" || phase === "live" ? "btn primary sm" : "btn quiet sm"}>
            {go}
          </span>
        </div>
      </div>
    </a>
  );
}

function Mini(props: ItemProps): JSX.Element {
  const { sale, nowMs, words } = props;
  const gap = gapOf(props);
  const t = useText();
  const phase = phaseOf(sale, nowMs);
  const when =
    phase === "ahead"
      ? t.common.opensAt(sale.opensAtMs, nowMs)
      : phase === "live"
        ? words.home.left(sale.remaining)
        : phase === "gone"
          ? words.home.gone
          : t.common.over;
  return (
    <a class="mini" href={salePath(sale.saleId)}>
      <span class="mini-p" style={{ background: sale.groundColor }}>
        <Picture src={sale.picture} alt="" size={44} />
      </span>
      <span>
        <h3>{sale.title}</h3>
        <p class="note mute">
          <span class="nb">{when}</span>{" "}
          {gap > 0 && (
            <span class="nb">
              <Figured text={words.home.gap(gap)} />
            </span>
          )}
        </p>
      </span>
      <Price points={sale.pricePoints} cashFen={sale.priceFen} />
    </a>
  );
}

const minuteOf = (atMs: number): number => Math.floor(atMs / 60_000);

/** What can be redeemed now stands before what opens later, and both before what is gone. */
const RANK: Readonly<Record<Phase, number>> = { live: 0, ahead: 1, paused: 2, gone: 3, over: 4 };

/** The sale of the hour: the first that a member can do something about, large; the others below it. */
export function SaleList({
  sales,
  active,
  nowMs,
  words,
  title,
  max,
}: {
  sales: SaleView[];
  active: number | null;
  nowMs: number;
  words: PagesText;
  /** Empty: the mall's own word for it. */
  title: string;
  max: number;
}): JSX.Element {
  const t = useText();
  const rank = (sale: SaleView): number => RANK[phaseOf(sale, nowMs)];
  const open = sales
    .filter((sale) => rank(sale) < RANK.over)
    .sort((a, b) => rank(a) - rank(b) || a.opensAtMs - b.opensAtMs)
    .slice(0, max);
  const [first, ...others] = open;
  // By the minute: that is how an hour is read.
  const hours = [...new Map(open.map(({ opensAtMs }) => [minuteOf(opensAtMs), opensAtMs])).values()]
    .slice(0, 3)
    .sort((a, b) => a - b);
  return (
    <section class="flash" aria-label={title === "" ? words.home.flash : title}>
      <div class="flash-h">
        <h2>{title === "" ? words.home.flash : title}</h2>
        {first !== undefined && (
          <ul class="slots">
            {hours.map((atMs) => (
              <li key={atMs} class={minuteOf(atMs) === minuteOf(first.opensAtMs) ? "on" : ""}>
                <b class="num">{timeHm(atMs)}</b>
                <span>{nowMs >= atMs ? words.home.live : t.common.day(atMs, nowMs)}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      {first === undefined ? (
        <p class="flash-none sec small">
          <b>{words.home.noSales}</b> {words.home.noSalesBody}
        </p>
      ) : (
        <Feature sale={first} active={active} nowMs={nowMs} words={words} />
      )}
      {others.map((sale) => (
        <Mini key={sale.saleId} sale={sale} active={active} nowMs={nowMs} words={words} />
      ))}
    </section>
  );
}
