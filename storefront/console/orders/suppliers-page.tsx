import type { JSX } from "preact";
import { count } from "../../ui/format.ts";
import {
  Button,
  DataTable,
  PageHead,
  useConsole,
  useList,
  useRouter,
  useToast,
  useWords,
  type Column,
} from "../kit/index.ts";
import { rememberPicks } from "./pick-list-page.tsx";
import type { StaffOrder, Supplier } from "./types.ts";
import { WORDS, type OrderWords } from "./words.ts";

/** Orders that are to be sent, one supplier's, by one sender. */
const asked = (supplier: string, sender: "shop" | "supplier"): string =>
  new URLSearchParams({ state: "to_ship", supplier, sender }).toString();

function Orders(props: {
  supplier: string;
  sender: "shop" | "supplier";
  orders: number;
}): JSX.Element {
  const { supplier, sender, orders } = props;
  if (orders === 0) return <span class="mute">—</span>;
  return (
    <a class="num" href={`/console/orders?${asked(supplier, sender)}`}>
      {count(orders)}
    </a>
  );
}

function Acts({ row, words }: { row: Supplier; words: OrderWords }): JSX.Element {
  const { supplier, supplierSends, shopSends } = row;
  const { may, call } = useConsole();
  const router = useRouter();
  const toast = useToast();
  const pick = async (): Promise<void> => {
    const path = `/api/v1/staff/orders?${asked(supplier, "shop")}&sort=oldest&limit=100`;
    const answer = await call<{ items: StaffOrder[] }>("GET", path);
    if (!answer.ok) return toast.refuse(answer.problem);
    rememberPicks(answer.value.items.map(({ memberId, orderId }) => ({ memberId, orderId })));
    void router.go("/console/orders/pick-list");
  };
  if (!may("orders.ship")) return <></>;
  return (
    <span class="row ord-acts">
      {shopSends > 0 && (
        <Button size="sm" icon="list" onClick={() => void pick()}>
          {words.bulkPick}
        </Button>
      )}
      {supplierSends > 0 && (
        <a
          class="btn line sm"
          href={`/api/v1/staff/orders/supplier-file?${new URLSearchParams({ supplier }).toString()}`}
          download
        >
          {words.supplierFile}
        </a>
      )}
    </span>
  );
}

const columnsOf = (words: OrderWords): Column<Supplier>[] => [
  {
    key: "supplier",
    title: words.supplier,
    cell: ({ supplier }) => supplier,
    csv: ({ supplier }) => supplier,
  },
  {
    key: "theirs",
    title: words.supplierSends,
    right: true,
    cell: ({ supplier, supplierSends }) => (
      <Orders supplier={supplier} sender="supplier" orders={supplierSends} />
    ),
    csv: ({ supplierSends }) => supplierSends,
  },
  {
    key: "ours",
    title: words.shopSends,
    right: true,
    cell: ({ supplier, shopSends }) => (
      <Orders supplier={supplier} sender="shop" orders={shopSends} />
    ),
    csv: ({ shopSends }) => shopSends,
  },
  {
    ...{ key: "acts", title: words.supplierActs, right: true, beside: true },
    cell: (row) => <Acts row={row} words={words} />,
  },
];

/** What waits to be sent, by supplier: a file for those who send by themselves, a pick list for the shop's own hands. */
export function SuppliersPage(): JSX.Element {
  const words = useWords(WORDS);
  const list = useList<Supplier>({ path: "/api/v1/staff/suppliers" });
  return (
    <>
      <PageHead
        title={words.suppliersTitle}
        note={words.suppliersHelp}
        back={{ href: "/console/orders", title: words.back }}
      />
      <DataTable
        list={list}
        name={words.suppliers}
        columns={columnsOf(words)}
        rowKey={({ supplier }) => supplier}
        empty={{
          ...{ icon: "truck", title: words.suppliersEmpty, body: words.suppliersEmptyHelp },
          act: <Button href="/console/goods">{words.goGoods}</Button>,
        }}
      />
    </>
  );
}
