import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { count, yuan, dateIso, timeHms } from "../../ui/format.ts";
import {
  Badge,
  Button,
  DataTable,
  DaysFilter,
  FilterBar,
  PageHead,
  SearchFilter,
  SelectFilter,
  TabsFilter,
  useConsole,
  useList,
  useQuery,
  useRead,
  useRouter,
  useWords,
  withChosen,
  yuanOf,
  type BulkAction,
  type Column,
} from "../kit/index.ts";
import { BrandFilter } from "../goods/brand-filter.tsx";
import { ImportDialog } from "./import-dialog.tsx";
import { OrderPanel } from "./order-panel.tsx";
import { TONES } from "./tones.ts";
import { ShipDialog } from "./ship-dialog.tsx";
import { rememberPicks } from "./pick-list-page.tsx";
import { WORDS, type OrderWords } from "./words.ts";
import type { StaffOrder, Supplier } from "./types.ts";

/** As many as a person chooses from; the page of suppliers has the rest. */
const SUPPLIERS = "/api/v1/staff/suppliers?limit=100";
/** Those that wait for somebody, then those that are over. */
const TABS = [
  ...["awaiting_payment", "to_ship", "to_write_off", "issuing", "shipped", "refunding"],
  ...["received", "closed", "cancelled", "refunded"],
];

function Recipient({ row, words }: { row: StaffOrder; words: OrderWords }): JSX.Element {
  return row.recipient ? (
    <span class="stack-1">
      <span>
        {row.recipient.name} <span class="num mute">{row.recipient.phone}</span>
      </span>
      <span class="note mute">{row.recipient.region}</span>
    </span>
  ) : row.goodsKind === "physical" && row.state === "to_ship" ? (
    <Badge tone="danger">{words.noAddress}</Badge>
  ) : (
    <span class="mute">{row.memberId}</span>
  );
}

const supplierColumn = (words: OrderWords): Column<StaffOrder> => ({
  key: "supplier",
  title: words.supplier,
  wide: true,
  cell: ({ supply }) =>
    supply === null ? (
      <span class="mute">—</span>
    ) : (
      <span class="stack-1">
        <span>{supply.supplier}</span>
        {supply.isDropShipped && <span class="note mute">{words.dropShipped}</span>}
      </span>
    ),
  csv: ({ supply }) => supply?.supplier ?? null,
});

const figureColumns = (words: OrderWords): Column<StaffOrder>[] => [
  {
    ...{ key: "points", title: words.points, right: true },
    cell: (row) => count(row.points),
    csv: (row) => row.points,
  },
  {
    key: "cash",
    title: words.cash,
    right: true,
    cell: (row) => (row.cashFen === 0 ? <span class="mute">—</span> : yuan(row.cashFen, "full")),
    csv: (row) => yuanOf(row.cashFen),
  },
];

function columnsOf(words: OrderWords, hasSuppliers: boolean): Column<StaffOrder>[] {
  return [
    {
      key: "order",
      title: words.order,
      cell: (row) => (
        <span class="stack-1 ord-id">
          <b class="num">{row.orderId.slice(0, 18)}</b>
          <span class="note mute">
            <span class="num">
              {dateIso(row.grantedAtMs)} {timeHms(row.grantedAtMs)}
            </span>
            {" · "}
            <span class="nb">{row.saleKind === "flash" ? words.flash : words.standing}</span>
          </span>
        </span>
      ),
      csv: (row) => row.orderId,
    },
    {
      key: "granted",
      title: words.granted,
      csv: (row) => `${dateIso(row.grantedAtMs)} ${timeHms(row.grantedAtMs)}`,
    },
    { key: "member", title: words.member, csv: (row) => row.memberId },
    {
      key: "goods",
      title: words.goods,
      cell: (row) => (
        <span class="ord-goods">
          <img
            src={row.picture}
            alt=""
            width={36}
            height={36}
            style={{ background: row.groundColor }}
          />
          <span class="stack-1">
            <span>
              {row.title} {row.quantity > 1 && <span class="num mute nb">× {row.quantity}</span>}
            </span>
            {row.spec !== "" && <span class="note mute">{row.spec}</span>}
          </span>
        </span>
      ),
      csv: (row) => [row.title, row.spec].filter((part) => part !== "").join(" · "),
    },
    { key: "kind", title: words.kind, csv: (row) => words.kinds[row.goodsKind] ?? row.goodsKind },
    { key: "quantity", title: words.quantity, csv: (row) => row.quantity },
    ...(hasSuppliers ? [supplierColumn(words)] : []),
    {
      key: "recipient",
      title: words.recipient,
      wide: true,
      cell: (row) => <Recipient row={row} words={words} />,
      csv: ({ recipient }) =>
        recipient && [recipient.name, recipient.phone, recipient.region].join(" "),
    },
    ...figureColumns(words),
    {
      key: "state",
      title: words.state,
      beside: true,
      cell: (row) => (
        <Badge tone={TONES[row.state] ?? "plain"}>{words.states[row.state] ?? row.state}</Badge>
      ),
      csv: (row) => words.states[row.state] ?? row.state,
    },
  ];
}

