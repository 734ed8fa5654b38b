import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { TimelineView } from "../../../worker/accounts/wire.ts";
import { count, dateIso, signed, timeHms } from "../../ui/format.ts";
import {
  Button,
  Card,
  Empty,
  Failed,
  Loading,
  useComeBack,
  useConsole,
  useWords,
  type Problem,
  CsvButton,
  useNames,
  useQuery,
  useToast,
} from "../kit/index.ts";
import { BrandFilter } from "../goods/brand-filter.tsx";
import type { AccountView } from "./member-page.tsx";
import { pastHref } from "./past-balance.tsx";
import { PAST } from "./past-words.ts";
import { MEMBERS } from "./words.ts";

type MemberWords = (typeof MEMBERS)["zh-CN"];

type Item = TimelineView["items"][number];

const PAGE_ROWS = 30;

const keyOf = ({ atMs, entry, order }: Item): string =>
  entry ? `entry ${entry.seq}` : `${order?.event} ${order?.orderId} ${atMs}`;

interface Read {
  readonly items: readonly Item[] | null;
  readonly cursor: string | null;
  readonly problem: Problem | null;
  /** From a cursor on; null: from the newest. */
  readonly read: (from: string | null) => Promise<void>;
}

/** Page after page, the newest first, and the first one anew when somebody comes back to it. */
function useItems(at: string, ofBrand: string): Read {
  const { call } = useConsole();
  const toast = useToast();
  const [items, setItems] = useState<readonly Item[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const read = useCallback(
    async (from: string | null): Promise<void> => {
      const more = from === null ? "" : `&cursor=${encodeURIComponent(from)}`;
      const answer = await call<TimelineView>(
        "GET",
        `${at}/points/timeline?limit=${PAGE_ROWS}${ofBrand}${more}`,
      );
      if (answer.ok) {
        setItems((old) => [...(from === null ? [] : (old ?? [])), ...answer.value.items]);
        setCursor(answer.value.nextCursor);
        setProblem(null);
      } else if (answer.problem.code === "not_found") setItems([]);
      else if (from === null) setProblem(answer.problem);
      else toast.refuse(answer.problem);
    },
    [at, call, ofBrand, toast],
  );
  useEffect(() => void read(null), [read]);
  // Whoever has read on keeps what they read.
  useComeBack(() => {
    if (items === null || items.length <= PAGE_ROWS) void read(null);
  });
  return { items, cursor, problem, read };
}

/** What happened to a member's points, newest first, from the account itself. */
export function Timeline({ at }: { at: string }): JSX.Element {
  const words = useWords(MEMBERS);
  const ofBrand = useOfBrand();
  const { items, cursor, problem, read } = useItems(at, ofBrand);
  // A network that is away for a moment takes nothing away that is shown.
  if (problem && (!items || problem.status !== 0))
    return <Failed problem={problem} onRetry={() => void read(null)} />;
  if (!items) return <Loading rows={5} />;
  return (
    <Card
      title={words.timeline}
      flush
      acts={
        <>
          <BrandFilter />
          {items.length > 0 && <TimelineCsv at={at} ofBrand={ofBrand} />}
        </>
      }
    >
      {items.length === 0 ? (
        <Empty icon="coin" title={words.timelineEmpty} />
      ) : (
        <div class="table-scroll" role="region" aria-label={words.timeline} tabIndex={0}>
          <table class="stacks">
            <thead>
              <tr>
                <th>{words.when}</th>
                <th>{words.what}</th>
                <th class="r">{words.points}</th>
                <th class="r">{words.after}</th>
                <th class="wide-only">{words.by}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((item) => (
                <Row key={keyOf(item)} item={item} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {cursor !== null && (
        <div class="pager">
          <Button size="sm" onClick={() => void read(cursor)}>
            {words.more}
          </Button>
        </div>
      )}
    </Card>
  );
}

/** The brand of the address, as the API is asked for it. */
function useOfBrand(): string {
  const [query] = useQuery();
  const brand = query.get("brand") ?? "";
  return brand === "" ? "" : `&brand=${encodeURIComponent(brand)}`;
}

function TimelineCsv({ at, ofBrand }: { at: string; ofBrand: string }): JSX.Element {
  const words = useWords(MEMBERS);
  const names = useNames();
  const { call } = useConsole();
  const readAll = async (onRows: (rows: number) => void) => {
    const all: Item[] = [];
    for (let next: string | null = ""; next !== null;) {
      const more: string = next === "" ? "" : `&cursor=${encodeURIComponent(next)}`;
      const answer = await call<TimelineView>(
        "GET",
        `${at}/points/timeline?limit=100${ofBrand}${more}`,
      );
      if (!answer.ok) return answer;
      all.push(...answer.value.items);
      onRows(all.length);
      next = answer.value.nextCursor;
    }
    return all;
  };
  return (
    <CsvButton
      name={words.timeline}
      rows={readAll}
      columns={[
        [words.when, ({ atMs }) => `${dateIso(atMs)} ${timeHms(atMs)}`],
        [words.what, (item) => titleOf(item, words)],
        [words.note, (item) => noteOf(item, words)],
        [words.points, ({ entry, order }) => entry?.points ?? order?.points ?? null],
        [words.after, ({ entry }) => entry?.balanceAfter ?? null],
        [words.by, ({ entry }) => (entry ? names.actor(entry.actor) : "")],
      ]}
    />
  );
}

const titleOf = ({ entry, order }: Item, words: MemberWords): string => {
  if (entry) return words.type[entry.type] ?? entry.type;
  return order ? words.orderTitle(order.title, words.order[order.event]) : "";
};

/** A note that is only the word of its kind is read as one. */
const noteOf = ({ entry, order }: Item, words: MemberWords): string =>
  entry
    ? [words.lotSources[entry.customerNote] ?? entry.customerNote, entry.internalNote]
        .filter(Boolean)
        .join(" · ")
    : (order?.code ?? "");

function Row({ item }: { item: Item }): JSX.Element {
  const words = useWords(MEMBERS);
  const past = useWords(PAST);
  const names = useNames();
  const { entry, order, atMs } = item;
  return (
    <tr>
      <td class="num nb">
        {dateIso(atMs)} <span class="mute">{timeHms(atMs)}</span>
      </td>
      <td class="says">
        <span class="stack-1">
          <span>{titleOf(item, words)}</span>
          <span class="note mute">{noteOf(item, words)}</span>
        </span>
      </td>
      <td class={`r num beside ${entry && entry.points > 0 ? "ok-text" : ""}`}>
        {entry ? signed(entry.points) : order ? count(order.points) : ""}
      </td>
      <td class="r num" data-title={words.after}>
        {entry ? (
          <a
            class="then"
            href={pastHref(atMs)}
            title={past.at(`${dateIso(atMs)} ${timeHms(atMs)}`)}
          >
            {count(entry.balanceAfter)}
          </a>
        ) : (
          "—"
        )}
      </td>
      <td class="wide-only mute" data-title={words.by}>
        {entry ? names.actor(entry.actor) : ""}
      </td>
    </tr>
  );
}

export function Lots({ account }: { account: AccountView | null }): JSX.Element {
  const words = useWords(MEMBERS);
  const lots = account?.lots ?? [];
  if (lots.length === 0) return <Empty icon="coin" title={words.lotsEmpty} />;
  return (
    <Card
      title={words.lots}
      flush
      acts={
        <CsvButton
          name={words.lots}
          rows={lots}
          columns={[
            [words.lotSource, ({ source }) => words.lotSources[source] ?? source],
            [words.lotLeft, ({ remaining }) => remaining],
            [words.lotOf, ({ points }) => points],
            [
              words.lotUntil,
              (lot) => (lot.expiresAtMs === null ? "" : dateIso(lot.expiresAtMs - 1)),
            ],
            [words.lotFrom, ({ createdAtMs }) => dateIso(createdAtMs)],
          ]}
        />
      }
    >
      <div class="table-scroll" role="region" aria-label={words.lots} tabIndex={0}>
        <table class="stacks">
          <thead>
            <tr>
              <th>{words.lotSource}</th>
              <th class="r">{words.lotLeft}</th>
              <th class="r">{words.lotOf}</th>
              <th class="r">{words.lotUntil}</th>
              <th class="r">{words.lotFrom}</th>
            </tr>
          </thead>
          <tbody>
            {lots.map((lot) => (
              <tr key={lot.lotId}>
                <td>{words.lotSources[lot.source] ?? words.type[lot.source] ?? lot.source}</td>
                <td class="r num beside">{count(lot.remaining)}</td>
                <td class="r num" data-title={words.lotOf}>
                  {count(lot.points)}
                </td>
                <td class="r num" data-title={words.lotUntil}>
                  {lot.expiresAtMs === null ? words.forever : dateIso(lot.expiresAtMs - 1)}
                </td>
                <td class="r num" data-title={words.lotFrom}>
                  {dateIso(lot.createdAtMs)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
