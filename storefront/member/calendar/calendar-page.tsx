import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import type { CalendarSession } from "../../../worker/sales/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { pageClock } from "../../client/clock.ts";
import { onComeBack } from "../../client/visibility.ts";
import { calendarText, type CalendarText } from "../../locales/calendar.ts";
import { dayName, remainingTo, timeHm, two } from "../../ui/format.ts";
import { Sprite } from "../../ui/icon.tsx";
import { Badge, LanguageSwitch, Picture, Price, TabBar } from "../../ui/parts.tsx";

export type CalendarData = Extract<PageData, { page: "calendar" }>;

/**
 * The server's time, once a second; the first render is the one that the server made. `groupedAtMs` stands still while somebody looks:
 * a session whose hour comes changes where it stands, and moves to its group when they come back.
 */
function useServerTime(startMs: number): { nowMs: number; groupedAtMs: number } {
  const [nowMs, setNowMs] = useState(startMs);
  const [groupedAtMs, setGroupedAtMs] = useState(startMs);
  useEffect(() => {
    const clock = pageClock(startMs);
    const timer = setInterval(() => setNowMs(clock.now()), 1_000);
    const leave = onComeBack(
      () => setGroupedAtMs(clock.now()),
      () => undefined,
    );
    return () => {
      clearInterval(timer);
      leave();
    };
  }, [startMs]);
  return { nowMs, groupedAtMs };
}

type Phase = "running" | "upcoming" | "past";

/** A sale is over when it is said to be, or when its time is; what is sold out still runs, because a wave may come. */
function phaseOf({ opensAtMs, closesAtMs, sales }: CalendarSession, nowMs: number): Phase {
  const isOver = nowMs >= closesAtMs || sales.every(({ status }) => status === "closed");
  if (isOver) return "past";
  return nowMs < opensAtMs ? "upcoming" : "running";
}

/** What ran, what runs, what comes; or one session that somebody was sent to. */
export function CalendarPage({ data }: { data: CalendarData }): JSX.Element {
  const words = calendarText(data.locale);
  const { nowMs, groupedAtMs } = useServerTime(data.serverTimeMs);
  const groups = (["running", "upcoming", "past"] as const).map((phase) => {
    const sessions = data.sessions.filter((one) => phaseOf(one, groupedAtMs) === phase);
    return { phase, sessions: phase === "past" ? [...sessions].reverse() : sessions };
  });
  const firstSaleId = groups.flatMap(({ sessions }) => sessions)[0]?.sales[0]?.saleId ?? null;
  return (
    <>
      <Sprite icons={{}} />
      <main class="page cal-page">
        <header class="cal-top">
          <h1>{data.isOne ? (data.sessions[0]?.title ?? words.title) : words.title}</h1>
          <LanguageSwitch />
        </header>
        {data.sessions.length === 0 && (
          <section class="card cal-empty">
            <h2>{words.emptyTitle}</h2>
            <p class="sec">{words.emptyBody}</p>
            <a class="btn primary" href="/g">
              {words.toGoods}
            </a>
          </section>
        )}
        {groups.map(
          ({ phase, sessions }) =>
            sessions.length > 0 && (
              <section key={phase} aria-labelledby={`cal-${phase}`}>
                <h2 id={`cal-${phase}`} class="cal-group">
                  {words[phase]}
                </h2>
                {sessions.map((session) => (
                  <Session
                    key={session.sessionId}
                    session={session}
                    group={phase}
                    firstSaleId={firstSaleId}
                    nowMs={nowMs}
                    data={data}
                    words={words}
                  />
                ))}
              </section>
            ),
        )}
        {data.isOne && (
          <p class="cal-all">
            <a class="link" href="/calendar">
              {words.toAll}
            </a>
          </p>
        )}
      </main>
      <TabBar current="home" />
    </>
  );
}

