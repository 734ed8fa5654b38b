import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { AddressView } from "../../../worker/fulfilment/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { createDeliveryApi } from "../../client/delivery-api.ts";
import { deliveryText } from "../../locales/delivery.ts";
import type { DeliveryText } from "../../locales/delivery.zh-CN.ts";
import { Dialog, DialogChoice } from "../../ui/dialog.tsx";
import { plus, truck } from "../../ui/icons.ts";
import { Icon } from "../../ui/icon.tsx";
import { Badge } from "../../ui/parts.tsx";
import { AddressForm } from "../delivery/address-form.tsx";
import { SubFrame } from "../mine/sub-frame.tsx";

export type AddressesData = Extract<PageData, { page: "addresses" }>;

function Entry(props: {
  address: AddressView;
  words: DeliveryText["addresses"];
  onEdit: () => void;
  onRemove: () => void;
}): JSX.Element {
  const { address, words, onEdit, onRemove } = props;
  return (
    <section class="card dl-address">
      <p>
        <b lang="zh-CN">{address.name}</b> <span class="num">{address.phone}</span>{" "}
        {address.isDefault && <Badge tone="brand">{words.isDefault}</Badge>}
      </p>
      <p class="sec small" lang="zh-CN">
        {address.region}
        {address.detail}
      </p>
      <div class="dl-acts">
        <button type="button" class="btn line sm" onClick={() => onRemove()}>
          {words.remove}
        </button>
        <button type="button" class="btn quiet sm" onClick={() => onEdit()}>
          {words.edit}
        </button>
      </div>
    </section>
  );
}

export function AddressesPage({ data }: { data: AddressesData }): JSX.Element {
  const { locale } = data;
  const words = deliveryText(locale).addresses;
  const [list, setList] = useState<readonly AddressView[]>(data.addresses.addresses);
  const [editing, setEditing] = useState<AddressView | "new" | null>(null);
  const [removing, setRemoving] = useState<AddressView | null>(null);
  const read = async (): Promise<void> => {
    const answer = await createDeliveryApi({ locale }).addresses();
    if (answer.ok) setList(answer.value.addresses);
  };
  const remove = async (address: AddressView): Promise<void> => {
    const answer = await createDeliveryApi({ locale }).removeAddress(address.addressId);
    if (answer.ok) setList(answer.value.addresses);
    setRemoving(null);
  };
  return (
    <SubFrame title={words.title} back={words.back} icons={{ plus, truck }}>
      <div class="ls">
        {list.length === 0 && (
          <div class="blank dl-none">
            <span class="blank-i">
              <Icon name="truck" size={40} />
            </span>
            <h2>{words.empty}</h2>
            <p class="sec">{words.emptyBody}</p>
          </div>
        )}
        {list.map((one) => (
          <Entry
            key={one.addressId}
            address={one}
            words={words}
            onEdit={() => setEditing(one)}
            onRemove={() => setRemoving(one)}
          />
        ))}
        <button type="button" class="btn primary block" onClick={() => setEditing("new")}>
          <Icon name="plus" size={18} />
          {words.add}
        </button>
      </div>
      {editing !== null && (
        <Dialog title={editing === "new" ? words.add : words.edit} onClose={() => setEditing(null)}>
          <AddressForm
            locale={locale}
            words={words}
            address={editing === "new" ? null : editing}
            onSaved={() => {
              setEditing(null);
              void read();
            }}
          />
        </Dialog>
      )}
      {removing && (
        <Dialog title={words.removeAsk} onClose={() => setRemoving(null)}>
          <DialogChoice
            {...{ keep: words.keep, act: words.remove }}
            onKeep={() => setRemoving(null)}
            onAct={() => void remove(removing)}
          />
        </Dialog>
      )}
    </SubFrame>
  );
}
