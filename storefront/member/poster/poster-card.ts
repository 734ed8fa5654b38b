/** What the picture to share says of a sale, of goods, of an invitation. Pure. */
import type { GoodsDetailView } from "../../../worker/catalog/wire.ts";
import type { InvitesView } from "../../../worker/pages/wire.ts";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import type { PosterText } from "../../locales/poster.zh-CN.ts";
import { count } from "../../ui/format.ts";

/** The list price, because who reads it has another tier than who sends it. */
interface GoodsFace {
  readonly kind: "goods";
  readonly picture: string | null;
  readonly groundColor: string;
  readonly subtitle: string;
  readonly points: string;
  readonly unit: string;
  /** Cash beside the points, or that other sizes cost more. */
  readonly beside: string;
  readonly market: string;
  /** When, and how many; empty when there is nothing to say. */
  readonly badge: string;
}

interface InviteFace {
  readonly kind: "invite";
  readonly head: string;
  readonly gift: string;
  /** Empty: a friend gets nothing. */
  readonly points: string;
  readonly unit: string;
  readonly act: string;
  readonly code: string;
}

export interface PosterCard {
  /** Whole, as the code carries it. */
  readonly url: string;
  readonly title: string;
  readonly scan: string;
  /** What the reader does there. */
  readonly call: string;
  readonly face: GoodsFace | InviteFace;
}

export function saleCard(
  sale: SaleView,
  url: string,
  nowMs: number,
  words: PosterText,
): PosterCard {
  const isFlash = sale.kind === "flash";
  const isAhead = nowMs < sale.opensAtMs;
  const isOver = sale.status === "closed" || nowMs >= sale.closesAtMs;
  const when = isAhead ? words.opens(sale.opensAtMs, nowMs) : words.until(sale.closesAtMs, nowMs);
  return {
    ...{ url, title: sale.title, scan: words.scan },
    call: !isFlash || isOver ? words.toGoods : isAhead ? words.toSale : words.toRunning,
    face: {
      ...{ kind: "goods", picture: sale.picture, groundColor: sale.groundColor },
      ...{ subtitle: sale.subtitle, points: count(sale.pricePoints), unit: words.unit },
      beside: sale.priceFen > 0 ? words.cash(sale.priceFen) : "",
      market: sale.marketPriceFen === null ? "" : words.market(sale.marketPriceFen),
      badge: isFlash && !isOver ? `${when} · ${words.units(sale.units)}` : "",
    },
  };
}

export function goodsCard(goods: GoodsDetailView, url: string, words: PosterText): PosterCard {
  return {
    ...{ url, title: goods.title, scan: words.scan, call: words.toGoods },
    face: {
      ...{ kind: "goods", picture: goods.picture?.path ?? null, groundColor: goods.groundColor },
      ...{ subtitle: goods.subtitle, points: count(goods.pricePoints), unit: words.unit },
      beside: [
        goods.priceFen > 0 ? words.cash(goods.priceFen) : "",
        goods.hasPrices ? words.from : "",
      ]
        .filter(Boolean)
        .join(" "),
      market: goods.marketPriceFen === null ? "" : words.market(goods.marketPriceFen),
      badge: "",
    },
  };
}

/** Says what a new member gets, and never that the sender is paid: that would be what WeChat calls induced sharing. */
export function inviteCard(invites: InvitesView, name: string, words: PosterText): PosterCard {
  const { inviteePoints } = invites.rules;
  return {
    ...{ url: invites.link, title: name, scan: words.scan, call: words.toInvite },
    face: {
      ...{ kind: "invite", head: words.inviteHead },
      ...(inviteePoints > 0
        ? { gift: words.inviteGift, points: count(inviteePoints), act: words.inviteAct }
        : { gift: "", points: "", act: "" }),
      ...{ unit: words.unit, code: words.inviteCode(invites.code) },
    },
  };
}
