import type { JSX } from "preact";
import type { DashboardView, GoodsFigureView } from "../../../worker/figures/wire.ts";
import { count } from "../../ui/format.ts";
import { Badge, Card, Empty, useWords, CsvButton } from "../kit/index.ts";
import { DASHBOARD } from "./words.ts";

/** What still stands where there is little room. */
const NARROW: ReadonlySet<string> = new Set(["units", "rate"]);
const rateText = (rate: number): string => `${(rate * 100).toFixed(1)}%`;

function GoodsTable({
  goods,
  columns,
}: {
  goods: readonly GoodsFigureView[];
  columns: readonly ("price" | "units" | "shelf" | "rate")[];
}): JSX.Element {
  const words = useWords(DASHBOARD);
  const cell = (one: GoodsFigureView, column: (typeof columns)[number]): JSX.Element | string => {
    if (column === "price") return one.pricePoints === null ? words.none : count(one.pricePoints);
    if (column === "units") return count(one.units30);
    if (column === "shelf")
      return one.shelf === 0 ? (
        <Badge tone="danger">0</Badge>
      ) : one.shelf === null ? (
        words.none
      ) : (
        count(one.shelf)
      );
    return one.rate < 0.05 ? <Badge tone="warn">{rateText(one.rate)}</Badge> : rateText(one.rate);
  };
  return (
    <div class="table-scroll">
      <table>
        <thead>
          <tr>
            <th>{words.goods}</th>
            {columns.map((column) => (
              <th key={column} class={NARROW.has(column) ? "r" : "r wide-only"}>
                {words[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {goods.map((one) => (
            <tr key={one.skuId}>
              <td>
                <a class="goods-name" href={`/console/goods?q=${encodeURIComponent(one.title)}`}>
                  {one.picture === "" ? (
                    <span class="thumb" />
                  ) : (
                    <img
                      class="thumb"
                      src={one.picture}
                      alt=""
                      width={36}
                      height={36}
                      loading="lazy"
                    />
                  )}
                  {one.title}
                </a>
              </td>
              {columns.map((column) => (
                <td key={column} class={NARROW.has(column) ? "r num" : "r num wide-only"}>
                  {cell(one, column)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function GoodsCsv({ name, goods }: { name: string; goods: DashboardView["hot"] }) {
  const words = useWords(DASHBOARD);
  if (goods.length === 0) return null;
  return (
    <CsvButton
      name={name}
      rows={goods}
      columns={[
        ["SKU", ({ skuId }) => skuId],
        [words.goods, ({ title }) => title],
        [words.price, ({ pricePoints }) => pricePoints],
        [words.units, ({ units30 }) => units30],
        [words.shelf, ({ shelf }) => shelf],
        [words.rate, ({ rate }) => (rate === null ? null : rateText(rate))],
      ]}
    />
  );
}

export function HotGoods({ goods }: { goods: DashboardView["hot"] }): JSX.Element {
  const words = useWords(DASHBOARD);
  return (
    <Card
      title={words.hot}
      note={words.hotNote}
      flush
      acts={<GoodsCsv name={words.hot} goods={goods} />}
    >
      {goods.length === 0 ? (
        <Empty icon="gift" title={words.hotNone} body={words.hotNoneHelp} />
      ) : (
        <GoodsTable goods={goods} columns={["price", "units", "shelf", "rate"]} />
      )}
    </Card>
  );
}

export function SlowGoods({
  goods,
  count: all,
}: {
  goods: DashboardView["slow"];
  count: number;
}): JSX.Element {
  const words = useWords(DASHBOARD);
  return (
    <Card
      title={words.slow}
      note={<a href="/console/goods/figures?of=slow">{words.slowNote(all)}</a>}
      flush
      acts={<GoodsCsv name={words.slow} goods={goods} />}
    >
      <p class="note mute formula">{words.slowFormula}</p>
      {goods.length === 0 ? (
        <Empty icon="check" title={words.slowNone} />
      ) : (
        <GoodsTable goods={goods.slice(0, 8)} columns={["units", "shelf", "rate"]} />
      )}
    </Card>
  );
}

export function StockOuts({
  goods,
  count: all,
}: {
  goods: DashboardView["stockOuts"];
  count: number;
}): JSX.Element {
  const words = useWords(DASHBOARD);
  return (
    <Card
      title={words.outs}
      note={<a href="/console/goods/figures">{words.outsNote(all)}</a>}
      flush
      acts={<GoodsCsv name={words.outs} goods={goods} />}
    >
      {goods.length === 0 ? (
        <Empty icon="check" title={words.outsNone} />
      ) : (
        <GoodsTable goods={goods.slice(0, 8)} columns={["price", "units", "shelf"]} />
      )}
    </Card>
  );
}
