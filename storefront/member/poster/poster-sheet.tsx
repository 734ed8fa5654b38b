import { render, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { GoodsDetailView } from "../../../worker/catalog/wire.ts";
import type { PageBase } from "../../../worker/pages/page-data.ts";
import type { InvitesView } from "../../../worker/pages/wire.ts";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import { goodsPath, salePath } from "../../client/paths.ts";
import { shareOrCopy } from "../../client/share-sheet.ts";
import { posterText, type PosterText } from "../../locales/poster.ts";
import { Icon } from "../../ui/icon.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import sheetCss from "../../ui/sheet.css?inline";
import { drawPoster } from "./draw.ts";
import posterCss from "./poster.css?inline";
import { goodsCard, inviteCard, saleCard, type PosterCard } from "./poster-card.ts";

/** `undefined` while it is drawn, null when it cannot be. */
type Drawn = string | null | undefined;

function Picture({
  drawn,
  title,
  words,
}: {
  drawn: Drawn;
  title: string;
  words: PosterText;
}): JSX.Element {
  if (typeof drawn === "string") {
    return (
      <>
        <img class="poster" src={drawn} alt={words.alt(title)} />
        <p class="small sec poster-hold">{words.hold}</p>
      </>
    );
  }
  return (
    <p class="poster-wait small sec" role="status">
      {drawn === null ? words.failed : words.drawing}
    </p>
  );
}

/** WeChat's web view saves by a long press and knows no downloads. */
const canDownload = (): boolean => !/MicroMessenger\//.test(navigator.userAgent);

function PosterSheet(props: {
  base: PageBase;
  card: PosterCard;
  onClose: () => void;
}): JSX.Element {
  const { base, card, onClose } = props;
  const words = posterText(base.locale);
  const [drawn, setDrawn] = useState<Drawn>(undefined);
  const [said, setSaid] = useState("");
  useEffect(() => {
    drawPoster(card, base.programme).then(setDrawn, () => setDrawn(null));
  }, [card, base]);
  const forward = async (): Promise<void> => {
    const done = await shareOrCopy({ title: document.title, url: card.url });
    setSaid(done === "copied" ? words.copied : done === "failed" ? words.copyFailed(card.url) : "");
  };
  const canForward = typeof navigator.share === "function";
  return (
    <Sheet title={words.title} closeName={words.close} onClose={onClose}>
      <Picture drawn={drawn} title={card.title} words={words} />
      <div class="poster-acts">
        <button type="button" class="btn line" onClick={() => void forward()}>
          <Icon name="share" size={18} />
          {canForward ? words.forward : words.copyLink}
        </button>
        {typeof drawn === "string" && canDownload() && (
          <a class="btn primary" href={drawn} download={`${card.title.slice(0, 40)}.jpg`}>
            <Icon name="download" size={18} />
            {words.save}
          </a>
        )}
      </div>
      <p class="small sec poster-said" role="status">
        {said}
      </p>
    </Sheet>
  );
}

/** Over whatever page asks; that page draws the icons `x`, `share` and `download`. */
function openPoster(base: PageBase, card: PosterCard): void {
  if (document.getElementById("poster-css") === null) {
    const style = document.createElement("style");
    style.id = "poster-css";
    style.textContent = sheetCss + posterCss;
    document.head.append(style);
  }
  const place = document.createElement("div");
  document.body.append(place);
  const close = (): void => {
    render(null, place);
    place.remove();
  };
  render(<PosterSheet base={base} card={card} onClose={close} />, place);
}

const here = (path: string): string => new URL(path, location.href).href;

export function shareSale(base: PageBase, sale: SaleView, nowMs: number): void {
  openPoster(base, saleCard(sale, here(salePath(sale.saleId)), nowMs, posterText(base.locale)));
}

export function shareGoods(base: PageBase, goods: GoodsDetailView): void {
  openPoster(base, goodsCard(goods, here(goodsPath(goods.goodsId)), posterText(base.locale)));
}

export function shareInvite(base: PageBase, invites: InvitesView): void {
  openPoster(base, inviteCard(invites, base.programme.name, posterText(base.locale)));
}
