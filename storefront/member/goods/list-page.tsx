import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CategoryView } from "../../../worker/catalog/wire.ts";
import type { GoodsFilter, PageData } from "../../../worker/pages/page-data.ts";
import { goodsText, type GoodsText } from "../../locales/goods.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import { search, store, x } from "../../ui/icons.ts";
import { MoreButton, usePages } from "../../ui/more.tsx";
import { LanguageSwitch, TabBar } from "../../ui/parts.tsx";
import { createGoodsApi, goodsListHref, type GoodsWish } from "./goods-api.ts";
import { GoodsCard } from "./goods-card.tsx";
import { Because, Expiring } from "./suggested.tsx";

export type GoodsListData = Extract<PageData, { page: "goodsList" }>;
type Kind = NonNullable<GoodsFilter["kind"]>;

const KINDS: readonly Kind[] = ["physical", "coupon", "virtual", "card_code", "local_service"];
const SORTS: readonly GoodsFilter["sort"][] = ["recommended", "newest", "points_up", "points_down"];
/** Pictures of the first row are asked for at once. */
const FIRST_ROW = 2;

/** What the API is asked for this filter. */
function wishOf(filter: GoodsFilter, active: number | null): GoodsWish {
  const { affordable, within, ...rest } = filter;
  const reach = [within, affordable ? active : null].filter((one) => one !== null);
  return reach.length > 0 ? { ...rest, pointsMax: Math.min(...reach) } : rest;
}

function SearchField({ filter, words }: { filter: GoodsFilter; words: GoodsText }): JSX.Element {
  const { category, brand, q, kind, sort, affordable, within } = filter;
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // Back to a page that the browser kept whole: its list is of what was asked for then, not of what was typed last.
    const reset = ({ persisted }: PageTransitionEvent): void => {
      if (persisted) form.current?.reset();
    };
    addEventListener("pageshow", reset);
    return () => removeEventListener("pageshow", reset);
  }, []);
  const hidden = { category, brand, kind, sort, affordable: affordable ? "1" : null, within };
  return (
    <form ref={form} class="gl-search" role="search" action="/g" method="get" autocomplete="off">
      <Icon name="search" size={18} />
      <input
        type="search"
        name="q"
        value={q}
        maxLength={60}
        placeholder={words.list.search}
        aria-label={words.list.search}
        enterkeyhint="search"
      />
      {Object.entries(hidden).map(
        ([name, value]) =>
          value !== null && <input key={name} type="hidden" name={name} value={value} />,
      )}
      {q !== "" && (
        <a class="gl-x" href={goodsListHref({ ...filter, q: "" })} aria-label={words.list.clear}>
          <Icon name="x" size={18} />
        </a>
      )}
    </form>
  );
}

interface Chip {
  readonly key: string;
  readonly title: string;
  readonly filter: GoodsFilter;
  readonly isOn: boolean;
}

function Chips({ chips, label }: { chips: readonly Chip[]; label: string }): JSX.Element {
  return (
    <nav class="seg" aria-label={label}>
      {chips.map(({ key, title, filter, isOn }) => (
        <a
          key={key}
          href={goodsListHref(filter)}
          {...(isOn ? { "aria-current": "true" as const } : {})}
        >
          {title}
        </a>
      ))}
    </nav>
  );
}

/** The way from the top to the chosen category, and what lies beside it on each level. */
function levelsOf(
  categories: readonly CategoryView[],
  chosen: string | null,
): { parentId: string | null; chosen: string | null }[] {
  const byId = new Map(categories.map((one) => [one.categoryId, one]));
  const way: string[] = [];
  for (let at = chosen; at !== null && byId.has(at); at = byId.get(at)?.parentId ?? null) {
    way.unshift(at);
  }
  return [null, ...way].map((parentId, level) => ({ parentId, chosen: way[level] ?? null }));
}

function Categories({ data, words }: { data: GoodsListData; words: GoodsText }): JSX.Element {
  const { filter, categories } = data;
  return (
    <>
      {levelsOf(categories, filter.category).map(({ parentId, chosen }) => {
        const here = categories.filter((one) => one.parentId === parentId);
        if (here.length === 0) return null;
        const all: Chip = {
          key: "",
          title: words.list.all,
          filter: { ...filter, category: parentId },
          isOn: chosen === null,
        };
        const chips = here.map(({ categoryId, name }) => ({
          ...{ key: categoryId, title: name, isOn: categoryId === chosen },
          filter: { ...filter, category: categoryId },
        }));
        return <Chips key={parentId ?? ""} label={words.list.categories} chips={[all, ...chips]} />;
      })}
    </>
  );
}

/** Whose goods: the brands that share these points. */
function Brands({ data, words }: { data: GoodsListData; words: GoodsText }): JSX.Element | null {
  const { filter, brands } = data;
  if (brands.length === 0) return null;
  const chips = brands.map(({ brandId, name }) => ({
    ...{ key: brandId, title: name, isOn: brandId === filter.brand },
    filter: { ...filter, brand: brandId === filter.brand ? null : brandId },
  }));
  return <Chips label={words.list.brands} chips={chips} />;
}

