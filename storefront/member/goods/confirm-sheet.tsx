import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { WalletView } from "../../../worker/pages/wire.ts";
import { createApi } from "../../client/api.ts";
import { goodsPath, loginPath, orderPath } from "../../client/paths.ts";
import type { GoodsText } from "../../locales/goods.ts";
import { count, dateName, lastMs, yuan } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Figured, Price } from "../../ui/parts.tsx";
import { Sheet } from "../../ui/sheet.tsx";
import { createGoodsApi } from "./goods-api.ts";
import { GoodsPicture } from "./goods-picture.tsx";
import { quantityMax, refusalSentence, type Sku } from "./goods-model.ts";
import { lotsFor } from "./lots.ts";
import type { GoodsData, GoodsPageState } from "./use-goods.ts";

interface Props {
  data: GoodsData;
  sku: Sku;
  state: GoodsPageState;
  words: GoodsText;
  onClose: () => void;
}

function Stepper(props: {
  value: number;
  max: number;
  words: GoodsText;
  onChange: (value: number) => void;
}): JSX.Element {
  const { value, max, words, onChange } = props;
  return (
    <div class="step" role="group" aria-label={words.sheet.quantity}>
      <button
        type="button"
        aria-label={words.sheet.less}
        aria-disabled={value <= 1}
        onClick={() => value > 1 && onChange(value - 1)}
      >
        <Icon name="minus" size={20} />
      </button>
      <b class="num" aria-live="polite">
        {value}
      </b>
      <button
        type="button"
        aria-label={words.sheet.more}
        aria-disabled={value >= max}
        onClick={() => value < max && onChange(value + 1)}
      >
        <Icon name="plus" size={20} />
      </button>
    </div>
  );
}

/** Which points pay: those that lapse first. */
function Lots({
  wallet,
  known,
  price,
  data,
  words,
}: {
  /** Null: not here yet, while its place is kept. */
  wallet: WalletView | null;
  /** Points the member may use, by what the page knows. */
  known: number;
  price: number;
  data: GoodsData;
  words: GoodsText;
}): JSX.Element {
  const nowMs = data.serverTimeMs;
  const { active, held, parts } =
    wallet === null ? { active: known, held: 0, parts: [] } : lotsFor(wallet, price, nowMs);
  const day = (expiresAtMs: number): string => dateName(data.locale, lastMs(expiresAtMs), nowMs);
  return (
    <section class="cf-lots">
      <header>
        <b>{words.sheet.lots}</b>
        <span class="small sec nb">{words.sheet.active(active)}</span>
      </header>
      <span class="pg" aria-hidden="true">
        <i style={{ transform: `scaleX(${active > 0 ? Math.min(1, price / active) : 0})` }} />
      </span>
      <ul>
        {parts.map(({ expiresAtMs, points, taken }) => (
          <li key={expiresAtMs ?? 0}>
            <span>
              <Figured
                text={
                  expiresAtMs === null
                    ? words.sheet.lotLasting(points)
                    : words.sheet.lot(day(expiresAtMs), points)
                }
              />
            </span>
            <span class="num">{words.sheet.take(taken)}</span>
          </li>
        ))}
      </ul>
      {held > 0 && <p class="note mute">{words.sheet.held(held)}</p>}
    </section>
  );
}

function Sums({
  data,
  sku,
  quantity,
  words,
}: {
  data: GoodsData;
  sku: Sku;
  quantity: number;
  words: GoodsText;
}): JSX.Element {
  const off = (sku.pricePoints - sku.memberPoints) * quantity;
  const { freightFen } = data.goods;
  const lines: [string, string][] = [
    [words.sheet.goods, count(sku.pricePoints * quantity)],
    ...(off > 0
      ? ([[sku.discounts.join(" · ") || words.sheet.off, `−${count(off)}`]] as [string, string][])
      : []),
    ...(sku.priceFen > 0
      ? ([[words.sheet.cash, yuan(sku.priceFen * quantity, "full")]] as [string, string][])
      : []),
    ...(data.goods.kind === "physical"
      ? ([[words.sheet.freight, yuan(freightFen, "full")]] as [string, string][])
      : []),
  ];
  return (
    <dl class="cf-sums">
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="num">{value}</dd>
        </div>
      ))}
      <div class="cf-total">
        <dt>{words.sheet.total}</dt>
        <dd>
          <Price
            points={sku.memberPoints * quantity}
            cashFen={sku.priceFen * quantity + freightFen}
          />
        </dd>
      </div>
    </dl>
  );
}

/** Money that the granted order waits for now; 0: none, or it is due at the door. */
function useToPay(orderId: string | null, locale: GoodsData["locale"]): number {
  const [fen, setFen] = useState(0);
  useEffect(() => {
    if (orderId === null) return;
    void createApi({ locale })
      .order(orderId)
      .then((answer) => answer.ok && setFen(answer.value.pay?.amountFen ?? 0));
  }, [orderId, locale]);
  return fen;
}

