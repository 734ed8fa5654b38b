import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { count, dateIso, lastMs, timeHms, yuan } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Dialog,
  Failed,
  Link,
  Loading,
  useConsole,
  useNames,
  useRead,
  useToast,
  useWords,
} from "../kit/index.ts";
import { givesOf } from "../finance/gives.ts";
import { FINANCE } from "../finance/words.ts";
import { deadlineOf } from "./deadline.ts";
import { RevealDialog } from "./reveal.tsx";
import { ShipDialog } from "./ship-dialog.tsx";
import { TONES } from "./tones.ts";
import { pathOf, type StaffOrder, type StaffOrderDetail } from "./types.ts";
import { WORDS, type OrderWords } from "./words.ts";

function Part({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="ord-part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Legs({ detail, words }: { detail: StaffOrderDetail; words: OrderWords }): JSX.Element {
  const { points, cash, freight } = detail.order.legs;
  const { tender } = detail.order;
  const rows: [string, string, string][] = [
    [words.points, count(points.points), points.state],
    [words.cash, yuan(cash.amountFen, "full"), cash.state],
  ];
  // What of the cash no provider carried.
  const tendered = tender?.state === "held" ? "held" : "paid";
  if (tender && tender.pointsFen > 0) {
    rows.push([words.offset(count(tender.points)), yuan(tender.pointsFen, "full"), tendered]);
  }
  if (tender && tender.storedFen > 0) {
    rows.push([words.stored, yuan(tender.storedFen, "full"), tendered]);
  }
  rows.push([
    words.freightLeg,
    yuan(freight.amountFen || detail.delivery.freightFen, "full"),
    freight.state,
  ]);
  return (
    <Part title={words.legs}>
      <ul class="ord-legs">
        {rows.map(([name, figure, state]) => (
          <li key={name}>
            <span>{name}</span>
            <b class="num">{figure}</b>
            <Badge>{words.legState[state] ?? state}</Badge>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Recipient(props: {
  detail: StaffOrderDetail;
  words: OrderWords;
  onReveal: (what: "address" | "code") => void;
}): JSX.Element | null {
  const { detail, words, onReveal } = props;
  const { may } = useConsole();
  const names = useNames();
  const { recipient, account, needs, codes } = detail.delivery;
  const canReveal = may("members.reveal");
  if (!recipient && account === null && needs === null && !codes.isIssued) return null;
  return (
    <Part title={words.recipient}>
      {recipient && (
        <p>
          {recipient.name} · <span class="num">{recipient.phone}</span>
          <br />
          {recipient.region} {recipient.detail}
        </p>
      )}
      {account !== null && <p class="num">{account}</p>}
      {needs !== null && <Badge tone="danger">{words.noAddress}</Badge>}
      <div class="row">
        {canReveal && (recipient || account !== null) && (
          <Button kind="link" size="sm" icon="eye" onClick={() => onReveal("address")}>
            {words.reveal}
          </Button>
        )}
        {canReveal && codes.isIssued && (
          <Button kind="link" size="sm" icon="eye" onClick={() => onReveal("code")}>
            {words.revealCodes}
          </Button>
        )}
      </div>
      {detail.reveals.length > 0 && (
        <ul class="note mute ord-looks" aria-label={words.looked}>
          {detail.reveals.slice(0, 5).map(({ by, reason, atMs, what }) => (
            <li key={atMs}>
              <span class="num">
                {dateIso(atMs)} {timeHms(atMs)}
              </span>{" "}
              {names.actor(by)} · {what === "code" ? words.codeWord : words.addressWord}
              {reason === "" ? "" : ` · ${words.lookReasons[reason] ?? reason}`}
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Parcels(props: {
  detail: StaffOrderDetail;
  words: OrderWords;
  onAsked: () => void;
}): JSX.Element | null {
  const { detail, words, onAsked } = props;
  const { call } = useConsole();
  const toast = useToast();
  const { shipments, vouchers } = detail.delivery;
  const ask = async (): Promise<void> => {
    const ref = { memberId: detail.memberId, orderId: detail.order.orderId };
    const answer = await call("POST", `${pathOf(ref)}/track`, {});
    if (answer.ok) onAsked();
    else if (answer.problem.figures["reason"] === "no_tracking_service")
      toast.show({ text: words.noService });
    else if (answer.problem.figures["reason"] === "no_tracking_answer")
      toast.show({ text: words.serviceSilent });
    else toast.refuse(answer.problem);
  };
  if (shipments.length === 0 && vouchers.length === 0) return null;
  return (
    <Part title={shipments.length > 0 ? words.parcels : words.vouchers}>
      {shipments.map((one) => (
        <p key={one.shipmentId}>
          {one.carrierName} <span class="num">{one.trackingNo}</span>
          {detail.order.quantity > 1 && <span class="num mute"> × {one.quantity}</span>}{" "}
          <Badge
            tone={one.state === "signed" ? "ok" : one.state === "in_trouble" ? "danger" : "info"}
          >
            {words.parcelStates[one.state]}
          </Badge>
          {one.points[0] && <span class="note mute ord-point">{one.points[0].text}</span>}
        </p>
      ))}
      {vouchers.map((one) => (
        <p key={one.voucherId}>
          {one.title} · {words.uses(one.usesLeft, one.usesTotal)}
          {one.uses[0] && <span class="note mute"> · {one.uses[0].storeName}</span>}
        </p>
      ))}
      {shipments.length > 0 && (
        <Button kind="link" size="sm" icon="refresh" onClick={() => void ask()}>
          {words.askCourier}
        </Button>
      )}
    </Part>
  );
}

/** What its member asked for after the order, and how far that is. */
function Cases({ detail, words }: { detail: StaffOrderDetail; words: OrderWords }) {
  const finance = useWords(FINANCE);
  const { opens } = useConsole();
  const { afterSales } = detail.order;
  if (afterSales.length === 0) return null;
  return (
    <Part title={words.cases}>
      {afterSales.map((one) => (
        <p key={one.caseId}>
          {finance.kinds[one.kind] ?? one.kind} <span class="num mute">× {one.quantity}</span>{" "}
          {givesOf(one, finance)} <Badge>{finance.states[one.state] ?? one.state}</Badge>
          <span class="note mute ord-point">{one.reason}</span>
        </p>
      ))}
      {opens("/console/finance") && (
        <Link class="text-link" href="/console/finance">
          {words.casesDesk}
        </Link>
      )}
    </Part>
  );
}

function Story({ detail, words }: { detail: StaffOrderDetail; words: OrderWords }): JSX.Element {
  const { lots, timeline } = detail.order;
  return (
    <>
      {lots.length > 0 && (
        <Part title={words.lots}>
          <ul class="ord-lots">
            {lots.map((lot) => (
              <li key={lot.lotId}>
                <span>
                  {lot.expiresAtMs === null
                    ? words.never
                    : words.expiresOn(dateIso(lastMs(lot.expiresAtMs)))}
                </span>
                <b class="num">{count(lot.points)}</b>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part title={words.story}>
        <ol class="ord-story">
          {timeline.toReversed().map(({ event, atMs }) => (
            <li key={`${event} ${atMs}`}>
              <span>{words.events[event] ?? event}</span>
              <span class="num mute">
                {dateIso(atMs)} {timeHms(atMs)}
              </span>
            </li>
          ))}
        </ol>
      </Part>
    </>
  );
}

function Top(props: { row: StaffOrder; state: string; words: OrderWords }): JSX.Element {
  const { row, state, words } = props;
  return (
    <div class="ord-top">
      <img
        src={row.picture}
        alt=""
        width={56}
        height={56}
        style={{ background: row.groundColor }}
      />
      <span class="stack-1">
        <b>{row.title}</b>
        <span class="note mute">
          {words.kinds[row.goodsKind] ?? row.goodsKind} × {row.quantity} · {row.memberId}
        </span>
      </span>
      <Badge tone={TONES[state] ?? "plain"}>{words.states[state] ?? state}</Badge>
    </div>
  );
}

/** An order beside its list, from its authority. */
export function OrderPanel(props: {
  row: StaffOrder;
  onClose: () => void;
  onChanged: () => void;
}): JSX.Element {
  const { row, onClose, onChanged } = props;
  const words = useWords(WORDS);
  const { may } = useConsole();
  const read = useRead<StaffOrderDetail>(pathOf(row));
  const [reveal, setReveal] = useState<"address" | "code" | null>(null);
  const [isShipping, setShipping] = useState(false);
  const detail = read.value;
  const left = detail?.delivery.unitsToShip ?? 0;
  const deadline = detail && deadlineOf(detail.order, words);
  const state = detail?.order.state ?? row.state;
  const canShip = may("orders.ship") && left > 0 && (state === "to_ship" || state === "shipped");
  const again = (): void => {
    read.again();
    onChanged();
  };
  const foot = canShip && (
    <Button kind="primary" icon="truck" onClick={() => setShipping(true)}>
      {state === "to_ship" ? words.ship : words.shipMore}
    </Button>
  );
  return (
    <Dialog title={row.orderId} onClose={onClose} side {...(foot ? { foot } : {})}>
      <Top row={row} state={state} words={words} />
      {read.problem && <Failed problem={read.problem} onRetry={read.again} />}
      {!detail && !read.problem && <Loading rows={6} />}
      {detail && (
        <>
          {deadline && <p class="note sec">{deadline}</p>}
          <Legs detail={detail} words={words} />
          <Recipient detail={detail} words={words} onReveal={setReveal} />
          <Parcels detail={detail} words={words} onAsked={again} />
          <Cases detail={detail} words={words} />
          <Story detail={detail} words={words} />
        </>
      )}
      {reveal && (
        <RevealDialog
          order={row}
          what={reveal}
          onClose={() => {
            setReveal(null);
            read.again();
          }}
        />
      )}
      {isShipping && (
        <ShipDialog
          order={row}
          units={left}
          onClose={() => setShipping(false)}
          onDone={() => {
            setShipping(false);
            again();
          }}
        />
      )}
    </Dialog>
  );
}
