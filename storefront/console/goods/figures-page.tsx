import type { JSX } from "preact";
import type { GoodsFigureView } from "../../../worker/figures/wire.ts";
import { count } from "../../ui/format.ts";
import {
  BASE,
  Badge,
  bilingual,
  Button,
  Card,
  DataTable,
  Empty,
  PageHead,
  TabsFilter,
  useList,
  useQuery,
  useWords,
  type Column,
} from "../kit/index.ts";

const WORDS = bilingual(
  {
    title: "好礼的动销",
    back: "商品",
    which: "哪些",
    out: "兑完了",
    slow: "动得慢",
    outNote: "正在供应、架上为 0 的每个规格，门店自有库存的也在内。",
    slowNote: "近 30 天兑出的件数 ÷（兑出的件数 + 架上剩余）低于 5% 的规格，剩得多的在前。",
    goods: "商品",
    price: "积分",
    units: "30 天兑出",
    shelf: "架上",
    rate: "兑换率",
    none: "没有这样的商品",
    outNone: "有规格兑完时会列在这里，点进去补货。",
    slowNone: "卖得动的都不在这里。有规格低于 5% 时，点进去改价或换位置。",
    looked: "看过的商品里没有，可以继续找。",
    more: "继续找",
  },
  {
    title: "Goods movement",
    back: "Goods",
    which: "Which",
    out: "Out of stock",
    slow: "Slow",
    outNote: "Every SKU on offer with nothing on its shelf, units of stores included.",
    slowNote:
      "SKUs of which units redeemed in 30 days ÷ (those units + units on the shelf) is below 5 %, the fullest shelf first.",
    goods: "Goods",
    price: "Points",
    units: "Redeemed, 30 days",
    shelf: "On the shelf",
    rate: "Rate",
    none: "Nothing to list",
    outNone: "SKUs that run out stand here; open one to restock it.",
    slowNone:
      "Everything moves. A SKU below 5% is listed here; open it to change its price or place.",
    looked: "None among those that were looked at. Look further.",
    more: "Look further",
  },
);

/** The rows behind the dashboard's counts of goods. */
export function FiguresPage(): JSX.Element {
  const words = useWords(WORDS);
  const [query] = useQuery();
  const isSlow = query.get("of") === "slow";
  const of = isSlow ? "slow" : "out";
  const list = useList<GoodsFigureView>({ path: `/api/v1/staff/goods-figures?of=${of}` });
  return (
    <>
      <PageHead
        title={words.title}
        note={isSlow ? words.slowNote : words.outNote}
        back={{ href: `${BASE}/goods`, title: words.back }}
      />
      <TabsFilter
        name="of"
        label={words.which}
        tabs={[
          { value: "", title: words.out },
          { value: "slow", title: words.slow },
        ]}
      />
      <Card flush>
        {list.rows?.length === 0 && list.hasNext ? (
          <Empty icon="box" title={words.looked}>
            <Button onClick={list.next}>{words.more}</Button>
          </Empty>
        ) : (
          <DataTable
            key={of}
            list={list}
            columns={columnsOf(words)}
            rowKey={({ skuId }) => skuId}
            name={`goods-${of}`}
            href={({ skuId }) => `${BASE}/goods/stock/${encodeURIComponent(skuId)}`}
            empty={{
              icon: "check",
              title: words.none,
              body: isSlow ? words.slowNone : words.outNone,
            }}
          />
        )}
      </Card>
    </>
  );
}

function columnsOf(words: (typeof WORDS)["en"]): readonly Column<GoodsFigureView>[] {
  const rateOf = ({ rate }: GoodsFigureView): string => `${(rate * 100).toFixed(1)}%`;
  return [
    {
      ...{ key: "goods", title: words.goods },
      cell: ({ title, skuId }) => (
        <span class="stack-1">
          <span>{title}</span>
          <span class="note mute num">{skuId}</span>
        </span>
      ),
      csv: ({ title }) => title,
    },
    { key: "sku", title: "SKU", csv: ({ skuId }) => skuId },
    {
      ...{ key: "price", title: words.price, right: true },
      cell: ({ pricePoints }) => (pricePoints === null ? "—" : count(pricePoints)),
      csv: ({ pricePoints }) => pricePoints,
    },
    {
      ...{ key: "units", title: words.units, right: true },
      cell: ({ units30 }) => count(units30),
      csv: ({ units30 }) => units30,
    },
    {
      ...{ key: "shelf", title: words.shelf, right: true },
      cell: ({ shelf }) =>
        shelf === 0 ? <Badge tone="danger">0</Badge> : shelf === null ? "—" : count(shelf),
      csv: ({ shelf }) => shelf,
    },
    { ...{ key: "rate", title: words.rate, right: true }, cell: rateOf, csv: rateOf },
  ];
}
