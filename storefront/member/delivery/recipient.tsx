import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { AddressView } from "../../../worker/fulfilment/wire.ts";
import { createDeliveryApi } from "../../client/delivery-api.ts";
import { deliveryText } from "../../locales/delivery.ts";
import { Dialog, DialogChoice } from "../../ui/dialog.tsx";
import { yuan } from "../../ui/format.ts";
import { AddressForm } from "./address-form.tsx";
import type { PartProps } from "./delivery-block.tsx";

const MAY_CHANGE = new Set(["placed", "awaiting_payment", "to_ship"]);

function Book(props: {
  list: readonly AddressView[];
  chosen: string | null;
  onChoose: (addressId: string) => void;
}): JSX.Element {
  const { list, chosen, onChoose } = props;
  return (
    <div class="dl-list">
      {list.map((one) => (
        <button
          key={one.addressId}
          type="button"
          class="card dl-address"
          aria-pressed={one.addressId === chosen}
          onClick={() => onChoose(one.addressId)}
        >
          <b lang="zh-CN">{one.name}</b> <span class="num">{one.phone}</span>
          <span class="sec small" lang="zh-CN">
            <br />
            {one.region}
            {one.detail}
          </span>
        </button>
      ))}
    </div>
  );
}

/** Those of the book, and a new one; the freight to the chosen one is said before it is taken. */
function ChooseAddress(props: PartProps & { onClose: () => void }): JSX.Element {
  const { order, locale, take, onClose } = props;
  const text = deliveryText(locale);
  const words = text.block;
  const [list, setList] = useState<readonly AddressView[] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [isNew, setNew] = useState(false);
  const [failed, setFailed] = useState("");
  useEffect(() => {
    void createDeliveryApi({ locale })
      .addresses()
      .then((answer) => {
        const found = answer.ok ? answer.value.addresses : [];
        setList(found);
        setChosen(found[0]?.addressId ?? null);
        setNew(found.length === 0);
      });
  }, [locale]);
  const use = async (addressId: string): Promise<void> => {
    const answer = await createDeliveryApi({ locale }).setAddress(order.orderId, addressId);
    if (take(answer)) return onClose();
    const reason = answer.ok ? "" : answer.problem.figures["reason"];
    setFailed(
      reason === "undeliverable"
        ? words.undeliverable
        : reason === "on_its_way"
          ? words.onItsWay
          : words.failed,
    );
  };
  return (
    <Dialog title={isNew ? text.addresses.add : words.choose} onClose={onClose}>
      {list === null && <p class="small mute">{words.loading}</p>}
      {isNew ? (
        <AddressForm
          locale={locale}
          words={text.addresses}
          address={null}
          onSaved={(address) => void use(address.addressId)}
        />
      ) : (
        <>
          <Book list={list ?? []} chosen={chosen} onChoose={setChosen} />
          <DialogChoice
            {...{ keep: text.addresses.add, act: words.use, isReady: chosen !== null }}
            onKeep={() => setNew(true)}
            onAct={() => chosen !== null && void use(chosen)}
          />
        </>
      )}
      <p class="note danger" role="alert">
        {failed}
      </p>
    </Dialog>
  );
}

export function Recipient(props: PartProps): JSX.Element | null {
  const { view, locale } = props;
  const words = deliveryText(locale).block;
  const [isOpen, setOpen] = useState(false);
  if (view.goodsKind !== "physical") return null;
  if (!view.recipient && view.needs === null) return null;
  const { recipient, freightFen, shipments, state } = view;
  const mayChange = MAY_CHANGE.has(state) && shipments.length === 0;
  const amount = yuan(freightFen, "full");
  return (
    <section class="card dl-block">
      <h2>{words.title}</h2>
      {recipient ? (
        <>
          <p lang="zh-CN">
            {recipient.name} <span class="num">{recipient.phone}</span>
          </p>
          <p class="sec small" lang="zh-CN">
            {recipient.region} {recipient.detail}
          </p>
          <p class="note mute">
            {freightFen === 0
              ? words.freightFree
              : props.order.legs.freight.state === "free"
                ? words.freightAtDoor(amount)
                : words.freight(amount)}
          </p>
        </>
      ) : (
        <p class="dl-ask small" role="status">
          {words.needsAddress}
        </p>
      )}
      {mayChange && (
        <button
          type="button"
          class={recipient ? "btn line block" : "btn primary block"}
          onClick={() => setOpen(true)}
        >
          {recipient ? words.change : words.choose}
        </button>
      )}
      {isOpen && <ChooseAddress {...props} onClose={() => setOpen(false)} />}
    </section>
  );
}