function Session({
  session,
  group,
  firstSaleId,
  nowMs,
  data,
  words,
}: {
  session: CalendarSession;
  /** Under which heading it stands. */
  group: Phase;
  /** Stands at the top of the page: its picture is asked for at once. */
  firstSaleId: string | null;
  nowMs: number;
  data: CalendarData;
  words: CalendarText;
}): JSX.Element {
  const { title, opensAtMs, closesAtMs, sales } = session;
  const phase = phaseOf(session, nowMs);
  const say = phase === "upcoming" ? words.opensAt : words.openSince;
  const when = say(dayName(data.locale, opensAtMs, nowMs), timeHm(opensAtMs));
  const isAlone = sales.length === 1 && sales[0]?.title === title;
  return (
    <article class={`card cal-session ${phase}`}>
      <header>
        <div>
          {!isAlone && !data.isOne && (
            <h3>
              <a href={`/sessions/${encodeURIComponent(session.sessionId)}`}>{title}</a>
            </h3>
          )}
          <p class="sec small">
            {when} · {words.until(timeHm(closesAtMs))}
          </p>
        </div>
        {group !== "past" && (
          <Countdown
            label={phase === "upcoming" ? words.opensIn : words.endsIn}
            toMs={phase === "upcoming" ? opensAtMs : closesAtMs}
            nowMs={nowMs}
            words={words}
          />
        )}
      </header>
      <ul>
        {sales.map((sale) => (
          <SaleRow
            key={sale.saleId}
            sale={sale}
            first={sale.saleId === firstSaleId}
            phase={phase}
            active={data.me?.points.active ?? null}
            words={words}
          />
        ))}
      </ul>
    </article>
  );
}

function Countdown({
  label,
  toMs,
  nowMs,
  words,
}: {
  label: string;
  toMs: number;
  nowMs: number;
  words: CalendarText;
}): JSX.Element {
  const { days, hours, minutes, seconds } = remainingTo(toMs, nowMs);
  const text =
    days > 0 ? words.days(days, two(hours)) : `${two(hours)}:${two(minutes)}:${two(seconds)}`;
  return (
    <p class="cal-count">
      <span class="small">{label}</span>
      <b class="num" role="timer" aria-live="off">
        {text}
      </b>
    </p>
  );
}

function SaleRow({
  sale,
  first,
  phase,
  active,
  words,
}: {
  sale: SaleView;
  first: boolean;
  phase: Phase;
  /** Points the member may use; null when nobody is signed in. */
  active: number | null;
  words: CalendarText;
}): JSX.Element {
  // One of a session's sales may end before the others.
  const isOver = phase === "past" || sale.status === "closed";
  const gap = isOver || sale.soldOut || active === null ? 0 : sale.pricePoints - active;
  const act = isOver || sale.soldOut ? words.look : phase === "running" ? words.grab : words.book;
  return (
    <li>
      <a class="cal-sale" href={`/s/${encodeURIComponent(sale.saleId)}`}>
        <span class="cal-pic" style={{ background: sale.groundColor }}>
          <Picture src={sale.picture} alt="" size={72} first={first} />
        </span>
        <span class="cal-what">
          <b>{sale.title}</b>
          <Price points={sale.pricePoints} cashFen={sale.priceFen} />
          <span class="sec small">
            <Standing sale={sale} phase={phase} words={words} />{" "}
            <span class="nb">{gap > 0 ? words.gap(gap) : words.limit(sale.limitPerMember)}</span>
          </span>
        </span>
        <span class={isOver || sale.soldOut ? "cal-act" : "cal-act on"}>{act}</span>
      </a>
    </li>
  );
}

function Standing({
  sale,
  phase,
  words,
}: {
  sale: SaleView;
  phase: Phase;
  words: CalendarText;
}): JSX.Element {
  if (phase === "past") return <Badge>{words.redeemed(sale.redeemed)}</Badge>;
  if (sale.status === "closed") return <Badge>{words.over}</Badge>;
  if (sale.soldOut) return <Badge tone="ink">{words.gone}</Badge>;
  if (sale.status === "paused") return <Badge tone="warn">{words.paused}</Badge>;
  if (phase === "running") return <Badge tone="brand">{words.left(sale.remaining)}</Badge>;
  return <Badge>{words.units(sale.units)}</Badge>;
}
