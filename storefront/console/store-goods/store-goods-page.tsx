import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { StoreGoodsListView, StoreGoodsView } from "../../../worker/catalog/store-wire.ts";
import {
  Badge,
  BASE,
  Button,
  Card,
  DataTable,
  Empty,
  Failed,
  FilterBar,
  Loading,
  PageHead,
  recall,
  remember,
  SearchFilter,
  useList,
  useQuery,
  useRead,
  useToast,
  useWords,
  yuanOf,
  type Column,
} from "../kit/index.ts";
import { ChangeDialog } from "./change-dialog.tsx";
import { StockDialog } from "./stock-dialog.tsx";
import { STORE_GOODS, type StoreGoodsWords } from "./words.ts";

/** As the write-off desk remembers it, so that a clerk says once where they stand. */
const STORE_KEY = "qd:console:store";

interface Store {
  readonly storeId: string;
  readonly name: string;
}

interface Open {
  readonly act: "change" | "stock";
  readonly goods: StoreGoodsView;
}

export function StoreGoodsPage(): JSX.Element {
  const words = useWords(STORE_GOODS);
  // Asked anew, because a store may have been made since this console was opened.
  const { value, problem, again } = useRead<{ stores: readonly Store[] }>("/api/v1/staff/me");
  const stores = value?.stores ?? [];
  const [storeId, choose] = useStore(stores.map((one) => one.storeId));
  const store = stores.find((one) => one.storeId === storeId);
  if (problem) return <Failed problem={problem} onRetry={again} />;
  if (!value) return <Loading />;
  if (!store) {
    return (
      <>
        <PageHead title={words.title} />
        <Card>
          <Empty icon="store" title={words.noStores} body={words.noStoresHelp}>
            <Button href={`${BASE}/stores`}>{words.toStores}</Button>
          </Empty>
        </Card>
      </>
    );
  }
  return (
    <>
      <PageHead title={words.title} note={words.note(store.name)}>
        <CopyLink storeId={store.storeId} />
        <label class="in sel">
          <span>{words.store}</span>
          <select value={store.storeId} onChange={(event) => choose(event.currentTarget.value)}>
            {stores.map((one) => (
              <option key={one.storeId} value={one.storeId}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
      </PageHead>
      <Shelves key={store.storeId} storeId={store.storeId} />
    </>
  );
}

function useStore(known: readonly string[]): [string | null, (storeId: string) => void] {
  const [query, setQuery] = useQuery();
  const asked = query.get("store") ?? recall(STORE_KEY) ?? "";
  const chosen = known.includes(asked) ? asked : (known[0] ?? null);
  return [
    chosen,
    (storeId) => {
      remember(STORE_KEY, storeId);
      setQuery({ store: storeId });
    },
  ];
}

function CopyLink({ storeId }: { storeId: string }): JSX.Element {
  const words = useWords(STORE_GOODS);
  const toast = useToast();
  const href = `${location.origin}/g?store=${storeId}`;
  const copy = async (): Promise<void> => {
    const isCopied = await navigator.clipboard.writeText(href).then(
      () => true,
      () => false,
    );
    toast.show({ text: isCopied ? words.copied : href });
  };
  return (
    <Button icon="copy" title={words.linkHelp} onClick={() => void copy()}>
      {words.copy}
    </Button>
  );
}

function Shelves({ storeId }: { storeId: string }): JSX.Element {
  const words = useWords(STORE_GOODS);
  const [maySet, setMaySet] = useState<readonly string[]>([]);
  const [open, setOpen] = useState<Open | null>(null);
  const list = useList<StoreGoodsView>({
    path: `/api/v1/staff/store-goods/${storeId}`,
    filters: ["q"],
    read: (body: StoreGoodsListView) => {
      if (body.maySet.join() !== maySet.join()) setMaySet(body.maySet);
      return { items: body.goods, nextCursor: body.nextCursor };
    },
    limit: 20,
  });
  const may = (field: string): boolean => maySet.includes(field);
  const put = (goodsId: string, edit: (now: StoreGoodsView) => StoreGoodsView): void =>
    list.change((rows) => rows.map((one) => (one.goodsId === goodsId ? edit(one) : one)));
  const moved = (goodsId: string, skuId: string, remaining: number): void =>
    put(goodsId, (now) => ({
      ...now,
      skus: now.skus.map((one) => (one.skuId === skuId ? { ...one, remaining } : one)),
    }));
  const done = (goods: StoreGoodsView): void => {
    put(goods.goodsId, () => goods);
    // Units of its own begin with the first that come in: nobody can redeem before.
    const isBare = goods.sellsOwn && goods.skus.every(({ remaining }) => !remaining);
    setOpen(isBare && may("stock") ? { act: "stock", goods } : null);
  };
  const mayChange = may("price") || may("stock") || may("visibility");
  return (
    <div class="stack">
      {list.rows && <MaySet maySet={maySet} words={words} />}
      <FilterBar>
        <SearchFilter placeholder={words.search} />
      </FilterBar>
      <Card flush>
        <DataTable<StoreGoodsView>
          list={list}
          columns={columnsOf(words)}
          rowKey={(row) => row.goodsId}
          name={words.title}
          empty={{ icon: "gift", title: words.empty, body: words.emptyBody }}
          {...(mayChange
            ? { onOpen: (goods: StoreGoodsView) => setOpen({ act: "change", goods }) }
            : {})}
          actions={(row) => [
            ...(mayChange
              ? [{ title: words.change, run: () => setOpen({ act: "change", goods: row }) }]
              : []),
            ...(may("stock") && row.sellsOwn
              ? [{ title: words.stock, run: () => setOpen({ act: "stock", goods: row }) }]
              : []),
          ]}
        />
      </Card>
      {open?.act === "change" && (
        <ChangeDialog
          {...{ storeId, goods: open.goods, maySet, onDone: done }}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.act === "stock" && (
        <StockDialog
          {...{ storeId, goods: open.goods }}
          onClose={() => setOpen(null)}
          onDone={(skuId, shelf) => moved(open.goods.goodsId, skuId, shelf)}
        />
      )}
    </div>
  );
}

function MaySet({
  maySet,
  words,
}: {
  maySet: readonly string[];
  words: StoreGoodsWords;
}): JSX.Element {
  const fields = (["price", "stock", "visibility"] as const).filter((one) => maySet.includes(one));
  if (fields.length === 0) return <p class="sec">{words.maySetNone}</p>;
  return (
    <p class="row">
      <span class="sec">{words.maySet}</span>
      {fields.map((field) => (
        <Badge key={field}>{words.fields[field]}</Badge>
      ))}
    </p>
  );
}

const priced = (points: number, fen: number): string =>
  `${points.toLocaleString("en-US")}${fen > 0 ? ` + ¥${yuanOf(fen)}` : ""}`;

function columnsOf(words: StoreGoodsWords): Column<StoreGoodsView>[] {
  const price = ({ skus, sellsOwn }: StoreGoodsView): string => {
    const own = sellsOwn ? skus.filter((one) => one.own !== null) : [];
    if (own.length === 0) return words.ofHeadquarters;
    return own
      .map(({ values, own: at }) =>
        `${values.join(" ")} ${priced(at?.pricePoints ?? 0, at?.priceFen ?? 0)}`.trim(),
      )
      .join(" / ");
  };
  const units = ({ skus, sellsOwn }: StoreGoodsView): string =>
    sellsOwn
      ? skus.reduce((sum, { remaining }) => sum + (remaining ?? 0), 0).toLocaleString("en-US")
      : words.shared;
  return [
    {
      key: "goods",
      title: words.goods,
      cell: (row) => <b>{row.title}</b>,
      csv: (row) => row.title,
    },
    {
      key: "price",
      title: words.price,
      right: true,
      cell: (row) => <span class="num">{price(row)}</span>,
      csv: price,
    },
    {
      key: "units",
      title: words.units,
      right: true,
      cell: (row) => <span class="num">{units(row)}</span>,
      csv: units,
    },
    {
      key: "shown",
      title: words.shown,
      beside: true,
      cell: (row) => (
        <Badge tone={row.isHidden ? "warn" : "ok"}>
          {row.isHidden ? words.isHidden : words.isShown}
        </Badge>
      ),
      csv: (row) => (row.isHidden ? words.isHidden : words.isShown),
    },
  ];
}
