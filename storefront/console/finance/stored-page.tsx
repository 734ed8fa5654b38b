import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MemberStoredView, StoredReport } from "../../../worker/spending/wire.ts";
import { usePages, type ListPage, type Pages } from "../../ui/more.tsx";
import {
  Button,
  Card,
  CsvButton,
  Dialog,
  Empty,
  Failed,
  Loading,
  momentOf,
  PageHead,
  Stat,
  TableScroll,
  useConsole,
  useRead,
  useToast,
  useWords,
  yuanOf,
  type Answer,
  type Call,
  type Problem,
} from "../kit/index.ts";
import { STORED } from "./stored-words.ts";

const PATH = "/api/v1/staff/stored-value";

/** What the merchant owes its members in stored value, who has how much, and each ledger. */
export function StoredPage(): JSX.Element {
  const words = useWords(STORED);
  const { may } = useConsole();
  const { value, problem, again } = useRead<StoredReport>(PATH);
  const [shown, setShown] = useState<string | null>(null);
  return (
    <>
      <PageHead
        title={words.title}
        note={words.note}
        back={{ href: "/console/finance", title: words.back }}
      >
        {may("rules.read") && (
          <Button href="/console/rules/terms/stored_value" icon="edit">
            {words.settings}
          </Button>
        )}
      </PageHead>
      {problem ? (
        <Failed problem={problem} onRetry={again} />
      ) : !value ? (
        <Loading />
      ) : (
        <div class="stack">
          <div class="grid tiles">
            <Stat
              name={words.owed}
              value={yuanOf(value.owedFen)}
              unit={words.yuan}
              note={words.owedNote}
              formula={words.owedFormula}
            />
            <Stat
              name={words.toppedUp}
              value={yuanOf(value.toppedUpFen)}
              unit={words.yuan}
              note={words.toppedUpNote}
              formula={words.toppedUpFormula}
            />
            <Stat
              name={words.spent}
              value={yuanOf(value.spentFen)}
              unit={words.yuan}
              note={words.spentNote}
              formula={words.spentFormula}
            />
          </div>
          <Members first={value} onShow={setShown} />
        </div>
      )}
      {shown !== null && <Ledger memberId={shown} onClose={() => setShown(null)} />}
    </>
  );
}

/** One page of a list, the first with null. */
type ReadPage<Row> = (cursor: string | null) => Promise<Answer<ListPage<Row>>>;