function Filters({ data, words }: { data: GoodsListData; words: GoodsText }): JSX.Element {
  const { filter, me } = data;
  const kinds = KINDS.map((kind) => ({
    key: kind,
    title: words.list.kinds[kind],
    filter: { ...filter, kind: filter.kind === kind ? null : kind },
    isOn: filter.kind === kind,
  }));
  const affordable = {
    key: "affordable",
    title: words.list.affordable,
    filter: { ...filter, affordable: !filter.affordable },
    isOn: filter.affordable,
  };
  const within = {
    key: "within",
    title: words.list.within(filter.within ?? 0),
    filter: { ...filter, within: null },
    isOn: true,
  };
  const mine = [...(filter.within === null ? [] : [within]), ...(me === null ? [] : [affordable])];
  return (
    <div class="gl-filters">
      <Chips label={words.list.filters} chips={[...mine, ...kinds]} />
      <label class="gl-sort small">
        <span class="sr">{words.list.sort}</span>
        <select
          value={filter.sort}
          // No step of its own: Back would show a choice beside the list of the one before.
          onChange={(event) =>
            location.replace(
              goodsListHref({ ...filter, sort: event.currentTarget.value as GoodsFilter["sort"] }),
            )
          }
        >
          {SORTS.map((sort) => (
            <option key={sort} value={sort} selected={sort === filter.sort}>
              {words.list.sorts[sort]}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** Where one shops: prices, units and what is shown are that store's. The browser remembers it. */
function StoreChoice({
  data,
  words,
}: {
  data: GoodsListData;
  words: GoodsText;
}): JSX.Element | null {
  const { stores, storeId } = data;
  if (stores.length === 0) return null;
  const go = (chosen: string): void => {
    const at = new URL(location.href);
    at.searchParams.set("store", chosen);
    // No step of its own either, or Back would show the prices of another store than the browser remembers.
    location.replace(at.href);
  };
  return (
    <label class="gl-store small">
      <Icon name="store" size={18} />
      <span class="sr">{words.list.store}</span>
      <select value={storeId ?? ""} onChange={(event) => go(event.currentTarget.value)}>
        <option value="" selected={storeId === null}>
          {words.list.anyStore}
        </option>
        {stores.map((one) => (
          <option key={one.storeId} value={one.storeId} selected={one.storeId === storeId}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Nothing({ filter, words }: { filter: GoodsFilter; words: GoodsText }): JSX.Element {
  const isPlain =
    filter.q === "" &&
    filter.category === null &&
    filter.brand === null &&
    filter.kind === null &&
    filter.within === null &&
    !filter.affordable;
  const isShort = filter.q === "" && (filter.affordable || filter.within !== null);
  const why =
    filter.q !== ""
      ? words.list.emptySearch(filter.q)
      : isShort
        ? words.list.emptyAffordable
        : isPlain
          ? words.list.emptyAll
          : words.list.emptyFilter;
  return (
    <div class="blank gl-none">
      <span class="blank-i">
        <Icon name="search" size={36} />
      </span>
      <h2>{isShort ? words.list.emptyAffordableTitle : words.list.emptyTitle}</h2>
      <p class="sec">{why}</p>
      {isShort && (
        <a class="btn primary" href="/points">
          {words.list.earn}
        </a>
      )}
      {!isPlain && (
        <a class="btn tint" href="/g">
          {words.list.showAll}
        </a>
      )}
    </div>
  );
}

export function GoodsListPage({ data }: { data: GoodsListData }): JSX.Element {
  const words = goodsText(data.locale);
  const active = data.me?.points.active ?? null;
  const pages = usePages({
    first: { rows: data.list.goods, nextCursor: data.list.nextCursor },
    idOf: ({ goodsId }) => goodsId,
    read: async (cursor) => {
      const wish = { ...wishOf(data.filter, active), cursor };
      const answer = await createGoodsApi(data.locale).list(wish);
      return answer.ok ? { rows: answer.value.goods, nextCursor: answer.value.nextCursor } : null;
    },
  });
  const { rows: cards } = pages;
  const { suggestions, locale, serverTimeMs: nowMs } = data;
  const suggested = { suggestions, locale, nowMs };
  return (
    <div class="page">
      <Sprite icons={{ search, store, x }} />
      <header class="gl-top">
        <StoreChoice data={data} words={words} />
        <h1 class="sr">{words.list.title}</h1>
        <SearchField filter={data.filter} words={words} />
      </header>
      <main>
        <Categories data={data} words={words} />
        <Brands data={data} words={words} />
        <Filters data={data} words={words} />
        <Expiring {...suggested} />
        <Because {...suggested} />
        {cards.length === 0 && pages.state === "end" ? (
          <Nothing filter={data.filter} words={words} />
        ) : (
          <div class="grid2">
            <h2 class="sr">{words.list.results}</h2>
            {cards.map((card, at) => (
              <GoodsCard
                key={card.goodsId}
                card={card}
                active={active}
                words={words}
                first={at < FIRST_ROW}
                isBranded={data.brands.length > 0}
              />
            ))}
          </div>
        )}
        <MoreButton pages={pages} words={words.list} />
        <LanguageSwitch />
      </main>
      <TabBar current="goods" />
    </div>
  );
}
