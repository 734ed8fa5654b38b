import type { JSX } from "preact";
import type { ApprovalKindView } from "../../../worker/staff/wire.ts";
import {
  Card,
  Empty,
  Failed,
  FormView,
  Loading,
  MoneyField,
  NumberField,
  PageHead,
  SelectField,
  useConsole,
  useForm,
  useLocale,
  useRead,
  useToast,
  useWords,
} from "../kit/index.ts";
import { APPROVALS } from "./words.ts";

const PATH = "/api/v1/staff/approval-kinds";

export function ThresholdsPage(): JSX.Element {
  const words = useWords(APPROVALS);
  const { value, problem, again } = useRead<{ kinds: readonly ApprovalKindView[] }>(PATH);
  return (
    <>
      <PageHead
        title={words.thresholdsTitle}
        note={words.thresholdsNote}
        back={{ href: "/console/approvals", title: words.back }}
      />
      {problem ? (
        <Failed problem={problem} onRetry={again} />
      ) : !value ? (
        <Loading />
      ) : value.kinds.length === 0 ? (
        <Card>
          <Empty icon="check" title={words.noKinds} />
        </Card>
      ) : (
        <div class="grid cols-2">
          {value.kinds.map((kind) => (
            <KindCard key={kind.kind} kind={kind} onSaved={again} />
          ))}
        </div>
      )}
    </>
  );
}

interface Values {
  readonly mode: string;
  readonly from: number | null;
}

const valuesOf = ({ from, unit }: Pick<ApprovalKindView, "from" | "unit">): Values => {
  const isAlways = from === 0 || unit === "always";
  const mode = from === null ? "never" : isAlways ? "always" : "from";
  return { mode, from: isAlways ? null : from };
};

function KindCard({ kind, onSaved }: { kind: ApprovalKindView; onSaved: () => void }): JSX.Element {
  const words = useWords(APPROVALS);
  const locale = useLocale();
  const { call, may } = useConsole();
  const toast = useToast();
  const form = useForm<Values, ApprovalKindView, ApprovalKindView>({
    initial: valuesOf(kind),
    stored: kind,
    save: ({ mode, from }, over) => {
      const chosen = mode === "never" ? null : mode === "always" ? 0 : from;
      const { version } = over ?? kind;
      return call<ApprovalKindView>("PUT", `${PATH}/${kind.kind}`, { from: chosen, version });
    },
    fromStored: valuesOf,
    onSaved: (saved) => {
      const waits = "approvalId" in saved;
      toast.show({ text: waits ? words.loosenWaits : words.saved });
      onSaved();
    },
  });
  const modes =
    kind.unit === "always"
      ? (["always", "never"] as const)
      : (["from", "always", "never"] as const);
  const units = {
    points: words.pointsUnit,
    units: words.unitsUnit,
    fen: words.fenUnit,
    always: "",
  };
  return (
    <Card title={kind.title[locale]}>
      <FormView form={form} oneOfMany quiet={!may("settings.write")}>
        <SelectField
          {...{ form, name: "mode", label: words.mode, disabled: !may("settings.write") }}
          options={modes.map((value) => ({ value, title: words.modes[value] }))}
        />
        {form.values.mode === "from" &&
          (kind.unit === "fen" ? (
            <MoneyField {...{ form, name: "from", label: words.from }} required />
          ) : (
            <NumberField
              {...{ form, name: "from", label: words.from, unit: units[kind.unit] }}
              min={1}
              required
            />
          ))}
      </FormView>
    </Card>
  );
}
