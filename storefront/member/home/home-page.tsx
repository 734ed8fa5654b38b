import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { PageData } from "../../../worker/pages/page-data.ts";
import type { BlockView } from "../../../worker/pages/wire.ts";
import { loginPath } from "../../client/paths.ts";
import { onComeBack } from "../../client/visibility.ts";
import { pagesText } from "../../locales/pages.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import {
  bell,
  calendar,
  cart,
  check,
  clock,
  coin,
  crown,
  gift,
  help,
  list,
  megaphone,
  orders,
  pin,
  right,
  search,
  shield,
  star,
  tag,
  ticket,
  truck,
  users,
} from "../../ui/icons.ts";
import { LanguageSwitch, Logo, TabBar } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";
import {
  Banner,
  CheckInStrip,
  Notice,
  PictureBlock,
  Quick,
  RichText,
  TierStrip,
} from "./blocks.tsx";
import { Goods, Near } from "./goods.tsx";
import { Because, Expiring } from "../goods/suggested.tsx";
import { SaleList, useServerNow } from "./sale-list.tsx";
import { Wallet } from "./wallet.tsx";

export type HomeData = Extract<PageData, { page: "home" }>;

/** Drawn by every home page; what a merchant's entries use beside them is added by name. */
const ICONS = { bell, calendar, check, crown, megaphone, right, search };
type QuickIcon = Extract<BlockView, { type: "quick" }>["entries"][number]["icon"];
const QUICK: Readonly<Record<QuickIcon, string>> = {
  ...{ gift, clock, calendar, list, users, ticket, truck, shield },
  ...{ crown, coin, orders, pin, help, star, cart, tag },
};

function iconsOf(blocks: readonly BlockView[]): Record<string, string> {
  const named = blocks.flatMap((block) =>
    block.type === "quick" ? block.entries.map(({ icon }) => icon) : [],
  );
  return { ...ICONS, ...Object.fromEntries(named.map((name) => [name, QUICK[name]])) };
}

function goodsOf(
  { goods }: HomeData,
  { skuIds }: { skuIds: readonly string[] | null },
): HomeData["goods"] {
  if (skuIds === null) return goods;
  const bySku = new Map(goods.map((item) => [item.skuId, item]));
  return skuIds.flatMap((skuId) => bySku.get(skuId) ?? []);
}

/** Goods with the reason why this member is shown them; nothing for those of whom none is true. */
function Suggested(props: {
  block: Extract<BlockView, { type: "suggested" }>;
  data: HomeData;
  nowMs: number;
  words: PagesText;
}): JSX.Element {
  const { block, data, nowMs, words } = props;
  const { suggestions, locale } = data;
  const shown = { suggestions, locale, nowMs, max: block.max };
  return (
    <>
      {block.reasons.map((reason) =>
        reason === "expiring" ? (
          <Expiring key={reason} {...shown} />
        ) : (
          <Because key={reason} {...shown} />
        ),
      )}
      {data.isPreview && <p class="pad sec small">{words.home.suggestedHere}</p>}
    </>
  );
}

interface BlockProps {
  block: BlockView;
  data: HomeData;
  nowMs: number;
  words: PagesText;
  /** Stands above the fold: its picture is fetched at once. */
  first: boolean;
}

function BlockOf({ block, data, nowMs, words, first }: BlockProps): JSX.Element | null {
  const active = data.me?.points.active ?? null;
  switch (block.type) {
    case "wallet":
      return (
        <Wallet
          me={data.me}
          checkIn={data.checkIn}
          words={words}
          at={data.pageId === "home" ? "/" : `/p/${data.pageId}`}
        />
      );
    case "banner":
      return <Banner block={block} first={first} words={words} />;
    case "notice":
      return <Notice block={block} />;
    case "quick":
      return <Quick block={block} words={words} />;
    case "sales":
      return (
        <SaleList
          sales={data.sales}
          active={data.me?.points.active ?? null}
          nowMs={nowMs}
          words={words}
          title={block.title}
          max={block.max}
        />
      );
    case "goods":
      return block.skuIds === null ? (
        <Near goods={goodsOf(data, block)} active={active} words={words} block={block} />
      ) : (
        <Goods goods={goodsOf(data, block)} active={active} words={words} block={block} />
      );
    case "suggested":
      return <Suggested block={block} data={data} nowMs={nowMs} words={words} />;
    case "tier":
      if (data.tier !== null) return <TierStrip tier={data.tier} words={words} />;
      return data.me === null ? (
        <a class="tiers" href={loginPath("/points/tier")}>
          <b>{words.home.tierGuest}</b>
        </a>
      ) : null;
    case "check_in":
      return data.checkIn && <CheckInStrip checkIn={data.checkIn} words={words} />;
    case "rich_text":
      return <RichText paragraphs={block.paragraphs} />;
    case "picture":
      return <PictureBlock block={block} first={first} />;
    case "spacer":
      return <div style={{ height: `${block.size}px` }} />;
  }
}

export function HomePage({ data }: { data: HomeData }): JSX.Element {
  const t = useText();
  const words = pagesText(data.locale);
  const nowMs = useServerNow(data.serverTimeMs);
  // Back from a sale: balance and stock may both have changed, and the page is small enough to come anew.
  useEffect(
    () =>
      onComeBack(
        (reason) => reason === "restored" && location.reload(),
        () => undefined,
      ),
    [],
  );
  const { programme } = data;
  const isHome = data.pageId === "home";
  return (
    <div class="page">
      <Sprite icons={iconsOf(data.blocks)} />
      <main>
        <header class="top">
          <Logo programme={programme} />
          <h1>{isHome ? programme.name : data.title}</h1>
          <span class="mute small">{isHome ? t.brand.mall : programme.name}</span>
          {isHome && (
            <a class="top-a" href="/g" aria-label={words.home.search}>
              <Icon name="search" size={22} />
            </a>
          )}
          {isHome && data.me !== null && (
            <a class="top-a" href="/notices" aria-label={words.home.notices}>
              <Icon name="bell" size={22} />
            </a>
          )}
        </header>
        {data.blocks.map((block, at) => (
          <div key={block.id} data-block={block.id}>
            <BlockOf block={block} data={data} nowMs={nowMs} words={words} first={at < 2} />
          </div>
        ))}
        {data.blocks.length === 0 && <p class="pad sec small">{words.home.emptyPage}</p>}
        <LanguageSwitch />
      </main>
      <TabBar current={isHome ? "home" : null} />
    </div>
  );
}
