import type { JSX } from "preact";
import type { EntryView } from "../../../worker/pages/wire.ts";
import type { LedgerFilter, Locale } from "../../../worker/pages/page-data.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { count, daysBetween, signed, timeHm, weekdayName } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { useText } from "../../ui/text.tsx";
import { byDay, isChained, isFiltered, NO_FILTER, ruleOf, titleOf } from "./ledger-model.ts";
import type { LedgerUse } from "./use-ledger.ts";

const ICONS: Record<string, string> = {
  expire: "clock",
  redeem_rollback: "undo",
  release: "undo",
  clawback: "undo",
  hold: "lock",
  redeem: "orders",
  capture: "orders",
  earn_order: "orders",
  earn_action: "calendar",
  promo: "gift",
};
const DAYS = [30, 90, 365];

function Row({ entry, words }: { entry: EntryView; words: PointsText }): JSX.Element {
  const plus = entry.points > 0;
  const rule = ruleOf(entry, words);
  return (
    <li>
      <a class="led-r" href={`/points/entries/${entry.seq}`}>
        <span class={plus ? "led-i plus" : "led-i"}>
          <Icon name={ICONS[entry.type] ?? (plus ? "plus" : "minus")} />
        </span>
        <span>
          <b>{titleOf(entry, words)}</b>
          <span class="note mute num">
            {words.ledger.nth(entry.seq)} · {timeHm(entry.occurredAtMs)}
            {rule !== "" && ` · ${rule}`}
          </span>
        </span>
        <span class="led-a">
          <b class={plus ? "num plus" : "num"}>{signed(entry.points)}</b>
          <span class="note mute num">{count(entry.balanceAfter)}</span>
        </span>
      </a>
    </li>
  );
}

interface WordProps {
  nowMs: number;
  locale: Locale;
  words: PointsText;
}

function Day({ entries, nowMs, locale, words }: WordProps & { entries: EntryView[] }): JSX.Element {
  const t = useText();
  const atMs = entries[0]?.occurredAtMs ?? nowMs;
  const day = daysBetween(atMs, nowMs) === 0 ? words.ledger.today : weekdayName(locale, atMs);
  return (
    <>
      <h3 class="day">
        {t.common.date(atMs, nowMs)} {day}
      </h3>
      <ul>
        {entries.map((entry) => (
          <Row key={entry.seq} entry={entry} words={words} />
        ))}
      </ul>
    </>
  );
}

function Chain({
  entries,
  words,
}: {
  entries: readonly EntryView[];
  words: PointsText;
}): JSX.Element | null {
  const chained = isChained(entries);
  if (chained === null) return null;
  return (
    <div class="chain">
      <Icon name={chained ? "shield" : "alert"} />
      <p>
        <b>{chained ? words.ledger.chain(entries.length) : words.ledger.chainBroken}</b>
        {chained && <span class="note mute">{words.ledger.chainSub}</span>}
      </p>
      <a class="go" href="/verify">
        {words.ledger.verify}
        <Icon name="right" size={14} />
      </a>
    </div>
  );
}

function Filters({ use, words }: { use: LedgerUse; words: PointsText }): JSX.Element {
  const { filter } = use;
  const choose = (change: Partial<LedgerFilter>): void => void use.choose({ ...filter, ...change });
  const ways = [
    [null, words.ledger.all],
    ["in", words.ledger.in],
    ["out", words.ledger.out],
  ] as const;
  return (
    <div class="led-f" role="group" aria-label={words.ledger.filter}>
      <div class="seg">
        {ways.map(([direction, name]) => (
          <button
            key={name}
            type="button"
            aria-pressed={filter.direction === direction}
            onClick={() => choose({ direction })}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="sels">
        <select
          aria-label={words.ledger.type}
          value={filter.type ?? ""}
          onChange={({ currentTarget: { value } }) => choose({ type: value === "" ? null : value })}
        >
          <option value="">{words.ledger.allTypes}</option>
          {Object.entries(words.ledger.types).map(([type, name]) => (
            <option key={type} value={type}>
              {name}
            </option>
          ))}
        </select>
        <select
          aria-label={words.ledger.days}
          value={filter.days === null ? "" : String(filter.days)}
          onChange={({ currentTarget: { value } }) =>
            choose({ days: value === "" ? null : Number(value) })
          }
        >
          <option value="">{words.ledger.allDays}</option>
          {DAYS.map((days) => (
            <option key={days} value={String(days)}>
              {words.ledger.lastDays(days)}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

function Foot({ use, words }: { use: LedgerUse; words: PointsText }): JSX.Element {
  const { state, entries, hasMore } = use;
  const busy = state === "busy";
  const failed = state === "failed";
  return (
    <>
      {(hasMore || failed) && (
        <button
          type="button"
          class="btn quiet block more"
          aria-disabled={busy}
          onClick={() => void (failed ? use.retry() : use.more())}
        >
          {busy && <i class="spin" />}
          {busy ? words.ledger.loading : failed ? words.ledger.retry : words.ledger.more}
        </button>
      )}
      <p class="note sec mid" role="status">
        {failed
          ? words.ledger.failed
          : busy
            ? words.ledger.loading
            : entries.length > 0
              ? words.ledger.shown(entries.length)
              : ""}
      </p>
    </>
  );
}

export function Ledger({ use, ...rest }: WordProps & { use: LedgerUse }): JSX.Element {
  const { words } = rest;
  const { entries, filter, state } = use;
  const filtered = isFiltered(filter);
  return (
    <section class="card blk" id="ledger">
      <h2>{words.ledger.title}</h2>
      {(filtered || entries.length > 0) && <Filters use={use} words={words} />}
      {entries.length === 0 && state === "idle" && (
        <p class="sec small">
          {filtered ? words.ledger.emptyFilter : words.ledger.empty}{" "}
          {filtered && (
            <button type="button" class="link" onClick={() => void use.choose(NO_FILTER)}>
              {words.ledger.clear}
            </button>
          )}
        </p>
      )}
      <div class={state === "busy" ? "led busy" : "led"}>
        {byDay(entries).map((day) => (
          <Day key={day[0]?.seq} entries={day} {...rest} />
        ))}
      </div>
      <Foot use={use} words={words} />
      {!filtered && <Chain entries={entries} words={words} />}
    </section>
  );
}
