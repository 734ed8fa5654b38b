import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MixView, StaffCategoriesView, StaffGoodsRow } from "../../../worker/catalog/wire.ts";
import {
  BASE,
  Button,
  Card,
  DataTable,
  FilterBar,
  PageHead,
  SearchFilter,
  SelectFilter,
  ShareBars,
  TabsFilter,
  useConfirm,
  useConsole,
  useList,
  useRead,
  useWords,
  type BulkAction,
} from "../kit/index.ts";
import { BrandFilter } from "./brand-filter.tsx";
import { BulkDialog, type BulkAsk } from "./bulk-dialog.tsx";
import { useBulkChange } from "./use-bulk-change.ts";
import { useColumns } from "./columns.tsx";
import { GOODS } from "./words.ts";
import "./goods.css";

const STATES = ["published", "draft", "scheduled", "withdrawn"] as const;
const FILTERS = ["q", "state", "category", "brand", "kind", "role", "sort"];

export function GoodsListPage(): JSX.Element {
  const words = useWords(GOODS);
  const { may } = useConsole();
  const isWriter = may("goods.write");
  const list = useList<StaffGoodsRow>({
    path: "/api/v1/staff/goods",
    filters: FILTERS,
    read: (body: { goods: StaffGoodsRow[]; nextCursor: string | null }) => ({
      items: body.goods,
      nextCursor: body.nextCursor,
    }),
  });
  const tree = useRead<StaffCategoriesView>("/api/v1/staff/categories");
  const [ask, setAsk] = useState<BulkAsk | null>(null);
  const bulk = useBulk(list.again, setAsk);
  return (
    <>
      <PageHead title={words.title}>
        <HeadActs isWriter={isWriter} />
      </PageHead>
      <div class="stack">
        <Figures />
        <Filters tree={tree.value} />
        <Card flush>
          <DataTable
            list={list}
            columns={useColumns()}
            rowKey={(row) => row.goodsId}
            name={words.title}
            href={(row) => `${BASE}/goods/${row.goodsId}`}
            {...(isWriter ? { bulk } : {})}
            empty={{
              icon: "gift",
              title: words.empty,
              body: words.emptyBody,
              act: isWriter && (
                <>
                  <Button kind="primary" href={`${BASE}/goods/new`} icon="plus">
                    {words.add}
                  </Button>
                  {may("pages.write") && (
                    <Button href={`${BASE}/pages/start`}>{words.template}</Button>
                  )}
                </>
              ),
            }}
            acts={<ExportLink />}
          />
        </Card>
      </div>
      {ask && (
        <BulkDialog
          ask={ask}
          tree={tree.value}
          onClose={() => setAsk(null)}
          onDone={() => {
            setAsk(null);
            list.again();
          }}
        />
      )}
    </>
  );
}

function HeadActs({ isWriter }: { isWriter: boolean }): JSX.Element {
  const words = useWords(GOODS);
  return (
    <>
      <Button href={`${BASE}/goods/categories`} icon="list">
        {words.categories}
      </Button>
      {isWriter && (
        <Button href={`${BASE}/goods/import`} icon="upload">
          {words.import}
        </Button>
      )}
      {isWriter && (
        <Button kind="primary" href={`${BASE}/goods/new`} icon="plus">
          {words.add}
        </Button>
      )}
    </>
  );
}

/** Whole documents, a line a variant, as the import reads them. */
function ExportLink(): JSX.Element {
  const words = useWords(GOODS);
  return (
    <Button
      size="sm"
      icon="download"
      onClick={() => {
        const asked = new URLSearchParams(location.search);
        for (const name of [...asked.keys()]) if (!FILTERS.includes(name)) asked.delete(name);
        location.assign(`/api/v1/staff/goods-export?${asked.toString()}`);
      }}
    >
      {words.exportAll}
    </Button>
  );
}

function Filters({ tree }: { tree: StaffCategoriesView | null }): JSX.Element {
  const words = useWords(GOODS);
  const options = (names: Readonly<Record<string, string>>) =>
    Object.entries(names).map(([value, title]) => ({ value, title }));
  const categories = (tree?.categories ?? []).map(({ categoryId, name, parentId }) => ({
    value: categoryId,
    title: parentId === null ? name : `— ${name}`,
  }));
  return (
    <>
      <TabsFilter
        name="state"
        label={words.column.state}
        tabs={[
          { value: "", title: words.allStates },
          ...STATES.map((value) => ({ value, title: words.states[value] })),
        ]}
      />
      <FilterBar>
        <SearchFilter placeholder={words.search} />
        <SelectFilter name="category" label={words.category} options={categories} />
        <BrandFilter />
        <SelectFilter name="kind" label={words.kind} options={options(words.kinds)} />
        <SelectFilter name="role" label={words.role} options={options(words.roles)} />
      </FilterBar>
    </>
  );
}

