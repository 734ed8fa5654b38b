import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { GoodsTile } from "../../../worker/pages/page-data.ts";
import { goodsPath, salePath } from "../../client/paths.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { count } from "../../ui/format.ts";
import { Badge, Figured, Picture, Price } from "../../ui/parts.tsx";

/** Goods of the catalogue have a page of their own; a SKU without goods is redeemed on its sale's. */
const tilePath = ({ goodsId, saleId }: GoodsTile): string =>
  goodsId === null ? salePath(saleId) : goodsPath(goodsId);

type Band = "all" | GoodsTile["band"];
const BANDS: readonly Band[] = ["all", "100-500", "500-2000", "2000+"];

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
        <Picture src={item.picture} alt="" size={400} />
        {item.remaining === 0 && <Badge tone="ink">{words.home.none}</Badge>}
      </div>
      <div class="tile-b">
        <h3>{item.title}</h3>
        <p class="note mute">{item.subtitle}</p>
        <div>
          <Price points={item.pricePoints} />
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

export function Goods({ goods, active, words, block }: GoodsProps): JSX.Element {
  const [band, setBand] = useState<Band>("all");
  const shown = goods.filter((item) => band === "all" || item.band === band);
  const reaches = active === null || goods.some(({ pricePoints }) => pricePoints <= active);
  return (
    <section>
      <div class="h-sec">
        <h2>{block.title || (reaches ? words.home.now : words.home.notYet)}</h2>
        <span class="small mute">
          {active === null || !reaches ? words.home.anyTime : words.home.within(active)}
        </span>
      </div>
      {block.showsBands && (
        <div class="seg" role="group" aria-label={words.home.bandLabel}>
          {BANDS.map((name) => (
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
      {shown.length === 0 && (
        <p class="pad sec small">
          {goods.length === 0 ? words.home.noGoods : words.home.bandEmpty}
        </p>
      )}
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
                <Price points={item.pricePoints} />
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
