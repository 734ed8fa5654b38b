import type { JSX, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import type { SessionView } from "../../../worker/sales/wire.ts";
import { dateIso, timeHm } from "../../ui/format.ts";
import {
  Button,
  Card,
  Empty,
  Failed,
  IconButton,
  PageHead,
  useConsole,
  useQuery,
  useRead,
  useRouter,
  useWords,
} from "../kit/index.ts";
import { BrandFilter } from "../goods/brand-filter.tsx";
import { dayAt, dayOf, monthDays, partsOf, startOf, weekDays } from "./days.ts";
import {
  livePath,
  sessionPath,
  StandingBadge,
  standingOf,
  useNow,
  type Standing,
} from "./parts.tsx";
import { SALES } from "./words.ts";

interface Entry {
  readonly id: string;
  readonly href: string;
  readonly title: string;
  readonly opensAtMs: number;
  readonly goods: number;
  readonly standing: Standing;
}

interface Listed {
  readonly sessions: readonly SessionView[];
  readonly loneSales: readonly SaleView[];
}

function entriesOf({ sessions, loneSales }: Listed): Entry[] {
  const ofSessions = sessions.map((session): Entry => {
    const { sessionId, title, opensAtMs, items } = session;
    const href = sessionPath(sessionId);
    const standing = standingOf(session);
    return { id: sessionId, href, title, opensAtMs, goods: items.length, standing };
  });
  const alone = loneSales.map((sale): Entry => {
    const { saleId, title, opensAtMs } = sale;
    const standing = standingOf({ state: "scheduled", sales: [sale] });
    return { id: saleId, href: livePath(saleId), title, opensAtMs, goods: 1, standing };
  });
  return [...ofSessions, ...alone].toSorted((a, b) => a.opensAtMs - b.opensAtMs);
}

/** The present month is asked for as the first HTML asks for it, so that its answer is there already. */
function listPath(days: readonly number[], today: number, view: string, brand: string): string {
  const asked = new URLSearchParams();
  if (view !== "month" || days[0] !== monthDays(today)[0]) {
    asked.set("fromMs", String(startOf(days[0] ?? today)));
    asked.set("toMs", String(startOf((days.at(-1) ?? today) + 1)));
  }
  if (brand !== "") asked.set("brand", brand);
  return asked.size === 0 ? SESSIONS : `${SESSIONS}?${asked.toString()}`;
}

const SESSIONS = "/api/v1/staff/sessions";
const SHOWN_MAX = { month: 3, week: 12 } as const;

/** The calendar: a month or a week, moved through by keys. */
export function CalendarPage(): JSX.Element {
  const words = useWords(SALES);
  const { may } = useConsole();
  const router = useRouter();
  const [query, setQuery] = useQuery();
  const today = dayOf(useNow());
  const asked = /^(\d{4})-(\d{2})-(\d{2})$/.exec(query.get("day") ?? "");
  const day = asked ? dayAt(Number(asked[1]), Number(asked[2]), Number(asked[3])) : today;
  const view = query.get("view") === "week" ? "week" : "month";
  const days = view === "week" ? weekDays(day) : monthDays(day);
  const read = useRead<Listed>(listPath(days, today, view, query.get("brand") ?? ""), {
    everyMs: 15_000,
  });
  const entries = (read.value ? entriesOf(read.value) : []).filter(({ opensAtMs }) =>
    days.includes(dayOf(opensAtMs)),
  );
  const go = (to: number): void => setQuery({ day: isoOf(to) }, { replace: true });
  const step = (by: 1 | -1): void => {
    const { year, month } = partsOf(day);
    go(view === "week" ? day + 7 * by : dayAt(year, month + by, 1));
  };
  const create = (): void => {
    void router.go(`${sessionPath("new")}?day=${isoOf(day)}`);
  };
  const { year, month } = partsOf(day);
  return (
    <>
      <PageHead title={words.title} note={words.why}>
        {may("sales.write") && (
          <Button kind="primary" icon="plus" onClick={create}>
            {words.create}
          </Button>
        )}
      </PageHead>
      <Card
        flush
        title={words.monthName(year, month)}
        note={words.keysHint}
        acts={<Toolbar view={view} day={day} step={step} onToday={() => go(today)} />}
      >
        {read.problem && <Failed problem={read.problem} onRetry={read.again} />}
        <Grid
          days={days}
          day={day}
          today={today}
          month={view === "month" ? month : null}
          entries={entries}
          isLoading={read.isLoading}
          shownMax={SHOWN_MAX[view]}
          onDay={go}
          onCreate={may("sales.write") ? create : null}
        />
        {read.value && entries.length === 0 && (
          <Empty icon="bolt" title={words.emptyTitle} body={words.emptyBody} />
        )}
      </Card>
    </>
  );
}

/** Month or week, and the way through them. */
function Toolbar({
  view,
  day,
  step,
  onToday,
}: {
  view: "month" | "week";
  day: number;
  step: (by: 1 | -1) => void;
  onToday: () => void;
}): JSX.Element {
  const words = useWords(SALES);
  const [, setQuery] = useQuery();
  return (
    <>
      <BrandFilter />
      <div class="segm" role="group" aria-label={words.view}>
        {(["month", "week"] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={view === one}
            onClick={() => setQuery({ view: one === "month" ? null : one, day: isoOf(day) })}
          >
            {words[one]}
          </button>
        ))}
      </div>
      <span class="cal-steps">
        <IconButton icon="left" name={words.before} onClick={() => step(-1)} />
        <Button size="sm" onClick={onToday}>
          {words.today}
        </Button>
        <IconButton icon="right" name={words.after} onClick={() => step(1)} />
      </span>
    </>
  );
}

