import type { JSX } from "preact";
import type { GoodsCardView } from "../../../worker/catalog/wire.ts";
import type { GoodsText } from "../../locales/goods.ts";
import { count } from "../../ui/format.ts";
import { Badge, Figured, Price } from "../../ui/parts.tsx";
import { goodsPath } from "../../client/paths.ts";
import { GoodsPicture } from "./goods-picture.tsx";

const FEW = 10;

/** What it costs whoever looks, with the usual price where something is taken off. */
export function CardPrice({
  card,
  words,
}: {
  card: Pick<GoodsCardView, "memberPoints" | "pricePoints" | "priceFen" | "hasPrices">;
  words: GoodsText;
}): JSX.Element {
  const { memberPoints, pricePoints, priceFen, hasPrices } = card;
  return (
    <>
      <Price points={memberPoints} cashFen={priceFen} />
      {hasPrices && <span class="note mute"> {words.card.from}</span>}
      {memberPoints < pricePoints && (
        <span class="was">
          {" "}
          <s class="num">{count(pricePoints)}</s>
        </span>
      )}
    </>
  );
}

export interface GoodsCardProps {
  card: GoodsCardView;
  /** Points the member may use; null when nobody is signed in. */
  active: number | null;
  words: GoodsText;
  first?: boolean;
  /** Several brands share these points, so that it matters whose goods they are. */
  isBranded?: boolean;
}

/** One goods in a grid: its picture, its name, its price, and how far it is. */
export function GoodsCard(props: GoodsCardProps): JSX.Element {
  const { card, active, words, first = false, isBranded = false } = props;
  const gap = active === null ? 0 : card.memberPoints - active;
  const isOut = card.remaining === 0;
  const about =
    card.subtitle !== "" || card.redeemed === 0
      ? card.subtitle
      : words.card.redeemed(card.redeemed);
  return (
    <a class="tile" href={goodsPath(card.goodsId)}>
      <div class="tile-p" style={{ background: card.groundColor }}>
        <GoodsPicture
          picture={card.picture}
          size={400}
          sizes="(max-width: 480px) 46vw, 216px"
          first={first}
        />
        {isOut ? (
          <Badge tone="ink">{words.card.none}</Badge>
        ) : card.redeemedBy !== null ? (
          <Badge tone="ink">{words.card.forSome}</Badge>
        ) : (
          card.remaining <= FEW && <Badge tone="warn">{words.card.few(card.remaining)}</Badge>
        )}
      </div>
      <div class="tile-b">
        <h3>{card.title}</h3>
        <p class="note mute">
          {[isBranded ? card.brand?.name : "", about].filter(Boolean).join(" · ")}
        </p>
        <div>
          <CardPrice card={card} words={words} />
          {gap > 0 && !isOut && (
            <p class="note sec tile-gap">
              <Figured text={words.card.gap(gap)} />
            </p>
          )}
        </div>
      </div>
    </a>
  );
}
