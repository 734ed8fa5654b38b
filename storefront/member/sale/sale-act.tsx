import type { JSX } from "preact";
import { loginPath, orderPath, salePath } from "../../client/paths.ts";
import { useStored } from "../../client/store.ts";
import type { Text } from "../../locales/zh-CN.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import {
  alert,
  check,
  clock,
  coin,
  download,
  orders,
  share,
  undo,
  users,
  x,
} from "../../ui/icons.ts";
import { sentence, useText } from "../../ui/text.tsx";
import { GrabButton } from "./grab-button.tsx";
import { grabState, type GrabAction, type GrabState } from "./grab-state.ts";
import type { SaleController } from "./sale-controller.ts";
import {
  grabInputOf,
  initialModel,
  type Message,
  type SaleData,
  type SaleModel,
} from "./sale-model.ts";

/** Drawn by the bar, the toast and the card above them: the bar is live first, so it brings them. */
const ICONS = { alert, check, clock, coin, download, orders, share, undo, users, x };

const TOAST_ICONS: Partial<Record<Message["key"], string>> = {
  notOpen: "clock",
  priceChanged: "info",
  exchanged: "check",
  forgone: "undo",
  queueTimedOut: "users",
  offline: "alert",
  noAnswer: "alert",
  fault: "alert",
  linkCopied: "check",
  extended: "clock",
  restocked: "check",
  copied: "check",
};

function Toast({
  model,
  controller,
}: {
  model: SaleModel;
  controller: SaleController | null;
}): JSX.Element {
  const t = useText();
  const { toast } = model;
  const message = toast?.message ?? null;
  const text =
    message === null
      ? null
      : (t.toast[message.key] as (figures: Message) => { title: string; body: string })(message);
  return (
    <div
      role="status"
      onFocusCapture={() => controller?.holdToast()}
      onBlurCapture={() => controller?.releaseToast()}
    >
      {text !== null && message !== null && (
        <div class="toast" key={toast?.id}>
          <Icon name={TOAST_ICONS[message.key] ?? "alert"} />
          <div>
            <b>{text.title}</b>
            {text.body}
          </div>
          {message.key === "mismatch" && <a href={orderPath(message.orderId)}>{t.toastOrder}</a>}
        </div>
      )}
    </div>
  );
}

/** The verdict in one breath, for those who listen; spoken when it changes, and only then. */
function verdictText(model: SaleModel, grab: GrabState, t: Text): string {
  const { verdict, sale } = model;
  if (verdict === null || model.attempt !== null) return "";
  const won = sale.kind === "standing" ? t.verdict.wonStanding : t.verdict.won;
  if (verdict.kind === "granted") return t.common.sentences(won, sentence(t.grab.sub, grab.sub));
  if (verdict.code === "sold_out")
    return t.common.sentences(t.verdict.missed, t.verdict.gone(sale.units));
  return t.common.sentences(sentence(t.grab.label, grab.label), sentence(t.grab.sub, grab.sub));
}

function follow(action: GrabAction, model: SaleModel): void {
  const { verdict, sale } = model;
  if (action === "login") location.assign(loginPath(salePath(sale.saleId)));
  if (action === "order" && verdict !== null) location.assign(orderPath(verdict.orderId));
  if (action === "orders") location.assign("/orders");
  if (action === "points") location.assign("/points");
  if (action === "home") location.assign("/");
}

/** The bar with the one button, what it says aloud, and the toast: the part of the page that must be live first. */
export function SaleAct({
  data,
  controller,
}: {
  data: SaleData;
  controller: SaleController | null;
}): JSX.Element {
  const t = useText();
  const model = useStored(controller?.model ?? null, initialModel(data));
  const grab = grabState(grabInputOf(model));

  const act = (): void => {
    if (controller !== null) follow(controller.tap(), controller.model.get());
  };
  const shareIt = (): void => {
    // What it needs is fetched by the tap; the bar need not carry it to be live.
    void import("./share-sale.ts").then((then) => then.shareSale(data, model, controller));
  };

  return (
    <>
      <Sprite icons={ICONS} />
      <p class="sr" aria-live="polite">
        {model.polite === null ? "" : sentence(t.say, model.polite)}
      </p>
      <p class="sr" aria-live="assertive">
        {verdictText(model, grab, t)}
      </p>
      <Toast model={model} controller={controller} />
      <div class="actbar">
        <div class="actbar-in">
          <button type="button" class="tool" aria-label={t.share} onClick={shareIt}>
            <Icon name="share" size={22} />
            <span>{t.share}</span>
          </button>
          <GrabButton grab={grab} onAct={act} />
        </div>
      </div>
    </>
  );
}