function useBulk(
  again: () => void,
  setAsk: (ask: BulkAsk) => void,
): readonly BulkAction<StaffGoodsRow>[] {
  const words = useWords(GOODS);
  const confirm = useConfirm();
  const change = useBulkChange(again);
  const run = async (
    act: "publish" | "withdraw",
    rows: readonly StaffGoodsRow[],
    done: () => void,
  ): Promise<void> => {
    if (await change({ act, value: null }, rows)) done();
  };
  const asking =
    (act: BulkAsk["act"]) =>
    (rows: readonly StaffGoodsRow[], done: () => void): void =>
      setAsk({ act, rows, done });
  return [
    {
      key: "publish",
      title: words.bulk.publish,
      icon: "check",
      run: (rows, done) => {
        const told = publishAdvice(rows, words);
        if (told.length === 0) return void run("publish", rows, done);
        void confirm({
          title: words.bulk.publishTitle(rows.length),
          body: told.map((line) => <p key={line}>{line}</p>),
          act: words.bulk.publish,
        }).then((yes) => (yes ? run("publish", rows, done) : undefined));
      },
    },
    {
      key: "withdraw",
      title: words.bulk.withdraw,
      icon: "pause",
      danger: true,
      run: (rows, done) =>
        void confirm({
          title: words.bulk.withdrawTitle(rows.length),
          body: words.bulk.withdrawBody,
          act: words.bulk.withdraw,
          danger: true,
        }).then((yes) => (yes ? run("withdraw", rows, done) : undefined)),
    },
    { key: "category", title: words.bulk.category, icon: "list", run: asking("category") },
    { key: "tag", title: words.bulk.tag, icon: "tag", run: asking("add_tag") },
    { key: "untag", title: words.bulk.untag, icon: "x", run: asking("remove_tag") },
    { key: "price", title: words.bulk.price, icon: "coin", run: asking("price_percent") },
  ];
}

/** What members will meet that may not be meant; empty: nothing. It refuses nothing. */
function publishAdvice(
  rows: readonly StaffGoodsRow[],
  words: (typeof GOODS)["zh-CN"],
): readonly string[] {
  const empty = rows.filter(({ isEmpty }) => isEmpty).length;
  const free = rows.filter(({ pricePoints, priceFen }) => pricePoints + priceFen === 0).length;
  return [
    ...(empty === 0 ? [] : [words.bulk.publishEmpty(empty, rows.length)]),
    ...(free === 0 ? [] : [words.bulk.publishFree(free, rows.length)]),
  ];
}

interface Alerts {
  readonly low: readonly {
    readonly skuId: string;
    readonly goodsId: string;
    readonly title: string;
    /** Which of the variants; empty: there is one only. */
    readonly spec: string;
    readonly shelf: number;
    readonly mark: number;
  }[];
}

/** The mix of what is published, and what runs out. */
function Figures(): JSX.Element {
  const words = useWords(GOODS);
  const mix = useRead<MixView>("/api/v1/staff/goods-mix", { everyMs: 30_000 });
  const alerts = useRead<Alerts>("/api/v1/staff/goods-alerts", { everyMs: 30_000 });
  const low = alerts.value?.low ?? [];
  return (
    <div class={low.length > 0 ? "grid cols-2" : ""}>
      {mix.value && (
        <Card title={words.mix.title} note={words.mix.note(mix.value.goods)}>
          <ShareBars
            parts={mix.value.roles.map(({ role, goods, targetPercent }) => ({
              name: `${words.roles[role]} · ${words.mix.target(targetPercent)}`,
              value: goods,
              href: `${BASE}/goods?role=${role}&state=published`,
            }))}
          />
          <p class="note">{mixAdvice(mix.value, words)}</p>
        </Card>
      )}
      {low.length > 0 && (
        <Card title={words.alerts.title(low.length)}>
          <ul class="g-low">
            {low.slice(0, 6).map(({ skuId, title, spec, shelf, mark }) => (
              <li key={skuId}>
                <a class="text-link" href={`${BASE}/goods/stock/${skuId}`}>
                  {title}
                  {spec && ` · ${spec}`}
                </a>
                <span class="note mute num">{words.alerts.line(shelf, mark)}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </div>
  );
}

function mixAdvice({ advice, roles }: MixView, words: (typeof GOODS)["zh-CN"]): string {
  if (advice === "empty" || advice === "good") return words.mix.advice[advice];
  const role = advice.replace("more_", "");
  return words.mix.advice[advice](roles.find((one) => one.role === role)?.missing ?? 0);
}
