import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Movement, StockLedgerView } from "../../../worker/catalog/wire.ts";
import type { PageProps } from "../section.ts";
import {
  BASE,
  Button,
  Card,
  DataTable,
  localOf,
  PageHead,
  Stat,
  useConsole,
  useList,
  useRead,
  useWords,
  type Column,
  useNames,
  type Names,
} from "../kit/index.ts";
import { MoveDialog, pathOf } from "./move-dialog.tsx";
import { GOODS } from "./words.ts";
import "./goods.css";

export function StockPage({ params }: PageProps): JSX.Element {
  const words = useWords(GOODS);
  const { stock } = words;
  const { may } = useConsole();
  const names = useNames();
  const skuId = params["skuId"] ?? "";
  const path = pathOf(skuId);
  const now = useRead<StockLedgerView>(`${path}?limit=1`, { everyMs: 10_000 });
  const list = useList<Movement>({
    path,
    read: (body: StockLedgerView) => ({ items: body.movements, nextCursor: body.nextCursor }),
  });
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <PageHead
        title={stock.title}
        note={
          <>
            {now.value?.title} <code>{skuId}</code>
          </>
        }
        back={{ href: `${BASE}/goods`, title: words.title }}
      >
        {may("stock.write") && (
          <Button kind="primary" icon="edit" onClick={() => setOpen(true)}>
            {stock.move}
          </Button>
        )}
      </PageHead>
      <div class="stack">
        {now.value && <Shelves ledger={now.value} />}
        <Card flush>
          <DataTable
            list={list}
            columns={columnsOf(stock, names)}
            rowKey={(row) => row.id}
            name={stock.title}
            empty={{ icon: "box", title: stock.empty, body: stock.emptyBody }}
          />
        </Card>
      </div>
      {isOpen && (
        <MoveDialog
          path={path}
          shelf={now.value?.shelf ?? 0}
          onClose={() => setOpen(false)}
          onDone={() => {
            now.again();
            list.again();
          }}
        />
      )}
    </>
  );
}

function columnsOf(stock: (typeof GOODS)["zh-CN"]["stock"], names: Names): Column<Movement>[] {
  const { column } = stock;
  const at = (row: Movement): string => localOf(row.atMs).replace("T", " ");
  return [
    { key: "at", title: column.at, cell: (row) => <span class="num">{at(row)}</span>, csv: at },
    {
      key: "cause",
      title: column.cause,
      cell: (row) => stock.causes[row.cause],
      csv: (row) => stock.causes[row.cause],
    },
    {
      key: "units",
      title: column.units,
      right: true,
      cell: (row) => (
        <b class="num">{row.units > 0 ? `+${row.units}` : `−${Math.abs(row.units)}`}</b>
      ),
      csv: (row) => row.units,
    },
    {
      key: "after",
      title: column.after,
      right: true,
      cell: (row) => <span class="num">{row.shelfAfter ?? "—"}</span>,
      csv: (row) => row.shelfAfter,
    },
    {
      key: "who",
      title: column.who,
      wide: true,
      cell: (row) => names.actor(row.actor),
      csv: (row) => names.actor(row.actor),
    },
    {
      key: "note",
      title: column.note,
      wide: true,
      cell: (row) => row.note,
      csv: (row) => row.note,
    },
  ];
}

function Shelves({ ledger }: { ledger: StockLedgerView }): JSX.Element {
  const { stock } = useWords(GOODS);
  return (
    <div class="tiles">
      <Stat
        name={stock.shelf}
        value={ledger.shelf.toLocaleString("en-US")}
        unit={stock.unit}
        note=""
        formula={stock.shelfNote}
      />
      <Stat
        name={stock.returned}
        value={ledger.returned.toLocaleString("en-US")}
        unit={stock.unit}
        note=""
        formula={stock.returnedNote}
      />
      <Stat
        name={stock.inSales}
        value={ledger.inSales.toLocaleString("en-US")}
        unit={stock.unit}
        note=""
        formula={stock.inSalesNote}
      />
    </div>
  );
}
