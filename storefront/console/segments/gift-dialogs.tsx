import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { CampaignView } from "../../../worker/campaigns/wire.ts";
import type { LabelView, SegmentView } from "../../../worker/segments/wire.ts";
import { count } from "../../ui/format.ts";
import {
  Button,
  Dialog,
  FormDialog,
  momentOf,
  NumberField,
  SelectField,
  TextField,
  TimeField,
  useConsole,
  useForm,
  useRead,
  useToast,
  useWords,
} from "../kit/index.ts";
import { GIFTS } from "./gift-words.ts";

const PATH = "/api/v1/staff/campaigns";

interface Values {
  /** `segment:<id>` or `label:<id>`. */
  audience: string;
  points: number | null;
  note: string;
  internalNote: string;
  expiresAtMs: number | null;
}

/** Whom it is for and how much; saying so gathers the members and gives nothing. */
export function GiftDialog({
  to,
  onClose,
  onMade,
}: {
  to: string;
  onClose: () => void;
  onMade: (made: CampaignView) => void;
}): JSX.Element {
  const words = useWords(GIFTS);
  const { call } = useConsole();
  const [campaignId] = useState(() => crypto.randomUUID());
  const form = useForm<Values, CampaignView>({
    initial: { audience: to, points: null, note: "", internalNote: "", expiresAtMs: null },
    check: ({ audience, points }) => ({
      ...(audience === "" ? { audience: words.choose } : {}),
      ...(points === null || points < 1 ? { points: words.pointsRange } : {}),
    }),
    save: ({ audience, ...rest }) => {
      const [kind = "", id = ""] = audience.split(":");
      return call("POST", PATH, { campaignId, audience: { kind, id }, ...rest });
    },
    onSaved: onMade,
  });
  return (
    <FormDialog title={words.create} onClose={onClose} form={form} act={words.gather}>
      <p class="note mute">{words.why}</p>
      <div class="fields">
        <Audience form={form} />
        <NumberField
          form={form}
          name="points"
          label={words.points}
          unit={words.unit}
          min={1}
          required
        />
        <TextField
          form={form}
          name="note"
          label={words.note}
          help={words.noteHelp}
          required
          maxLength={120}
        />
        <TextField form={form} name="internalNote" label={words.internalNote} maxLength={120} />
        <TimeField form={form} name="expiresAtMs" label={words.until} help={words.untilHelp} />
      </div>
    </FormDialog>
  );
}

/** Segments and labels by their names. */
export function useAudiences(): {
  readonly options: readonly { readonly value: string; readonly title: string }[];
  readonly isRead: boolean;
} {
  const words = useWords(GIFTS);
  const segments = useRead<{ items: readonly SegmentView[] }>("/api/v1/staff/segments");
  const labels = useRead<{ items: readonly LabelView[] }>("/api/v1/staff/labels");
  const options = [
    ...(segments.value?.items ?? []).map(({ segmentId, name, size }) => ({
      value: `segment:${segmentId}`,
      title: `${words.segments} · ${name} (${count(size)})`,
    })),
    ...(labels.value?.items ?? []).map(({ labelId, name }) => ({
      value: `label:${labelId}`,
      title: `${words.labels} · ${name}`,
    })),
  ];
  return { options, isRead: segments.value !== null && labels.value !== null };
}

function Audience({
  form,
}: {
  form: ReturnType<typeof useForm<Values, CampaignView>>;
}): JSX.Element {
  const words = useWords(GIFTS);
  const { options, isRead } = useAudiences();
  return (
    <SelectField
      form={form}
      name="audience"
      label={words.audience}
      help={isRead && options.length === 0 ? words.nobody : words.audienceHelp}
      options={[{ value: "", title: words.choose }, ...options]}
      required
    />
  );
}

/** Count and cost, before anybody gets anything. */
export function StartDialog({
  campaign,
  onClose,
  onDone,
}: {
  campaign: CampaignView;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const words = useWords(GIFTS);
  const { call } = useConsole();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const { terms, members, cost, campaignId } = campaign;
  const start = async (): Promise<void> => {
    setBusy(true);
    const answer = await call("POST", `${PATH}/${campaignId}/start`, {});
    setBusy(false);
    if (!answer.ok) return toast.refuse(answer.problem);
    toast.show({ text: answer.status === 202 ? words.waits : words.started });
    onDone();
  };
  return (
    <Dialog
      title={terms.note}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{words.later}</Button>
          <Button kind="primary" busy={isBusy} onClick={() => void start()}>
            {words.start}
          </Button>
        </>
      }
    >
      <div class="stack">
        <p>
          <b>{words.sum(count(members), count(terms.points), count(cost))}</b>
        </p>
        <p class="note mute">
          {words.until}: {terms.expiresAtMs === null ? words.never : momentOf(terms.expiresAtMs)}
        </p>
        <p class="note mute">{words.nothingYet}</p>
      </div>
    </Dialog>
  );
}
