import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { classOf, type Column } from "./column.ts";
import { useConsole } from "./console.ts";
import { csvOf, download } from "./csv.ts";
import { Icon, Button, Empty, Failed, Loading } from "./parts.tsx";
import type { IconName } from "./icons.ts";
import { KIT } from "./kit-words.ts";
import { useQuery, useRouter } from "./router.ts";
import { RowMenu } from "./row-menu.tsx";
import { useToast } from "./toast.tsx";
import type { List } from "./use-list.ts";
import { useWords } from "./words.ts";

export interface RowAction<Row> {
  readonly title: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
  readonly run: (row: Row) => void;
}

export interface BulkAction<Row> {
  /** The same in both languages: a switch of the language must not take a button from under the focus. */
  readonly key: string;
  readonly title: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
  /** Rows of other pages that were chosen are among them. */
  readonly run: (rows: readonly Row[], done: () => void) => void;
}

export interface DataTableProps<Row> {
  readonly list: List<Row>;
  readonly columns: readonly Column<Row>[];
  readonly rowKey: (row: Row) => string;
  /** What the table lists, for its name and for the file of an export. */
  readonly name: string;
  /** Where a row leads; or `onOpen`, when it opens beside the table. */
  readonly href?: (row: Row) => string;
  readonly onOpen?: (row: Row) => void;
  /** The row that is open now. */
  readonly openKey?: string | null;
  readonly actions?: (row: Row) => readonly RowAction<Row>[];
  /** With any, rows can be chosen. */
  readonly bulk?: readonly BulkAction<Row>[];
  /** Said when there is nothing yet: what stands here one day, and how it begins. */
  readonly empty: {
    icon?: IconName;
    title: string;
    body?: ComponentChildren;
    act?: ComponentChildren;
  };
  /** Beside the export: more acts on the whole list. */
  readonly acts?: ComponentChildren;
}