function Filters({
  words,
  suppliers,
}: {
  words: OrderWords;
  suppliers: readonly Supplier[];
}): JSX.Element {
  const { may } = useConsole();
  const chosen = useQuery()[0].get("supplier");
  const stores = useRead<{ stores: { storeId: string; name: string }[] }>(
    may("orders.write_off") ? "/api/v1/staff/write-offs/stores" : null,
  );
  return (
    <FilterBar>
      <SearchFilter placeholder={words.search} />
      <DaysFilter until="untilMs" />
      <SelectFilter
        name="kind"
        label={words.kind}
        options={Object.entries(words.kinds).map(([value, title]) => ({ value, title }))}
      />
      <BrandFilter />
      {suppliers.length > 0 && (
        <>
          <SelectFilter
            name="supplier"
            label={words.supplier}
            options={withChosen(
              suppliers.map(({ supplier }) => ({ value: supplier, title: supplier })),
              chosen === null ? [] : [chosen],
            )}
          />
          <SelectFilter
            name="sender"
            label={words.sender}
            options={Object.entries(words.senders).map(([value, title]) => ({ value, title }))}
          />
        </>
      )}
      {stores.value && stores.value.stores.length > 0 && (
        <SelectFilter
          name="storeId"
          label={words.store}
          options={stores.value.stores.map(({ storeId, name }) => ({
            value: storeId,
            title: name,
          }))}
        />
      )}
    </FilterBar>
  );
}

function useBulk(
  words: OrderWords,
  onShip: (rows: readonly StaffOrder[], done: () => void) => void,
): BulkAction<StaffOrder>[] {
  const { may } = useConsole();
  const router = useRouter();
  if (!may("orders.ship")) return [];
  return [
    { key: "ship", title: words.bulkShip, icon: "truck", run: onShip },
    {
      key: "pick",
      title: words.bulkPick,
      icon: "list",
      run: (rows) => {
        rememberPicks(rows.map(({ memberId, orderId }) => ({ memberId, orderId })));
        void router.go("/console/orders/pick-list");
      },
    },
  ];
}

function Acts({ words, onImport }: { words: OrderWords; onImport: () => void }): JSX.Element {
  const { may, me } = useConsole();
  // Who is bound to stores is told nothing of the whole programme.
  const seesAll = may("orders.read") && me.scopeName === undefined;
  return (
    <>
      {seesAll && <Button href="/console/orders/ratings">{words.ratings}</Button>}
      {seesAll && <Button href="/console/orders/suppliers">{words.suppliers}</Button>}
      {may("settings.read") && <Button href="/console/orders/freight">{words.freight}</Button>}
      {may("orders.codes") && <Button href="/console/orders/codes">{words.codes}</Button>}
      {may("orders.ship") && (
        <Button icon="upload" onClick={onImport}>
          {words.import}
        </Button>
      )}
    </>
  );
}

function tabsOf(words: OrderWords, waiting: Readonly<Record<string, number>>) {
  const states = TABS.map((value) => ({
    ...{ value, title: words.states[value] ?? value, count: waiting[value] ?? null },
  }));
  return [{ value: "", title: words.all }, ...states];
}

export function OrdersPage(): JSX.Element {
  const words = useWords(WORDS);
  const isInStore = useConsole().me.scopeName !== undefined;
  const [open, setOpen] = useState<StaffOrder | null>(null);
  const [queue, setQueue] = useState<readonly StaffOrder[]>([]);
  const [isImporting, setImporting] = useState(false);
  const list = useList<StaffOrder>({
    path: "/api/v1/staff/orders",
    filters: ["state", "kind", "q", "brand", "supplier", "sender", "storeId", "fromMs", "untilMs"],
    everyMs: 30_000,
  });
  const waiting = useRead<{ waiting: Record<string, number> }>("/api/v1/staff/orders/waiting", {
    everyMs: 30_000,
  });
  const read = useRead<{ items: Supplier[] }>(SUPPLIERS);
  const suppliers = read.value?.items ?? [];
  const again = (): void => {
    list.again();
    waiting.again();
  };
  const bulk = useBulk(words, (rows, done) => {
    setQueue(
      rows.filter(({ state, goodsKind }) => state === "to_ship" && goodsKind === "physical"),
    );
    done();
  });
  return (
    <>
      <PageHead title={words.title}>
        <Acts words={words} onImport={() => setImporting(true)} />
      </PageHead>
      <TabsFilter
        name="state"
        label={words.state}
        tabs={tabsOf(words, waiting.value?.waiting ?? {})}
      />
      <Filters words={words} suppliers={suppliers} />
      <DataTable
        list={list}
        name={words.title}
        columns={columnsOf(words, suppliers.length > 0)}
        rowKey={({ memberId, orderId }) => `${memberId} ${orderId}`}
        onOpen={setOpen}
        openKey={open && `${open.memberId} ${open.orderId}`}
        bulk={bulk}
        empty={{
          icon: "orders",
          title: words.empty,
          body: isInStore ? words.emptyInStore : words.emptyHelp,
        }}
      />
      {open && <OrderPanel row={open} onClose={() => setOpen(null)} onChanged={again} />}
      {queue[0] && (
        <ShipDialog
          key={queue[0].orderId}
          order={queue[0]}
          about={queue[0]}
          left={queue.length - 1}
          onClose={() => setQueue([])}
          onSkip={() => setQueue((old) => old.slice(1))}
          onDone={() => {
            setQueue((old) => old.slice(1));
            again();
          }}
        />
      )}
      {isImporting && <ImportDialog onClose={() => setImporting(false)} onDone={again} />}
    </>
  );
}
