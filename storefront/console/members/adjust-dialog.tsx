import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { count } from "../../ui/format.ts";
import {
  FormDialog,
  NumberField,
  SelectField,
  SwitchField,
  TextField,
  useConsole,
  useForm,
  useToast,
  useWords,
  type Form,
} from "../kit/index.ts";
import { MEMBERS } from "./words.ts";

interface Values {
  direction: string;
  points: number | null;
  reason: string;
  customerNote: string;
  internalNote: string;
  mayGoNegative: boolean;
}

const NEW: Values = {
  ...{ direction: "grant", points: null, reason: "", customerNote: "", internalNote: "" },
  mayGoNegative: false,
};

/** Points by hand: booked at once up to the threshold, with a second person beyond it. */
export function AdjustDialog({
  memberId,
  onClose,
  onDone,
}: {
  memberId: string;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const words = useWords(MEMBERS);
  const { call } = useConsole();
  const toast = useToast();
  // One id for the dialog: sent twice, it is booked once.
  const [adjustmentId] = useState(() => crypto.randomUUID().replaceAll("-", ""));
  const form = useForm<Values, { state: string }>({
    initial: NEW,
    save: ({ direction, points, ...rest }) =>
      call("POST", "/api/v1/staff/adjustments", {
        ...{ adjustmentId, memberId, ...rest, expiresAtMs: null },
        points: direction === "grant" ? points : 0 - (points ?? 0),
      }),
    onSaved: ({ state }) => {
      toast.show({ text: state === "approved" ? words.booked : words.waits });
      onDone();
    },
  });
  const isDeduct = form.values.direction === "deduct";
  const { points } = form.values;
  return (
    <FormDialog
      title={words.adjust}
      onClose={onClose}
      form={form}
      act={
        points === null ? words.adjust : words.adjustAct(`${isDeduct ? "−" : "+"}${count(points)}`)
      }
    >
      <p class="note mute">{words.adjustWhy}</p>
      <AdjustFields form={form} />
    </FormDialog>
  );
}

function AdjustFields({ form }: { form: Form<Values> }): JSX.Element {
  const words = useWords(MEMBERS);
  const isDeduct = form.values.direction === "deduct";
  return (
    <div class="fields">
      <SelectField
        form={form}
        name="direction"
        label={words.direction}
        options={[
          { value: "grant", title: words.grant },
          { value: "deduct", title: words.deduct },
        ]}
      />
      <NumberField form={form} name="points" label={words.amount} required unit={words.unit} />
      <TextField
        form={form}
        name="reason"
        label={words.reason}
        required
        help={words.reasonHelp}
        maxLength={64}
      />
      <TextField
        form={form}
        name="customerNote"
        label={words.customerNote}
        required
        maxLength={120}
      />
      <TextField
        form={form}
        name="internalNote"
        label={words.internalNote}
        required
        rows={2}
        maxLength={120}
      />
      {isDeduct && (
        <SwitchField
          form={form}
          name="mayGoNegative"
          label={words.mayGoNegative}
          help={words.mayGoNegativeHelp}
        />
      )}
    </div>
  );
}
