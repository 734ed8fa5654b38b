import type { JSX } from "preact";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import {
  FormDialog,
  NumberField,
  SelectField,
  TextField,
  TimeField,
  useConsole,
  useForm,
  useToast,
  useWords,
} from "../kit/index.ts";
import { MONITOR } from "./monitor-words.ts";

export function RestockDialog({
  path,
  onClose,
}: {
  path: string;
  onClose: () => void;
}): JSX.Element {
  const words = useWords(MONITOR);
  const { call } = useConsole();
  const toast = useToast();
  const form = useForm<{ units: number | null; from: string }>({
    initial: { units: null, from: "standing" },
    save: (values) => call("POST", `${path}/restock`, values),
    onSaved: (_, { units }) => {
      toast.show({ text: words.restocked(units ?? 0) });
      onClose();
    },
  });
  return (
    <FormDialog title={words.restockTitle} act={words.restock} form={form} onClose={onClose}>
      <NumberField form={form} name="units" label={words.restockUnits} required />
      <SelectField
        form={form}
        name="from"
        label={words.restockFrom}
        options={[
          { value: "standing", title: words.restockStanding },
          { value: "purchase", title: words.restockPurchase },
        ]}
      />
    </FormDialog>
  );
}

export function ExtendDialog({
  path,
  sale,
  onClose,
}: {
  path: string;
  sale: SaleView;
  onClose: () => void;
}): JSX.Element {
  const words = useWords(MONITOR);
  const { call } = useConsole();
  const toast = useToast();
  const form = useForm<{ closesAtMs: number | null }>({
    initial: { closesAtMs: sale.closesAtMs },
    save: (values) => call("POST", `${path}/extend`, values),
    onSaved: () => {
      toast.show({ text: words.extended });
      onClose();
    },
  });
  return (
    <FormDialog title={words.extendTitle} act={words.extend} form={form} onClose={onClose}>
      <TimeField
        form={form}
        name="closesAtMs"
        label={words.extendTo}
        help={words.extendHelp}
        required
      />
    </FormDialog>
  );
}

export function EndDialog({ path, onClose }: { path: string; onClose: () => void }): JSX.Element {
  const words = useWords(MONITOR);
  const { call } = useConsole();
  const toast = useToast();
  const form = useForm<{ reason: string }>({
    initial: { reason: "" },
    save: ({ reason }) => {
      const approvalId = crypto.randomUUID().replaceAll("-", "");
      return call("POST", `${path}/early-end`, { approvalId, reason });
    },
    onSaved: () => {
      toast.show({ text: words.endAsked });
      onClose();
    },
  });
  return (
    <FormDialog title={words.endTitle} act={words.endAsk} form={form} danger onClose={onClose}>
      <p class="sec">{words.endBody}</p>
      <TextField
        form={form}
        name="reason"
        label={words.endReason}
        rows={3}
        maxLength={120}
        required
      />
    </FormDialog>
  );
}
