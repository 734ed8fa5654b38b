import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { createDeliveryApi } from "../../client/delivery-api.ts";
import { copyText } from "../../client/share.ts";
import { deliveryText } from "../../locales/delivery.ts";
import { lastMs } from "../../ui/format.ts";
import { Badge } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";
import { isInDispute } from "../order/order-words.ts";
import { useVisit } from "../voucher/visit.ts";
import type { PartProps } from "./delivery-block.tsx";

export function TopUp({ view, order, locale, take }: PartProps): JSX.Element | null {
  const words = deliveryText(locale).block;
  const [account, setAccount] = useState("");
  const [hasFailed, setFailed] = useState(false);
  const isEmpty = view.account === null && view.topUp === null && view.needs === null;
  if (view.goodsKind !== "virtual" || isEmpty) return null;
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await createDeliveryApi({ locale }).setAccount(order.orderId, account);
    setFailed(!take(answer));
  };
  return (
    <section class="card dl-block">
      <h2>{words.topUp}</h2>
      {view.account !== null && <p class="num">{view.account}</p>}
      {view.topUp && <p role="status">{words.topUpState[view.topUp.state]}</p>}
      {view.needs === "account" && (
        <form class="dl-form" onSubmit={(event) => void send(event)}>
          <p class="dl-ask small">{words.needsAccount}</p>
          <input
            class="dl-in"
            type="tel"
            inputMode="tel"
            autocomplete="tel"
            aria-label={words.account}
            placeholder={words.account}
            maxLength={20}
            value={account}
            onInput={(event) => setAccount(event.currentTarget.value)}
          />
          <p class="note danger" role="alert">
            {hasFailed ? deliveryText(locale).addresses.wrong.phone : ""}
          </p>
          <button type="submit" class="btn primary block" aria-disabled={account === ""}>
            {words.topUp}
          </button>
        </form>
      )}
    </section>
  );
}

type Voucher = PartProps["view"]["vouchers"][number];

/** When its member is expected, where that is still ahead. */
function Visit({
  voucher,
  nowMs,
  locale,
}: Pick<PartProps, "nowMs" | "locale"> & { voucher: Voucher }) {
  const { store, when } = useVisit(voucher, nowMs);
  const isAhead = voucher.state === "live" && (voucher.bookedUntilMs ?? 0) > nowMs;
  if (!isAhead) return null;
  return (
    <b class="note">
      <br />
      {deliveryText(locale).voucher.booked(store, when)}
    </b>
  );
}

export function Vouchers({ view, order, locale, nowMs }: PartProps): JSX.Element | null {
  const words = deliveryText(locale).block;
  const t = useText();
  if (view.vouchers.length === 0) return null;
  return (
    <section class="card dl-block">
      <h2>{words.vouchers}</h2>
      {view.vouchers.map((one) => (
        <div key={one.voucherId} class="dl-parcel dl-row">
          <span>
            {words.left(one.usesLeft, one.usesTotal)}
            <Visit voucher={one} nowMs={nowMs} locale={locale} />
            <span class="note mute">
              <br />
              {words.until(t.common.date(lastMs(one.expiresAtMs), nowMs))}
            </span>
          </span>
          {one.state === "live" && isInDispute(order) ? (
            <Badge tone="plain">{words.inDispute}</Badge>
          ) : one.state === "live" ? (
            <a class="btn primary sm" href={`/vouchers/${encodeURIComponent(one.voucherId)}`}>
              {words.showCode}
            </a>
          ) : (
            <Badge tone={one.state === "used_up" ? "ok" : "plain"}>
              {words.voucherState[one.state]}
            </Badge>
          )}
        </div>
      ))}
      {view.takesBookings && <p class="small sec">{words.bookFirst}</p>}
    </section>
  );
}

function CodeRow({ code, copy, copied }: { code: string; copy: string; copied: string }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <li>
      <code>{code}</code>
      <button type="button" class="btn line sm" onClick={() => void copyText(code).then(setCopied)}>
        <span role="status">{isCopied ? copied : copy}</span>
      </button>
    </li>
  );
}

/** Shown when asked for and gone with the page: nothing of it is kept on the phone. */
export function Codes({ view, order, locale }: PartProps): JSX.Element | null {
  const words = deliveryText(locale).block;
  const [codes, setCodes] = useState<readonly string[]>([]);
  const [looks, setLooks] = useState(view.codes.looks);
  const [hasFailed, setFailed] = useState(false);
  if (!view.codes.isIssued) return null;
  const reveal = async (): Promise<void> => {
    const api = createDeliveryApi({ locale });
    const first = looks === 0 ? await api.reveal(order.orderId, "") : null;
    // Another phone of the same member may have looked meanwhile.
    const answer = first?.ok ? first : await api.reveal(order.orderId, words.againReason);
    setFailed(!answer.ok);
    if (!answer.ok) return;
    setCodes(answer.value.codes);
    setLooks(looks + 1);
  };
  return (
    <section class="card dl-block">
      <h2>{words.codes}</h2>
      {codes.length > 0 ? (
        <ul class="dl-codes">
          {codes.map((code) => (
            <CodeRow key={code} code={code} copy={words.copyCode} copied={words.copied} />
          ))}
        </ul>
      ) : (
        <>
          <p class="small sec">{words.codesHint}</p>
          <button type="button" class="btn primary block" onClick={() => void reveal()}>
            {looks === 0 ? words.reveal : words.again}
          </button>
        </>
      )}
      {looks > 0 && <p class="note mute">{words.looks(looks)}</p>}
      <p class="note danger" role="alert">
        {hasFailed ? words.failed : ""}
      </p>
    </section>
  );
}

const STARS = [1, 2, 3, 4, 5] as const;

export function Rating({ view, order, locale, take }: PartProps): JSX.Element | null {
  const words = deliveryText(locale).block;
  const [stars, setStars] = useState(5);
  const [comment, setComment] = useState("");
  if (view.rating) {
    return (
      <section class="card dl-block">
        <h2>{words.rated}</h2>
        <p>
          {words.stars(view.rating.stars)} {view.rating.comment}
        </p>
        {view.rating.state === "waiting" && <p class="note mute">{words.waiting}</p>}
      </section>
    );
  }
  if (!view.mayRate) return null;
  return (
    <section class="card dl-block">
      <h2>{words.rating}</h2>
      <div class="dl-stars" role="group" aria-label={words.rating}>
        {STARS.map((at) => (
          <button
            key={at}
            type="button"
            aria-label={words.stars(at)}
            aria-pressed={at <= stars}
            onClick={() => setStars(at)}
          >
            ★
          </button>
        ))}
      </div>
      <textarea
        class="dl-in"
        rows={3}
        maxLength={300}
        aria-label={words.comment}
        placeholder={words.comment}
        value={comment}
        onInput={(event) => setComment(event.currentTarget.value)}
      />
      <button
        type="button"
        class="btn quiet block"
        onClick={() => {
          const api = createDeliveryApi({ locale });
          void api.rate(order.orderId, stars, comment.trim()).then(take);
        }}
      >
        {words.rate}
      </button>
    </section>
  );
}
