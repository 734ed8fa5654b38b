import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { GoodsTile } from "../../../worker/pages/page-data.ts";
import { goodsPath, salePath } from "../../client/paths.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { count } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Badge, Figured, Picture, Price } from "../../ui/parts.tsx";

/** Goods of the catalogue have a page of their own; a SKU without goods is redeemed on its sale's. */
const tilePath = ({ goodsId, saleId }: GoodsTile): string =>
  goodsId === null ? salePath(saleId) : goodsPath(goodsId);

type Band = "all" | GoodsTile["band"];
const BANDS: readonly GoodsTile["band"][] = ["100-500", "500-2000", "2000+"];

interface GoodsProps {
  goods: GoodsTile[];
  /** Points the member may use; `null` when nobody is signed in. */
  active: number | null;
  words: PagesText;
  block: { title: string; layout: "grid" | "list"; showsBands: boolean; max: number };
}

function Tile({
  item,
  active,
  words,
}: {
  item: GoodsTile;
  active: number | null;
  words: PagesText;
}): JSX.Element {
  const gap = active === null ? 0 : item.pricePoints - active;
  return (
    <a class="tile" href={tilePath(item)}>
      <div class="tile-p" style={{ background: item.groundColor }}>
        <Picture src={item.picture} alt="" size={200} />
        {item.remaining === 0 && <Badge tone="ink">{words.home.none}</Badge>}
      </div>
      <div class="tile-b">
        <h3>{item.title}</h3>
        <p class="note mute">{item.subtitle}</p>
        <div>
          <Price points={item.pricePoints} cashFen={item.priceFen} />
          {item.hasPrices && <span class="note mute"> {words.home.from}</span>}
          {item.pricePoints < item.listPoints && (
            <span class="was">
              <s class="num">{count(item.listPoints)}</s>
            </span>
          )}
          {gap > 0 && (
            <p class="note sec tile-gap">
              <Figured text={words.home.gap(gap)} />
            </p>
          )}
        </div>
      </div>
    </a>
  );
}

/** So many goods within reach fill a row of their own. */
const ENOUGH = 4;

/** Under the mall's own word for it, a member sees what is theirs right now; the catalogue has the rest. A merchant's title keeps its goods. */
function offered({ goods, active, words, block }: GoodsProps): Offered {
  const all = { goods, title: block.title || words.home.anyTime };
  if (active === null) return { ...all, more: words.home.all, href: "/g" };
  const now = goods.filter((item) => item.pricePoints <= active && item.remaining > 0);
  const within = { more: words.home.within(active), href: "/g?affordable=1" };
  const earn = { more: words.home.earn, href: "/points" };
  if (block.title !== "") return { ...all, ...(now.length > 0 ? within : earn) };
  if (now.length >= ENOUGH) return { ...within, goods: now, title: words.home.now };
  return { ...earn, goods, title: words.home.notYet };
}

interface Offered {
  readonly goods: readonly GoodsTile[];
  readonly title: string;
  /** What the link beside the title says, and where it leads. */
  readonly more: string;
  readonly href: string;
}

export function Goods(props: GoodsProps): JSX.Element {
  const { active, words, block } = props;
  const [band, setBand] = useState<Band>("all");
  const { goods, title, more, href } = offered(props);
  const shown = goods.filter((item) => band === "all" || item.band === band);
  const bands = BANDS.filter((name) => goods.some((item) => item.band === name));
  return (
    <section>
      <div class="h-sec">
        <h2>{title}</h2>
        <a class="h-more" href={href}>
          {more}
          <Icon name="right" size={16} />
        </a>
      </div>
      {block.showsBands && bands.length > 1 && (
        <div class="seg" role="group" aria-label={words.home.bandLabel}>
          {(["all", ...bands] as const).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={band === name}
              onClick={() => setBand(name)}
            >
              {words.home.bands[name]}
            </button>
          ))}
        </div>
      )}
      <div class={block.layout === "grid" ? "grid2" : "grid1"}>
        {shown.map((item) => (
          <Tile key={item.skuId} item={item} active={active} words={words} />
        ))}
      </div>
      {shown.length === 0 && <p class="pad sec small">{words.home.noGoods}</p>}
    </section>
  );
}

/** What is just out of reach, nearest first, with the way that is left. */
export function Near({ goods, active, words, block }: GoodsProps): JSX.Element | null {
  if (active === null) return null;
  const near = goods
    .filter((item) => item.pricePoints > active && item.remaining > 0)
    .sort((a, b) => a.pricePoints - b.pricePoints)
    .slice(0, block.max);
  if (near.length === 0) return null;
  return (
    <section>
      <div class="h-sec">
        <h2>{block.title === "" ? words.home.soon : block.title}</h2>
      </div>
      <div class="near card cells">
        {near.map((item) => (
          <a key={item.skuId} href={tilePath(item)}>
            <span class="near-p" style={{ background: item.groundColor }}>
              <Picture src={item.picture} alt="" size={64} />
            </span>
            <span>
              <span class="near-t">
                <b>{item.title}</b>
                <Price points={item.pricePoints} cashFen={item.priceFen} />
              </span>
              <span class="pg">
                <i style={{ transform: `scaleX(${active / item.pricePoints})` }} />
              </span>
              <span class="note sec">
                <Figured text={words.home.gap(item.pricePoints - active)} />
              </span>
            </span>
          </a>
        ))}
      </div>
    </section>
  );
}
