import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { goodsPath, loginPath } from "../../client/paths.ts";
import { suggestedText } from "../../locales/suggested.ts";
import { goodsText, type GoodsText } from "../../locales/goods.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import {
  alert,
  box,
  check,
  download,
  info,
  left,
  lock,
  minus,
  plus,
  share,
  store,
  ticket,
  truck,
  users,
  x,
} from "../../ui/icons.ts";
import { Figured, LanguageSwitch } from "../../ui/parts.tsx";
import { ConfirmSheet } from "./confirm-sheet.tsx";
import { About, Facts, Gallery, Specs, Terms } from "./detail-parts.tsx";
import { GoodsCard } from "./goods-card.tsx";
import { fullLimit, limitSentence, type Sku } from "./goods-model.ts";
import { Rated } from "./rated.tsx";
import { Because, Expiring } from "./suggested.tsx";
import { useGoods, type GoodsData, type GoodsPageState } from "./use-goods.ts";

export type { GoodsData };

const ICONS = {
  ...{ alert, box, check, download, info, left, lock, minus, plus, share, store, ticket, truck },
  ...{ users, x },
};
const MORE_SHOWN = 4;

/** Why the button does nothing now, in a sentence; null: it redeems. */
function blockedBy(
  state: GoodsPageState,
  sku: Sku | null,
  words: GoodsText,
): { label: string; why: string } | null {
  const { goods } = state;
  if (sku === null || sku.saleId === null || sku.status === "paused")
    return { label: words.detail.paused, why: words.refusal.not_open };
  if (sku.remaining === 0) return { label: words.detail.soldOut, why: "" };
  const unmet = goods.mine?.unmet ?? null;
  if (unmet !== null) return { label: words.card.forSome, why: words.detail.unmet[unmet] };
  const full = fullLimit(goods);
  return full === null ? null : { label: words.detail.limits, why: limitSentence(full, words) };
}

function ActionBar({
  data,
  state,
  words,
  onOpen,
}: {
  data: GoodsData;
  state: GoodsPageState;
  words: GoodsText;
  onOpen: () => void;
}): JSX.Element {
  const { goods, sku } = state;
  const blocked = blockedBy(state, sku, words);
  const gap = state.active === null || sku === null ? 0 : sku.memberPoints - state.active;
  const price = words.detail.redeemSub(sku?.memberPoints ?? 0, sku?.priceFen ?? 0);
  return (
    <section class="gd-bar" aria-label={words.detail.redeem}>
      <div class="gd-bar-l">
        <p class="small" role="status">
          {sku !== null && sku.remaining > 0 ? (
            <Figured text={words.detail.left(sku.remaining)} />
          ) : (
            words.detail.soldOut
          )}
        </p>
        {sku !== null && sku.values.length > 0 && <p class="note mute">{sku.values.join(" · ")}</p>}
      </div>
      {data.me === null ? (
        <a class="gd-go" href={loginPath(goodsPath(goods.goodsId))}>
          <b>{words.detail.login}</b> <span>{words.detail.loginSub}</span>
        </a>
      ) : blocked !== null ? (
        <p class="gd-go off" role="status">
          <b>{blocked.label}</b> {blocked.why !== "" && <span>{blocked.why}</span>}
        </p>
      ) : gap > 0 ? (
        <a class="gd-go line" href="/points">
          <b>{words.detail.earn}</b> <span>{words.detail.short(gap)}</span>
        </a>
      ) : (
        <button type="button" class="gd-go" onClick={onOpen}>
          <b>{words.detail.redeem}</b> <span>{price}</span>
        </button>
      )}
    </section>
  );
}

/** What else the points reach, each time with the reason; what lapses soon comes first. */
function More({ data, words }: { data: GoodsData; words: GoodsText }): JSX.Element | null {
  const { suggestions, goods, me, locale, serverTimeMs: nowMs } = data;
  if (suggestions === null) return null;
  const { expiring, because, affordable, active } = suggestions;
  if (expiring !== null || because !== null) {
    const suggested = { suggestions, locale, nowMs };
    return (
      <>
        <Expiring {...suggested} />
        <Because {...suggested} />
      </>
    );
  }
  const cards = affordable.filter(({ goodsId }) => goodsId !== goods.goodsId).slice(0, MORE_SHOWN);
  if (cards.length === 0) return null;
  return (
    <section>
      <div class="h-sec">
        <h2>{words.detail.more}</h2>
        <span class="small sec">{suggestedText(locale).affordableWhy(active)}</span>
      </div>
      <div class="grid2">
        {cards.map((card) => (
          <GoodsCard
            key={card.goodsId}
            card={card}
            active={me?.points.active ?? null}
            words={words}
          />
        ))}
      </div>
    </section>
  );
}

export function GoodsPage({ data }: { data: GoodsData }): JSX.Element {
  const words = goodsText(data.locale);
  const state = useGoods(data);
  const [isOpen, setOpen] = useState(false);
  const { goods, sku, redeem } = state;
  // After a reload in the middle of a redemption the sheet is where its outcome is told.
  const isShown = (isOpen || redeem.kind !== "idle") && sku !== null && data.me !== null;
  const close = (): void => {
    setOpen(false);
    state.settle();
  };
  return (
    <div class="page gd">
      <Sprite icons={ICONS} />
      <header class="sub gd-top">
        <a href="/g" aria-label={words.detail.back}>
          <Icon name="left" size={22} />
        </a>
        <span class="gd-name">{words.detail.title}</span>
        {data.sharesPoster && (
          <button
            type="button"
            aria-label={words.detail.share}
            onClick={() =>
              void import("../poster/poster-sheet.tsx").then(({ shareGoods }) =>
                shareGoods(data, goods),
              )
            }
          >
            <Icon name="share" size={22} />
          </button>
        )}
      </header>
      <main>
        <Gallery goods={goods} sku={sku} words={words} />
        <Facts goods={goods} sku={sku} words={words} />
        {(state.isChanged || state.isOffline) && (
          <p class="gd-news small" role="status">
            <Icon name="info" size={16} />
            {state.isOffline ? words.detail.offline : words.detail.changed}
          </p>
        )}
        <Specs goods={goods} sku={sku} words={words} onChoose={state.choose} />
        <Terms goods={goods} words={words} locale={data.locale} />
        <About goods={goods} words={words} />
        {sku !== null && <Rated skuId={sku.skuId} locale={data.locale} nowMs={data.serverTimeMs} />}
        <More data={data} words={words} />
        <LanguageSwitch />
      </main>
      <ActionBar
        data={data}
        state={state}
        words={words}
        onOpen={() => !data.isPreview && setOpen(true)}
      />
      {isShown && data.me !== null && sku !== null && (
        <ConfirmSheet data={data} sku={sku} state={state} words={words} onClose={close} />
      )}
    </div>
  );
}