/** A list with its states, order, pages, choice and export. */
export function DataTable<Row>(props: DataTableProps<Row>): JSX.Element {
  const { list, columns, rowKey, name, empty, bulk = [], acts } = props;
  const [chosen, setChosen] = useState<ReadonlyMap<string, Row>>(new Map());
  const { opens } = useConsole();
  const { rows, problem } = list;
  if (problem) return <Failed problem={problem} onRetry={list.again} />;
  if (!rows) return <Loading rows={8} />;
  const leads = props.href !== undefined && rows[0] !== undefined && opens(props.href(rows[0]));
  const { href: _, ...unlinked } = props;
  const table = leads ? props : unlinked;
  if (rows.length === 0 && !list.hasPrevious && !list.hasNext)
    return list.isFiltered ? (
      <NothingFits />
    ) : (
      <Empty icon={empty.icon ?? "info"} title={empty.title} body={empty.body}>
        {empty.act}
      </Empty>
    );
  const choose = (changes: readonly Row[], isChosen: boolean): void => {
    const next = new Map(chosen);
    for (const row of changes) {
      if (isChosen) next.set(rowKey(row), row);
      else next.delete(rowKey(row));
    }
    setChosen(next);
  };
  return (
    <div class="table-box">
      <TableBar
        list={list}
        columns={columns}
        name={name}
        bulk={bulk}
        chosen={[...chosen.values()]}
        onUnchoose={() => setChosen(new Map())}
        acts={acts}
      />
      <div class="table-scroll" tabIndex={0} role="region" aria-label={name}>
        <table class="stacks">
          <Head
            columns={columns}
            withChoice={bulk.length > 0}
            withActions={props.actions !== undefined}
            isAll={rows.every((row) => chosen.has(rowKey(row)))}
            onAll={(isChosen) => choose(rows, isChosen)}
          />
          <tbody>
            {rows.map((row) => (
              <Row
                key={rowKey(row)}
                row={row}
                table={table}
                isChosen={chosen.has(rowKey(row))}
                onChoose={(isChosen) => choose([row], isChosen)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && list.hasNext && <Sought />}
      <Pager list={list} />
    </div>
  );
}

/** So far nothing fits, and nobody knows yet whether anything does. */
function Sought(): JSX.Element {
  const words = useWords(KIT);
  return (
    <p class="note mute table-bar" role="status">
      {words.soughtSoFar}
    </p>
  );
}

function NothingFits(): JSX.Element {
  const words = useWords(KIT);
  const router = useRouter();
  return (
    <Empty icon="filter" title={words.nothingFits} body={words.nothingFitsHelp}>
      <Button onClick={() => void router.go(router.path)}>{words.clearFilters}</Button>
    </Empty>
  );
}

function Head<Row>(props: {
  columns: readonly Column<Row>[];
  withChoice: boolean;
  withActions: boolean;
  isAll: boolean;
  onAll: (isChosen: boolean) => void;
}): JSX.Element {
  const { withChoice, withActions, isAll, onAll } = props;
  const columns = props.columns.filter(({ cell }) => cell);
  const words = useWords(KIT);
  const [query, setQuery] = useQuery();
  const sort = query.get("sort");
  return (
    <thead>
      <tr>
        {withChoice && (
          <th class="ck-cell">
            <Check title={words.selectAll} isChecked={isAll} onCheck={onAll} />
          </th>
        )}
        {columns.map((column) => {
          const { key, title, sort: by } = column;
          const order =
            by === undefined
              ? null
              : sort === by
                ? "ascending"
                : sort === `-${by}`
                  ? "descending"
                  : "none";
          return (
            <th
              key={key}
              scope="col"
              class={classOf(column)}
              {...(order === null ? {} : { "aria-sort": order })}
            >
              {by === undefined ? (
                title
              ) : (
                <button
                  type="button"
                  class="sort"
                  title={words.sortBy(title)}
                  onClick={() => setQuery({ sort: sort === `-${by}` ? by : `-${by}` })}
                >
                  {title}
                  {order !== "none" && (
                    <Icon name={order === "ascending" ? "up" : "down"} size={12} />
                  )}
                </button>
              )}
            </th>
          );
        })}
        {withActions && (
          <th class="act-cell">
            <span class="sr">{words.actions}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

function Check(props: {
  title: string;
  isChecked: boolean;
  onCheck: (isChecked: boolean) => void;
}): JSX.Element {
  const { title, isChecked, onCheck } = props;
  return (
    <label class="ck" data-title={title}>
      <input
        type="checkbox"
        checked={isChecked}
        aria-label={title}
        onChange={(event) => onCheck(event.currentTarget.checked)}
      />
    </label>
  );
}

function Row<Row>(props: {
  row: Row;
  table: DataTableProps<Row>;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
}): JSX.Element {
  const { row, table, isChosen, onChoose } = props;
  const { rowKey, href, onOpen, actions, openKey, bulk = [] } = table;
  const columns = table.columns.filter(({ cell }) => cell);
  const words = useWords(KIT);
  const router = useRouter();
  const isOpenable = href !== undefined || onOpen !== undefined;
  const open = (event: MouseEvent): void => {
    const target = event.target as Element;
    // Links and controls inside the row do what they say.
    if (target.closest("a,button,input,label,select") || getSelection()?.toString()) return;
    if (href) void router.go(href(row));
    else onOpen?.(row);
  };
  return (
    <tr
      aria-selected={isChosen || (openKey !== undefined && openKey === rowKey(row))}
      class={isOpenable ? "opens" : ""}
      {...(isOpenable ? { onClick: open } : {})}
    >
      {bulk.length > 0 && (
        <td class="ck-cell">
          <Check title={words.selectRow} isChecked={isChosen} onCheck={onChoose} />
        </td>
      )}
      {columns.map((column, at) => (
        <td key={column.key} class={classOf(column, "num")} data-title={column.title}>
          {at === 0 && isOpenable ? (
            <Opener row={row} table={table}>
              {column.cell?.(row)}
            </Opener>
          ) : (
            column.cell?.(row)
          )}
        </td>
      ))}
      {actions && (
        <td class="act-cell">
          <RowMenu row={row} actions={actions(row)} />
        </td>
      )}
    </tr>
  );
}

/** The first cell is the way in for the keyboard. */
function Opener<Row>(props: {
  row: Row;
  table: DataTableProps<Row>;
  children: ComponentChildren;
}): JSX.Element {
  const { row, table, children } = props;
  if (table.href)
    return (
      <a class="opener" href={table.href(row)}>
        {children}
      </a>
    );
  return (
    <button type="button" class="opener" onClick={() => table.onOpen?.(row)}>
      {children}
    </button>
  );
}

function TableBar<Row>(props: {
  list: List<Row>;
  columns: readonly Column<Row>[];
  name: string;
  bulk: readonly BulkAction<Row>[];
  chosen: readonly Row[];
  onUnchoose: () => void;
  acts: ComponentChildren;
}): JSX.Element {
  const { list, columns, name, bulk, chosen, onUnchoose, acts } = props;
  const words = useWords(KIT);
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const exportAll = async (): Promise<void> => {
    setBusy(true);
    const result = await list.readAll((rows) =>
      toast.show({ text: words.exporting(rows), stays: true }),
    );
    setBusy(false);
    if ("code" in result) return toast.refuse(result);
    const shown = columns.filter(({ csv }) => csv !== undefined);
    const rows = result.rows.map((row) => shown.map(({ csv }) => csv?.(row) ?? null));
    download(
      `${name}.csv`,
      csvOf(
        shown.map(({ title }) => title),
        rows,
      ),
    );
    const { length } = result.rows;
    toast.show({ text: result.isWhole ? words.exported(length) : words.exportedPart(length) });
  };
  if (chosen.length > 0)
    return (
      <div class="table-bar chosen">
        <b>{words.selected(chosen.length)}</b>
        {bulk.map((action) => (
          <Button
            key={action.key}
            size="sm"
            kind={action.danger ? "danger" : "ink"}
            {...(action.icon ? { icon: action.icon } : {})}
            onClick={() => action.run(chosen, onUnchoose)}
          >
            {action.title}
          </Button>
        ))}
        <Button size="sm" kind="quiet" onClick={onUnchoose}>
          {words.unselect}
        </Button>
      </div>
    );
  const { total } = list;
  const rows = list.rows?.length ?? 0;
  return (
    <div class="table-bar">
      <span class="note mute num">
        {total === null ? words.page(rows) : words.total(total.toLocaleString("en-US"))}
      </span>
      <div class="acts">
        {acts}
        {columns.some(({ csv }) => csv) && (
          <Button size="sm" icon="download" busy={isBusy} onClick={() => void exportAll()}>
            {words.export}
          </Button>
        )}
      </div>
    </div>
  );
}

/** The way to the pages before and after, for a list that is no table. */
export function Pager<Row>({ list }: { list: List<Row> }): JSX.Element | null {
  const words = useWords(KIT);
  if (!list.hasNext && !list.hasPrevious) return null;
  return (
    <nav class="pager" aria-label={words.page(list.rows?.length ?? 0)}>
      <Button size="sm" icon="left" disabled={!list.hasPrevious} onClick={list.previous}>
        {words.previous}
      </Button>
      <Button size="sm" disabled={!list.hasNext} onClick={list.next}>
        {words.next}
        <Icon name="right" size={16} />
      </Button>
    </nav>
  );
}
