import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { AfterSaleQuoteView } from "../../../worker/after-sales/wire.ts";
import { callerOf } from "../../client/api.ts";
import { newOrderId } from "../../client/order-id.ts";
import { orderText } from "../../locales/order.ts";
import type { OrderText } from "../../locales/order.zh-CN.ts";
import { Dialog, DialogChoice } from "../../ui/dialog.tsx";
import { yuan } from "../../ui/format.ts";
import { localeOf, useText } from "../../ui/text.tsx";
import { Evidence, EvidenceField } from "./evidence.tsx";

export interface AfterSaleProps {
  order: OrderView;
  nowMs: number;
  onChange: (order: OrderView) => void;
}

type Case = OrderView["afterSales"][number];
type Kind = Case["kind"];

const pathOf = (order: OrderView): string =>
  `/api/v1/orders/${encodeURIComponent(order.orderId)}/after-sales`;

function kindsOf({ state, goodsKind }: OrderView): readonly Kind[] {
  const isDelivered = state === "shipped" || state === "received";
  return isDelivered && goodsKind === "physical" ? ["return", "refund", "exchange"] : ["refund"];
}

/** What the member asked for, and what they can do about it. */
export function AfterSales(props: AfterSaleProps): JSX.Element | null {
  const { order, nowMs } = props;
  const t = useText();
  const words = orderText(localeOf(t)).afterSale;
  const [isOpen, setOpen] = useState(false);
  const mayAsk = order.unitsToReturn > 0 && !(order.canCancel && order.quantity === 1);
  if (!mayAsk && order.afterSales.length === 0) return null;
  return (
    <section class="card aft">
      <h2>{words.title}</h2>
      {order.afterSales.map((one) => (
        <CaseRow key={one.caseId} {...props} one={one} />
      ))}
      {mayAsk && (
        <button type="button" class="btn line block" onClick={() => setOpen(true)}>
          {words.ask}
        </button>
      )}
      {mayAsk && order.state === "received" && order.dueAtMs !== null && (
        <p class="note mute">{words.until(t.common.dateTime(order.dueAtMs, nowMs))}</p>
      )}
      {isOpen && <AskDialog {...props} words={words} onClose={() => setOpen(false)} />}
    </section>
  );
}

const DECISIONS = new Set([
  "agree",
  "agree_refund",
  "refuse",
  "take_back",
  "refuse_goods",
  "replace",
]);

/** The merchant's words beside what they decided last: where to send the goods, why not, what is on its way. */
function saidBy({ history }: Case): string {
  const decided = history.filter(({ step }) => DECISIONS.has(step));
  return decided[decided.length - 1]?.note ?? "";
}

const moneyOf = (fen: number): string => (fen === 0 ? "" : yuan(fen, "full"));

/** Whether what a case names came back, will, or was only asked for. */
function givesIn({ state, isTakingBack }: Case): "asked" | "due" | "done" {
  if (state === "done") return "done";
  if (isTakingBack) return "due";
  return state === "agreed" || state === "sent_back" || state === "refunding" ? "due" : "asked";
}

/** What was asked for and why, what comes of it, and what its two sides said. */
function CaseFacts({ order, one, nowMs }: Omit<AfterSaleProps, "onChange"> & { one: Case }) {
  const t = useText();
  const words = orderText(localeOf(t)).afterSale;
  const note = saidBy(one);
  const said = words.bySilence[note] ?? words.said(note);
  const isExchange = one.kind === "exchange";
  const next = (isExchange ? words.nextOfExchange[one.state] : undefined) ?? words.next[one.state];
  return (
    <>
      <p>
        <b>{words.kinds[one.kind]}</b> {order.quantity > 1 && `${words.units(one.quantity)} `}
        <span class="badge">
          {one.isTakingBack ? words.takingBack.state : words.states[one.state]}
        </span>
      </p>
      <p class="note sec">{one.reason}</p>
      <p class="note sec">
        {isExchange
          ? words.exchanging(one.quantity)
          : words.gives(one.points, moneyOf(one.cashFen), givesIn(one))}
        {one.dueAtMs !== null && ` · ${words.before(t.common.dateTime(one.dueAtMs, nowMs))}`}
      </p>
      {one.trackingNo !== "" && (
        <p class="note sec">
          {words.tracking} <span class="num">{one.trackingNo}</span>
        </p>
      )}
      {note !== "" && <p class="small">{said}</p>}
      <p class="small sec">{one.isTakingBack ? words.takingBack.next : next}</p>
    </>
  );
}

function CaseRow({ order, one, nowMs, onChange }: AfterSaleProps & { one: Case }): JSX.Element {
  const locale = localeOf(useText());
  const words = orderText(locale).afterSale;
  const [trackingNo, setTrackingNo] = useState("");
  const isBlank = trackingNo.trim() === "";
  const [failed, setFailed] = useState(false);
  const send = async (step: "withdraw" | "send-back"): Promise<void> => {
    const path = `${pathOf(order)}/${encodeURIComponent(one.caseId)}/${step}`;
    const answer = await callerOf({ locale })<OrderView>("POST", path, { trackingNo });
    setFailed(!answer.ok);
    if (answer.ok) onChange(answer.value);
  };
  const mayWithdraw = (one.state === "applied" || one.state === "agreed") && !one.isTakingBack;
  return (
    <div class="aft-case">
      <CaseFacts order={order} one={one} nowMs={nowMs} />
      <Evidence orderId={order.orderId} names={one.evidence} words={words} />
      {one.state === "agreed" && (
        <div class="aft-send">
          <input
            class="in"
            value={trackingNo}
            maxLength={40}
            aria-label={words.tracking}
            placeholder={words.tracking}
            onInput={(event) => setTrackingNo(event.currentTarget.value)}
          />
          <button
            type="button"
            class="btn primary sm"
            aria-disabled={isBlank}
            onClick={() => {
              if (!isBlank) void send("send-back");
            }}
          >
            {words.sent}
          </button>
        </div>
      )}
      {mayWithdraw && (
        <button type="button" class="btn quiet sm" onClick={() => void send("withdraw")}>
          {words.withdraw}
        </button>
      )}
      <p class="note warn" role="status">
        {failed && words.failed}
      </p>
    </div>
  );
}

