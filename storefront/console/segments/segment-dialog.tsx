import type { JSX } from "preact";
import type { SegmentView } from "../../../worker/segments/wire.ts";
import {
  Button,
  FormDialog,
  IconButton,
  TextField,
  useConsole,
  useForm,
  useNames,
  useToast,
  useWords,
  type Form,
} from "../kit/index.ts";
import { ConditionFields } from "./condition-fields.tsx";
import { conditionText, freshCondition, type Condition } from "./rule-text.ts";
import { SEGMENTS } from "./words.ts";

export type Draft = Pick<SegmentView, "segmentId" | "name" | "version" | "rule">;

interface Values {
  segmentId: string;
  name: string;
  /** Each with a key of its own, so that a line keeps its place in the page when another goes. */
  rule: readonly { readonly key: string; readonly condition: Condition }[];
}

const keyed = (condition: Condition) => ({ key: crypto.randomUUID(), condition });
const valuesOf = ({ segmentId, name, rule }: Draft): Values => ({
  ...{ segmentId, name },
  rule: rule.all.map(keyed),
});

export function SegmentDialog({
  draft,
  onClose,
  onDone,
}: {
  draft: Draft;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const words = useWords(SEGMENTS);
  const { call } = useConsole();
  const toast = useToast();
  const form = useForm<Values, SegmentView, SegmentView>({
    initial: valuesOf(draft),
    save: ({ segmentId, name, rule }, over) =>
      call("PUT", `/api/v1/staff/segments/${encodeURIComponent(segmentId)}`, {
        ...{ name, version: (over ?? draft).version },
        rule: { all: rule.map(({ condition }) => condition) },
      }),
    fromStored: valuesOf,
    // Without an id there is no address that could refuse it.
    check: ({ segmentId, name }) => ({
      ...(name.trim() === "" ? { name: words.required } : {}),
      ...(segmentId.trim() === "" ? { segmentId: words.required } : {}),
    }),
    onSaved: () => {
      toast.show({ text: words.saved });
      onDone();
    },
  });
  return (
    <FormDialog
      title={draft.version === 0 ? words.create : words.edit}
      onClose={onClose}
      wide
      form={form}
      act={words.saveAct}
    >
      <div class="fields">
        <TextField form={form} name="name" label={words.name} required maxLength={60} />
        <TextField
          form={form}
          name="segmentId"
          label={words.id}
          help={words.idHelp}
          required
          disabled={draft.version > 0}
          maxLength={64}
        />
      </div>
      <Conditions form={form} />
    </FormDialog>
  );
}

function Conditions({ form }: { form: Form<Values> }): JSX.Element {
  const words = useWords(SEGMENTS);
  const names = useNames();
  form.register("rule", words.conditions, (rule) =>
    (rule as Values["rule"]).map((one) => conditionText(one.condition, words, names)).join(" · "),
  );
  const { rule } = form.values;
  const change = (next: Values["rule"]): void => form.set({ rule: next });
  const error = form.errorOf("rule");
  return (
    <fieldset class="form-section">
      <legend>{words.conditions}</legend>
      <p class="note mute">{words.conditionsWhy}</p>
      <ul class="stack">
        {rule.map((one) => (
          <li key={one.key} class="row">
            <ConditionFields
              condition={one.condition}
              onChange={(condition) =>
                change(rule.map((old) => (old === one ? { ...one, condition } : old)))
              }
            />
            <IconButton
              icon="trash"
              name={words.removeCondition}
              onClick={() => change(rule.filter((old) => old !== one))}
            />
          </li>
        ))}
      </ul>
      {error !== null && (
        <p class="help error" role="alert">
          {error}
        </p>
      )}
      <div>
        <Button
          size="sm"
          icon="plus"
          disabled={rule.length >= 8}
          onClick={() => change([...rule, keyed(freshCondition("frequency"))])}
        >
          {words.addCondition}
        </Button>
      </div>
    </fieldset>
  );
}