const pageOf = (path: string, cursor: string | null): string =>
  `${path}?limit=100${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;

const holdersOf =
  (call: Call): ReadPage<StoredReport["items"][number]> =>
  async (cursor) => {
    const answer = await call<StoredReport>("GET", pageOf(PATH, cursor));
    if (!answer.ok) return answer;
    const { items, nextCursor } = answer.value;
    return { ...answer, value: { rows: items, nextCursor } };
  };

const entriesOf =
  (call: Call, path: string): ReadPage<MemberStoredView["entries"][number]> =>
  async (cursor) => {
    const answer = await call<MemberStoredView>("GET", pageOf(path, cursor));
    if (!answer.ok) return answer;
    const { entries, nextCursor } = answer.value;
    return { ...answer, value: { rows: entries, nextCursor } };
  };

/** Every row of a list, page by page, up to a hundred thousand. */
async function readAll<Row>(
  read: ReadPage<Row>,
  onRows: (rows: number) => void,
): Promise<readonly Row[] | { readonly problem: Problem }> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const answer: Answer<ListPage<Row>> = await read(cursor);
    if (!answer.ok) return { problem: answer.problem };
    rows.push(...answer.value.rows);
    onRows(rows.length);
    cursor = answer.value.nextCursor;
  } while (cursor !== null && rows.length < 100_000);
  return rows;
}

/** The pages after the first; one that does not come says why. */
function useFollowing<Row>(
  first: ListPage<Row>,
  idOf: (row: Row) => string,
  read: ReadPage<Row>,
): Pages<Row> {
  const toast = useToast();
  return usePages({
    ...{ first, idOf },
    read: async (cursor) => {
      const answer = await read(cursor);
      if (answer.ok) return answer.value;
      toast.refuse(answer.problem);
      return null;
    },
  });
}

function More({ pages: { state, load } }: { pages: Pages<unknown> }): JSX.Element | null {
  const words = useWords(STORED);
  if (state === "end") return null;
  return (
    <Button busy={state === "busy"} onClick={() => void load()}>
      {words.more}
    </Button>
  );
}

function HoldersCsv(): JSX.Element {
  const words = useWords(STORED);
  const { call } = useConsole();
  return (
    <CsvButton
      name="stored-value"
      rows={(onRows) => readAll(holdersOf(call), onRows)}
      columns={[
        [words.member, ({ memberId }) => memberId],
        [words.balance, ({ balanceFen }) => (balanceFen / 100).toFixed(2)],
        [words.last, ({ lastAtMs }) => momentOf(lastAtMs)],
      ]}
    />
  );
}

function Members({
  first,
  onShow,
}: {
  first: StoredReport;
  onShow: (memberId: string) => void;
}): JSX.Element {
  const words = useWords(STORED);
  const { call } = useConsole();
  const pages = useFollowing(
    { rows: first.items, nextCursor: first.nextCursor },
    ({ memberId }) => memberId,
    holdersOf(call),
  );
  const { rows: items } = pages;
  if (items.length === 0) {
    return (
      <Card title={words.members}>
        <Empty icon="wallet" title={words.empty} body={words.emptyHelp} />
      </Card>
    );
  }
  return (
    <Card title={words.members} note={words.count(first.members)} flush acts={<HoldersCsv />}>
      <TableScroll name={words.members}>
        <table class="plain stacks">
          <thead>
            <tr>
              <th scope="col">{words.member}</th>
              <th scope="col">{words.balance}</th>
              <th scope="col">{words.last}</th>
              <th scope="col">{words.entries}</th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ memberId, balanceFen, lastAtMs }) => (
              <tr key={memberId}>
                <td>{memberId}</td>
                <td class="num beside">¥{yuanOf(balanceFen)}</td>
                <td class="num nb" data-title={words.last}>
                  {momentOf(lastAtMs)}
                </td>
                <td class="act-cell">
                  <Button size="sm" onClick={() => onShow(memberId)}>
                    {words.show}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      <More pages={pages} />
    </Card>
  );
}

function LedgerCsv({ memberId, path }: { memberId: string; path: string }): JSX.Element {
  const words = useWords(STORED);
  const { call } = useConsole();
  return (
    <CsvButton
      name={`stored-value-${memberId}`}
      rows={(onRows) => readAll(entriesOf(call, path), onRows)}
      columns={[
        [words.seq, ({ seq }) => seq],
        [words.kind, ({ type }) => words.types[type] ?? type],
        [words.remark, ({ note }) => note],
        [words.amount, ({ movedFen }) => (movedFen / 100).toFixed(2)],
        [words.balance, ({ balanceAfterFen }) => (balanceAfterFen / 100).toFixed(2)],
        [words.when, ({ recordedAtMs }) => momentOf(recordedAtMs)],
      ]}
    />
  );
}

function Entries({ first, path }: { first: MemberStoredView; path: string }): JSX.Element {
  const words = useWords(STORED);
  const { call } = useConsole();
  const pages = useFollowing(
    { rows: first.entries, nextCursor: first.nextCursor },
    ({ seq }) => String(seq),
    entriesOf(call, path),
  );
  return (
    <>
      <TableScroll name={words.entries}>
        <table class="plain stacks">
          <tbody>
            {pages.rows.map((entry) => (
              <tr key={entry.seq}>
                <td class="num">{entry.seq}</td>
                <td>
                  {words.types[entry.type] ?? entry.type}
                  <span class="note mute"> {entry.note}</span>
                </td>
                <td class="num">¥{yuanOf(entry.movedFen)}</td>
                <td class="num">¥{yuanOf(entry.balanceAfterFen)}</td>
                <td class="num nb">{momentOf(entry.recordedAtMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      <More pages={pages} />
    </>
  );
}

function Ledger({ memberId, onClose }: { memberId: string; onClose: () => void }): JSX.Element {
  const words = useWords(STORED);
  const path = `/api/v1/staff/members/${encodeURIComponent(memberId)}/stored-value`;
  const { value, problem, again } = useRead<MemberStoredView>(`${path}?limit=50`);
  return (
    <Dialog title={words.ledgerOf(memberId)} onClose={onClose}>
      {problem ? (
        <Failed problem={problem} onRetry={again} />
      ) : !value ? (
        <Loading />
      ) : (
        <>
          <p class="row">
            <span class="sec">
              {words.standing(yuanOf(value.balanceFen), yuanOf(value.heldFen))}
            </span>
            <LedgerCsv memberId={memberId} path={path} />
          </p>
          <Entries first={value} path={path} />
        </>
      )}
    </Dialog>
  );
}
