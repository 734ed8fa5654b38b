import type { JSX } from "preact";
import type { GoodsCardView } from "../../../worker/catalog/wire.ts";
import type { HomeSuggestions, Locale } from "../../../worker/pages/page-data.ts";
import { suggestedText } from "../../locales/suggested.ts";
import { dateName, lastMs } from "../../ui/format.ts";
import { Price } from "../../ui/parts.tsx";
import { goodsPath } from "../../client/paths.ts";
import { GoodsPicture } from "./goods-picture.tsx";

function Row(props: { title: string; why: string; goods: readonly GoodsCardView[] }): JSX.Element {
  const { title, why, goods } = props;
  return (
    <section class="sg">
      <div class="h-sec">
        <h2>{title}</h2>
        <p class="small sec sg-why">{why}</p>
      </div>
      <ul class="sg-row">
        {goods.map((card) => (
          <li key={card.goodsId}>
            <a href={goodsPath(card.goodsId)}>
              <span style={{ background: card.groundColor }}>
                <GoodsPicture picture={card.picture} size={272} sizes="136px" />
              </span>
              <b>{card.title}</b>
              <span class="sg-price">
                <Price points={card.memberPoints} cashFen={card.priceFen} />
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface SuggestedProps {
  readonly suggestions: HomeSuggestions | null;
  readonly locale: Locale;
  readonly nowMs: number;
  /** Goods a reason; all there are when it is left out. */
  readonly max?: number;
}

/** What lapsing points alone can pay, and until when they do. */
export function Expiring({ suggestions, locale, nowMs, max }: SuggestedProps): JSX.Element | null {
  const found = suggestions?.expiring ?? null;
  if (found === null) return null;
  const words = suggestedText(locale);
  const day = dateName(locale, lastMs(found.expiresAtMs), nowMs);
  return (
    <Row
      title={words.expiring}
      why={words.expiringWhy(found.points, day)}
      goods={found.goods.slice(0, max)}
    />
  );
}

/** More of what the member has redeemed before, and what that was. */
export function Because({ suggestions, locale, max }: SuggestedProps): JSX.Element | null {
  const found = suggestions?.because ?? null;
  if (found === null) return null;
  const words = suggestedText(locale);
  return (
    <Row
      title={words.because}
      why={words.becauseWhy(found.title)}
      goods={found.goods.slice(0, max)}
    />
  );
}
