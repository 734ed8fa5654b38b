import type { JSX } from "preact";
import { useState } from "preact/hooks";
import {
  Button,
  Dialog,
  FormAct,
  FormView,
  NumberField,
  recall,
  remember,
  SelectField,
  TextField,
  useConsole,
  useForm,
  useRead,
  useToast,
  useWords,
  type Form,
} from "../kit/index.ts";
import { newId, pathOf, type Carrier, type StaffOrder } from "./types.ts";
import { WORDS, type OrderWords } from "./words.ts";

export interface ShipDialogProps {
  readonly order: { readonly memberId: string; readonly orderId: string };
  /** What goes into the parcel and to whom, where the page behind does not show it. */
  readonly about?: Pick<StaffOrder, "title" | "spec" | "quantity" | "recipient">;
  /** Units that have not left; null: not known here. */
  readonly units?: number;
  /** How many orders follow. */
  readonly left?: number;
  readonly onClose: () => void;
  /** Goes on with the one that follows, and leaves this one as it is. */
  readonly onSkip?: () => void;
  readonly onDone: () => void;
}

const LAST_CARRIER = "qd:console:carrier";

interface Values {
  readonly carrier: string;
  readonly trackingNo: string;
  readonly quantity: number | null;
}

function Fields(props: { form: Form<Values>; units: number; words: OrderWords }): JSX.Element {
  const { form, units, words } = props;
  const carriers = useRead<{ carriers: Carrier[] }>("/api/v1/staff/carriers");
  return (
    <FormView form={form} quiet>
      <SelectField
        form={form}
        name="carrier"
        label={words.carrier}
        options={(carriers.value?.carriers ?? []).map(({ code, name }) => ({
          value: code,
          title: name,
        }))}
      />
      <TextField
        form={form}
        name="trackingNo"
        label={words.trackingNo}
        help={words.trackingHelp}
        maxLength={40}
        required
      />
      {units > 1 && (
        <NumberField
          form={form}
          name="quantity"
          label={words.quantity}
          help={words.quantityHelp(units)}
          min={1}
          max={units}
        />
      )}
    </FormView>
  );
}

function About({ title, spec, quantity, recipient }: NonNullable<ShipDialogProps["about"]>) {
  return (
    <p class="stack-1">
      <span>
        <b>{title}</b> {spec !== "" && <span class="mute">{spec}</span>}{" "}
        <b class="num">× {quantity}</b>
      </span>
      {recipient && (
        <span class="note mute">
          {recipient.name} <span class="num">{recipient.phone}</span> {recipient.region}
        </span>
      )}
    </p>
  );
}

/** One parcel of one order. The carrier of the last one is offered again. */
export function ShipDialog(props: ShipDialogProps): JSX.Element {
  const { order, about, units, left = 0, onClose, onSkip, onDone } = props;
  const words = useWords(WORDS);
  const { call } = useConsole();
  const toast = useToast();
  // Made once for this parcel: a repeated click sends it once.
  const [shipmentId] = useState(newId);
  const form = useForm<Values>({
    initial: {
      carrier: recall(LAST_CARRIER) ?? "shunfeng",
      trackingNo: "",
      quantity: null,
    },
    save: (values) => call("POST", `${pathOf(order)}/shipments`, { shipmentId, ...values }),
    onSaved: (_saved, values) => {
      remember(LAST_CARRIER, values.carrier);
      toast.show({ text: words.shipped, tone: "ok" });
      onDone();
    },
  });
  const reason = String(form.problem?.figures["reason"] ?? "");
  return (
    <Dialog
      title={words.shipTitle(order.orderId.slice(0, 18))}
      onClose={onClose}
      acts={
        <>
          {left > 0 && onSkip && <Button onClick={onSkip}>{words.skip}</Button>}
          <FormAct form={form} icon="truck">
            {words.ship}
          </FormAct>
        </>
      }
    >
      {about && <About {...about} />}
      {left > 0 && <p class="note mute">{words.next(left)}</p>}
      <Fields form={form} units={units ?? 1} words={words} />
      {words.reasons[reason] !== undefined && (
        <p class="danger-text" role="alert">
          {words.reasons[reason]}
        </p>
      )}
    </Dialog>
  );
}