const isoOf = (day: number): string => dateIso(startOf(day));

const KEYS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -7,
  ArrowDown: 7,
};

function Grid({
  days,
  day,
  today,
  month,
  entries,
  isLoading,
  shownMax,
  onDay,
  onCreate,
}: {
  days: readonly number[];
  day: number;
  today: number;
  /** Days of another month are pale; null in a week. */
  month: number | null;
  entries: readonly Entry[];
  /** It stands while its days are asked for: whoever walks through it by keys stays where they are. */
  isLoading: boolean;
  shownMax: number;
  onDay: (day: number) => void;
  onCreate: (() => void) | null;
}): JSX.Element {
  const words = useWords(SALES);
  const router = useRouter();
  const cellRef = useRef<HTMLDivElement>(null);
  const movedRef = useRef(false);
  useEffect(() => {
    if (movedRef.current) cellRef.current?.focus();
    movedRef.current = false;
  }, [day]);
  const pressed = (event: KeyboardEvent): void => {
    const by = KEYS[event.key];
    if (by !== undefined) {
      event.preventDefault();
      movedRef.current = true;
      onDay(day + by);
    } else if (event.key === "Enter" && event.target === cellRef.current) {
      const first = entries.find(({ opensAtMs }) => dayOf(opensAtMs) === day);
      if (first) void router.go(first.href);
    } else if (event.key === "n" || event.key === "N") onCreate?.();
  };
  const weeks = Array.from({ length: days.length / 7 }, (_, at) => days.slice(at * 7, at * 7 + 7));
  return (
    <div class="cal" role="grid" aria-label={words.title} aria-busy={isLoading} onKeyDown={pressed}>
      <div class="cal-row cal-head" role="row">
        {words.weekdays.map((name) => (
          <div key={name} role="columnheader" class="note mute">
            {name}
          </div>
        ))}
      </div>
      {weeks.map((week) => (
        <div key={week[0]} class="cal-row" role="row">
          {week.map((one) => (
            <DayCell
              key={one}
              day={one}
              cellRef={one === day ? cellRef : null}
              look={lookOf(one, today, month)}
              entries={entries.filter(({ opensAtMs }) => dayOf(opensAtMs) === one)}
              shownMax={shownMax}
              onDay={onDay}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

function lookOf(day: number, today: number, month: number | null): string {
  const isOther = month !== null && partsOf(day).month !== month;
  return `cal-day${isOther ? " other" : ""}${day === today ? " today" : ""}`;
}

function DayCell({
  day,
  cellRef,
  look,
  entries,
  shownMax,
  onDay,
}: {
  day: number;
  /** Of the day that the keys stand on. */
  cellRef: RefObject<HTMLDivElement | null> | null;
  look: string;
  entries: readonly Entry[];
  shownMax: number;
  onDay: (day: number) => void;
}): JSX.Element {
  const words = useWords(SALES);
  return (
    <div
      ref={cellRef}
      role="gridcell"
      class={entries.length === 0 ? `${look} bare` : look}
      tabIndex={cellRef ? 0 : -1}
      aria-selected={cellRef !== null}
      onClick={(event) => {
        if (event.target === event.currentTarget) onDay(day);
      }}
    >
      <span class="sr">{words.day(isoOf(day), entries.length)}</span>
      <span class="cal-date num" aria-hidden="true">
        {partsOf(day).date}
      </span>
      <span class="cal-full note num" aria-hidden="true">
        {isoOf(day)}
      </span>
      {entries.slice(0, shownMax).map((entry) => (
        <a key={entry.id} class={`cal-entry ${entry.standing}`} href={entry.href}>
          <span class="num">{timeHm(entry.opensAtMs)}</span> <b>{entry.title}</b>
          <span class="cal-foot">
            <StandingBadge standing={entry.standing} />
            <span class="note mute">{words.items(entry.goods)}</span>
          </span>
        </a>
      ))}
      {entries.length > shownMax && (
        <span class="note mute">{words.more(entries.length - shownMax)}</span>
      )}
    </div>
  );
}
