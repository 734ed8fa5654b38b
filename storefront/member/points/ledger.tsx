import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PointsView } from "../../../worker/accounts/wire.ts";
import type { Locale } from "../../../worker/pages/page-data.ts";
import { createApi } from "../../client/api.ts";
import { orderPath } from "../../client/paths.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { count, dateIso, daysBetween, signed, timeHm, weekdayName } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { useText } from "../../ui/text.tsx";

type Entry = PointsView["entries"][number];

/** Whether each entry carries the one before it; `null` when there is nothing to compare. */
export function isChained(entries: readonly Entry[]): boolean | null {
  if (entries.length < 2) return null;
  return entries.every((entry, at) => {
    const before = entries[at + 1];
    return before === undefined || (entry.prevHash === before.hash && entry.seq === before.seq + 1);
  });
}

const ICONS: Record<string, string> = {
  expire: "clock",
  redeem_rollback: "undo",
  redeem: "orders",
};

function titleOf(entry: Entry, words: PagesText): string {
  const kind = words.points.type[entry.type];
  // An expiry is the system's own: its reason is a code, and the kind says it all.
  if (kind === undefined || entry.type === "expire") return kind ?? entry.reason;
  return entry.reason === "" ? kind : `${kind}${words.points.colon}${entry.reason}`;
}

function Row({ entry, words }: { entry: Entry; words: PagesText }): JSX.Element {
  const plus = entry.points > 0;
  const body = (
    <>
      <span class={plus ? "led-i plus" : "led-i"}>
        <Icon name={ICONS[entry.type] ?? "plus"} />
      </span>
      <span>
        <b>{titleOf(entry, words)}</b>
        <span class="note mute num">
          {words.points.nth(entry.seq)} · {timeHm(entry.occurredAtMs)}
        </span>
      </span>
      <span class="led-a">
        <b class={plus ? "num plus" : "num"}>{signed(entry.points)}</b>
        <span class="note mute num">{count(entry.balanceAfter)}</span>
      </span>
    </>
  );
  return entry.orderId === null ? (
    <div class="led-r">{body}</div>
  ) : (
    <a class="led-r" href={orderPath(entry.orderId)}>
      {body}
    </a>
  );
}

function Day({
  entries,
  nowMs,
  locale,
  words,
}: {
  entries: Entry[];
  nowMs: number;
  locale: Locale;
  words: PagesText;
}): JSX.Element {
  const t = useText();
  const atMs = entries[0]?.occurredAtMs ?? nowMs;
  const day = daysBetween(atMs, nowMs) === 0 ? words.points.today : weekdayName(locale, atMs);
  return (
    <>
      <h3 class="day">
        {t.common.date(atMs, nowMs)} {day}
      </h3>
      {entries.map((entry) => (
        <Row key={entry.seq} entry={entry} words={words} />
      ))}
    </>
  );
}

function byDay(entries: readonly Entry[]): Entry[][] {
  const days: Entry[][] = [];
  for (const entry of entries) {
    const last = days[days.length - 1];
    if (last?.[0] !== undefined && dateIso(last[0].occurredAtMs) === dateIso(entry.occurredAtMs))
      last.push(entry);
    else days.push([entry]);
  }
  return days;
}

function Chain({
  entries,
  words,
}: {
  entries: readonly Entry[];
  words: PagesText;
}): JSX.Element | null {
  const chained = isChained(entries);
  if (chained === null) return null;
  return (
    <p class="chain">
      <Icon name={chained ? "shield" : "alert"} />
      <span>
        <b>{chained ? words.points.chain(entries.length) : words.points.chainBroken}</b>
        {chained && <span class="note mute">{words.points.chainSub}</span>}
      </span>
    </p>
  );
}

interface LedgerProps {
  points: PointsView;
  nowMs: number;
  locale: Locale;
  words: PagesText;
}

export function Ledger({ points, nowMs, locale, words }: LedgerProps): JSX.Element {
  const [entries, setEntries] = useState(points.entries);
  const [before, setBefore] = useState(points.nextBeforeSeq);
  const [state, setState] = useState<"idle" | "busy" | "failed">("idle");

  const more = async (): Promise<void> => {
    if (before === null || state === "busy") return;
    setState("busy");
    const answer = await createApi({ locale }).points(before);
    setState(answer.ok ? "idle" : "failed");
    if (!answer.ok) return;
    setEntries([...entries, ...answer.value.entries]);
    setBefore(answer.value.nextBeforeSeq);
  };

  return (
    <section class="card blk">
      <header>
        <h2>{words.points.ledger}</h2>
      </header>
      {entries.length === 0 && <p class="sec small">{words.points.empty}</p>}
      {byDay(entries).map((day) => (
        <Day key={day[0]?.seq} entries={day} nowMs={nowMs} locale={locale} words={words} />
      ))}
      {before !== null && (
        <button
          type="button"
          class="btn quiet block more"
          aria-disabled={state === "busy"}
          onClick={() => void more()}
        >
          {state === "busy" && <i class="spin" />}
          {state === "busy" ? words.points.loading : words.points.more}
        </button>
      )}
      <p class="note sec" role="status">
        {state === "failed" ? words.points.failed : ""}
      </p>
      <Chain entries={entries} words={words} />
    </section>
  );
}