/** The verdict in place of the sums; the words are there before anything moves. */
function Verdict(props: Props): JSX.Element | null {
  const { state, words, onClose, data } = props;
  const { redeem } = state;
  const toPayFen = useToPay(redeem.kind === "granted" ? redeem.orderId : null, data.locale);
  if (redeem.kind === "granted") {
    const next = toPayFen > 0 ? words.sheet.goPay(toPayFen) : words.sheet.seeOrder;
    return (
      <div class="cf-end" role="alert">
        <span class="sic ok">
          <Icon name="check" size={24} />
        </span>
        <h3>{words.sheet.granted}</h3>
        <p class="sec">
          <Figured text={words.sheet.grantedBody(redeem.points)} />
        </p>
        <a class="btn primary block" href={orderPath(redeem.orderId)}>
          {next}
        </a>
        <button type="button" class="btn quiet block" onClick={onClose}>
          {words.sheet.goOn}
        </button>
      </div>
    );
  }
  if (redeem.kind !== "refused") return null;
  const isSignedOut = redeem.problem.code === "unauthenticated";
  return (
    <div class="cf-no" role="alert">
      <Icon name="alert" size={18} />
      <p>
        {refusalSentence(redeem.problem, words)}{" "}
        {isSignedOut && (
          <a class="link" href={loginPath(goodsPath(data.goods.goodsId))}>
            {words.detail.login}
          </a>
        )}
      </p>
    </div>
  );
}

/** The goods in hand and how many of them. */
function GoodsLine({
  props,
  units,
  max,
  onUnits,
}: {
  props: Props;
  units: number;
  max: number;
  onUnits: (units: number) => void;
}): JSX.Element {
  const { sku, state, words } = props;
  const { goods } = state;
  return (
    <div class="cf-goods">
      <span class="cf-pic" style={{ background: goods.groundColor }}>
        <GoodsPicture picture={sku.picture ?? goods.picture} size={72} sizes="72px" />
      </span>
      <span>
        <b>{goods.title}</b>
        {sku.values.length > 0 && <span class="note mute">{sku.values.join(" · ")}</span>}
        <Price points={sku.memberPoints} cashFen={sku.priceFen} />
      </span>
      <Stepper value={units} max={max} words={words} onChange={onUnits} />
    </div>
  );
}

/** What is asked for, what pays it, and one button. */
export function ConfirmSheet(props: Props): JSX.Element {
  const { data, sku, state, words, onClose } = props;
  const { goods, redeem } = state;
  const [quantity, setQuantity] = useState(1);
  const [wallet, setWallet] = useState<WalletView | null>(null);
  useEffect(() => {
    void createGoodsApi(data.locale)
      .wallet()
      .then((answer) => answer.ok && setWallet(answer.value));
  }, [data.locale]);
  const max = Math.max(1, quantityMax(goods, sku));
  const units = Math.min(quantity, max);
  const price = sku.memberPoints * units;
  const cashFen = sku.priceFen * units + goods.freightFen;
  const active = wallet?.active ?? state.active ?? 0;
  const isBusy = redeem.kind === "sending" || redeem.kind === "inDoubt";
  const label =
    redeem.kind === "sending"
      ? words.sheet.sending
      : redeem.kind === "inDoubt"
        ? words.sheet.inDoubt
        : words.sheet.confirm(price);
  const sub = isBusy
    ? ""
    : cashFen > 0
      ? words.sheet.afterPay(cashFen)
      : words.sheet.after(Math.max(0, active - price));
  return (
    <Sheet
      title={redeem.kind === "granted" ? words.sheet.outcome : words.sheet.title}
      closeName={words.sheet.close}
      onClose={onClose}
    >
      {redeem.kind !== "granted" && (
        <>
          <GoodsLine props={props} units={units} max={max} onUnits={setQuantity} />
          {units >= max && max < goods.limits.perOrder && (
            <p class="note mute">{words.sheet.atMost(max)}</p>
          )}
          {price > 0 && (
            <Lots wallet={wallet} known={active} price={price} data={data} words={words} />
          )}
          <Sums data={{ ...data, goods }} sku={sku} quantity={units} words={words} />
        </>
      )}
      {state.isChanged && redeem.kind === "idle" && (
        <p class="cf-no" role="status">
          <Icon name="info" size={18} />
          {words.detail.changed}
        </p>
      )}
      <Verdict {...props} />
      {redeem.kind === "inDoubt" && <p class="note sec">{words.sheet.inDoubtBody}</p>}
      {redeem.kind !== "granted" && (
        <button
          type="button"
          class="gd-go block"
          aria-disabled={isBusy}
          onClick={() => !isBusy && state.confirm(units)}
        >
          <b>
            {isBusy && <span class="spin" aria-hidden="true" />}
            {label}
          </b>
          {sub !== "" && <span>{sub}</span>}
        </button>
      )}
    </Sheet>
  );
}
