import type { JSX } from "preact";
import type { StaffPolicy } from "../../../worker/staff/wire.ts";
import {
  Card,
  FormView,
  SwitchField,
  useConsole,
  useForm,
  useRead,
  useToast,
  useWords,
} from "../kit/index.ts";
import { PEOPLE } from "./words.ts";

const PATH = "/api/v1/staff/policy";

/** How everybody here must sign in; only for who may change it. */
export function PolicyCard(): JSX.Element | null {
  const { may } = useConsole();
  const policy = useRead<StaffPolicy>(PATH);
  if (!may("staff.write") || !policy.value) return null;
  return <PolicyForm key={policy.value.version} policy={policy.value} onSaved={policy.put} />;
}

function PolicyForm({
  policy,
  onSaved,
}: {
  policy: StaffPolicy;
  onSaved: (policy: StaffPolicy) => void;
}): JSX.Element {
  const words = useWords(PEOPLE);
  const { call } = useConsole();
  const toast = useToast();
  const form = useForm<{ needsSecondStep: boolean }, StaffPolicy, StaffPolicy>({
    initial: { needsSecondStep: policy.needsSecondStep },
    save: (values, over) =>
      call<StaffPolicy>("PUT", PATH, { ...values, version: (over ?? policy).version }),
    fromStored: ({ needsSecondStep }) => ({ needsSecondStep }),
    onSaved: (saved) => {
      toast.show({ text: words.policySaved });
      onSaved(saved);
    },
  });
  return (
    <Card title={words.second}>
      <FormView form={form}>
        <SwitchField
          {...{ form, name: "needsSecondStep", label: words.policy, help: words.policyHelp }}
        />
      </FormView>
    </Card>
  );
}