interface AskProps extends AfterSaleProps {
  words: OrderText["afterSale"];
  onClose: () => void;
}

interface Wish {
  readonly kind: Kind;
  readonly quantity: number;
  readonly reason: number;
  readonly note: string;
  readonly evidence: readonly string[];
}

interface AskFieldsProps {
  order: OrderView;
  words: OrderText["afterSale"];
  wish: Wish;
  onWish: (change: Partial<Wish>) => void;
}

function AskFields({ order, words, wish, onWish }: AskFieldsProps): JSX.Element {
  const most = order.unitsToReturn;
  const mayBePart = most > 1 && order.goodsKind === "physical";
  return (
    <>
      <label>
        {words.kind}
        <select
          class="in"
          value={wish.kind}
          onInput={(e) => onWish({ kind: e.currentTarget.value as Kind })}
        >
          {kindsOf(order).map((one) => (
            <option key={one} value={one}>
              {words.kinds[one]}
            </option>
          ))}
        </select>
      </label>
      {mayBePart && (
        <label>
          {words.quantity}
          <input
            class="in num"
            type="number"
            min={1}
            max={most}
            value={wish.quantity}
            onInput={(e) => {
              const asked = Number(e.currentTarget.value) || 1;
              onWish({ quantity: Math.min(most, Math.max(1, asked)) });
            }}
          />
        </label>
      )}
      <label>
        {words.reason}
        <select
          class="in"
          value={wish.reason}
          onInput={(e) => onWish({ reason: Number(e.currentTarget.value) })}
        >
          {words.reasons.map((one, at) => (
            <option key={one} value={at}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.note}
        <textarea
          class="in"
          rows={3}
          maxLength={500}
          placeholder={words.noteHint}
          value={wish.note}
          onInput={(e) => onWish({ note: e.currentTarget.value })}
        />
      </label>
      <EvidenceField
        orderId={order.orderId}
        names={wish.evidence}
        words={words}
        onNames={(evidence) => onWish({ evidence })}
      />
    </>
  );
}

/** What so many units would bring back, as the authority says it now. */
function useQuote(path: string, locale: string, quantity: number): AfterSaleQuoteView | null {
  const [quote, setQuote] = useState<AfterSaleQuoteView | null>(null);
  useEffect(() => {
    setQuote(null);
    const ask = callerOf({ locale });
    void ask<AfterSaleQuoteView>("GET", `${path}/quote?quantity=${quantity}`).then((answer) => {
      if (answer.ok) setQuote(answer.value);
    });
  }, [locale, path, quantity]);
  return quote;
}

function AskDialog({ order, onChange, onClose, words }: AskProps): JSX.Element {
  const locale = localeOf(useText());
  const path = pathOf(order);
  const [wish, setWish] = useState<Wish>(() => ({
    ...{ kind: kindsOf(order)[0] ?? "refund", reason: 0, note: "", evidence: [] },
    // Codes and vouchers go back with their whole order.
    quantity: order.goodsKind === "physical" ? 1 : order.unitsToReturn,
  }));
  const quote = useQuote(path, locale, wish.quantity);
  const [state, setState] = useState<"no" | "sent" | "failed">("no");
  const [caseId] = useState(newOrderId);
  const submit = async (): Promise<void> => {
    setState("sent");
    const body = { ...wish, caseId, reason: words.reasons[wish.reason] };
    const answer = await callerOf({ locale })<OrderView>("POST", path, body);
    if (!answer.ok) return setState("failed");
    onChange(answer.value);
    onClose();
  };
  const effect =
    wish.kind === "exchange"
      ? words.exchanging(wish.quantity)
      : quote === null
        ? words.reading
        : words.effect({
            ...{ points: quote.returned, lost: quote.forfeited, offset: quote.offsetPoints },
            ...{ cash: moneyOf(quote.providerFen), stored: moneyOf(quote.storedFen) },
          });
  return (
    <Dialog title={words.ask} onClose={onClose}>
      <div class="aft-form">
        <AskFields
          {...{ order, words, wish }}
          onWish={(some) => setWish((old) => ({ ...old, ...some }))}
        />
        {order.uses && <p class="small">{words.unused(order.uses.left, order.uses.total)}</p>}
        <p class="small" role="status">
          {effect}
        </p>
        {state === "failed" && <p class="note warn">{words.failed}</p>}
      </div>
      <DialogChoice
        {...{ keep: words.keep, onKeep: onClose, act: words.submit, isBusy: state === "sent" }}
        onAct={() => void submit()}
      />
    </Dialog>
  );
}
