import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Movement, StockLedgerView } from "../../../worker/catalog/wire.ts";
import type { PageProps } from "../section.ts";
import {
  BASE,
  Button,
  Card,
  DataTable,
  Dialog,
  Field,
  localOf,
  PageHead,
  Stat,
  useConsole,
  useList,
  useRead,
  useToast,
  useWords,
  type Column,
} from "../kit/index.ts";
import { GOODS } from "./words.ts";
import "./goods.css";

const IN = ["received", "counted_up"] as const;
const OUT = ["counted_down", "damaged", "supplier_return"] as const;
type Cause = (typeof IN)[number] | (typeof OUT)[number];

const pathOf = (skuId: string): string => `/api/v1/staff/skus/${encodeURIComponent(skuId)}/stock`;

export function StockPage({ params }: PageProps): JSX.Element {
  const words = useWords(GOODS);
  const { stock } = words;
  const { may } = useConsole();
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
        note={<code>{skuId}</code>}
        back={{ href: `${BASE}/goods`, title: words.title }}
      >
        {may("stock.write") && (
          <Button kind="primary" icon="edit" onClick={() => setOpen(true)}>
            {stock.move}
          </Button>
        )}
      </PageHead>
      <div class="stack">
        {now.value && (
          <div class="tiles">
            <Stat
              name={stock.shelf}
              value={now.value.shelf.toLocaleString("en-US")}
              note=""
              formula={stock.shelfNote}
            />
            <Stat
              name={stock.returned}
              value={now.value.returned.toLocaleString("en-US")}
              note=""
              formula={stock.returned}
            />
            <Stat
              name={stock.inSales}
              value={now.value.inSales.toLocaleString("en-US")}
              note=""
              formula={stock.inSales}
            />
          </div>
        )}
        <Card flush>
          <DataTable
            list={list}
            columns={columnsOf(stock)}
            rowKey={(row) => row.id}
            name="stock"
            empty={{ icon: "box", title: stock.empty, body: stock.emptyBody }}
          />
        </Card>
      </div>
      {isOpen && (
        <MoveDialog
          skuId={skuId}
          shelf={now.value?.shelf ?? 0}
          onClose={() => setOpen(false)}
          onDone={() => {
            setOpen(false);
            now.again();
            list.again();
          }}
        />
      )}
    </>
  );
}

function columnsOf(stock: (typeof GOODS)["zh-CN"]["stock"]): Column<Movement>[] {
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
      cell: (row) => row.actor.replace(/^(?:staff|member):/, ""),
      csv: (row) => row.actor,
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

/** One movement by hand; the id is made when the dialog opens, so a second click writes nothing twice. */
export function MoveDialog({
  skuId,
  shelf,
  onClose,
  onDone,
}: {
  skuId: string;
  shelf: number;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const { stock } = useWords(GOODS);
  const { call } = useConsole();
  const toast = useToast();
  const [requestId] = useState(() => `stock-${crypto.randomUUID()}`);
  const [cause, setCause] = useState<Cause>("received");
  const [text, setText] = useState("");
  const [note, setNote] = useState("");
  const [isBusy, setBusy] = useState(false);
  const count = /^[1-9]\d{0,7}$/.test(text) ? Number(text) : 0;
  const units = (IN as readonly string[]).includes(cause) ? count : -count;
  const send = async (): Promise<void> => {
    setBusy(true);
    const body = { requestId, cause, units, note };
    const answer = await call<{ shelf: number }>("POST", pathOf(skuId), body);
    setBusy(false);
    if (!answer.ok) return toast.refuse(answer.problem);
    toast.show({ text: stock.moved(answer.value.shelf) });
    onDone();
  };
  return (
    <Dialog
      title={stock.move}
      onClose={onClose}
      foot={
        <Button kind="primary" busy={isBusy} disabled={count === 0} onClick={() => void send()}>
          {stock.go}
        </Button>
      }
    >
      <Field id="stock-cause" label={stock.cause}>
        <select
          id="stock-cause"
          class="in"
          value={cause}
          onChange={(event) => setCause(event.currentTarget.value as Cause)}
        >
          {[...IN, ...OUT].map((one) => (
            <option key={one} value={one}>
              {stock.causes[one]}
            </option>
          ))}
        </select>
      </Field>
      <Field
        id="stock-units"
        label={stock.units}
        required
        help={count === 0 ? undefined : stock.after(Math.max(0, shelf + units))}
      >
        <input
          id="stock-units"
          class="in num"
          inputMode="numeric"
          value={text}
          onInput={(event) => setText(event.currentTarget.value.trim())}
        />
      </Field>
      <Field id="stock-note" label={stock.note} help={stock.noteHelp}>
        <input
          id="stock-note"
          class="in"
          maxLength={120}
          value={note}
          onInput={(event) => setNote(event.currentTarget.value)}
        />
      </Field>
    </Dialog>
  );
}
