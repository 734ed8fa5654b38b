import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MergePreviewView } from "../../../worker/merges/wire.ts";
import { count } from "../../ui/format.ts";
import {
  Dialog,
  FormDialog,
  TextField,
  useConsole,
  useForm,
  useToast,
  useWords,
} from "../kit/index.ts";
import { WhyField } from "./why-field.tsx";
import { MEMBERS } from "./words.ts";

/** Two steps: what would move, then the decision. Nothing is changed by looking. */
export function MergeDialog({
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
  const [preview, setPreview] = useState<MergePreviewView | null>(null);
  const at = `/api/v1/staff/members/${encodeURIComponent(memberId)}/merge`;
  const form = useForm<{ into: string }, MergePreviewView>({
    initial: { into: "" },
    save: ({ into }) => call("GET", `${at}?into=${encodeURIComponent(into.trim())}`),
    onSaved: setPreview,
  });
  if (preview) return <Decide {...{ at, preview, onClose, onDone }} />;
  return (
    <FormDialog title={words.mergeTitle} onClose={onClose} form={form} act={words.mergeLook}>
      <p>{words.mergeWhy}</p>
      <TextField
        form={form}
        name="into"
        label={words.mergeInto}
        help={words.mergeIntoHelp}
        required
        maxLength={64}
      />
    </FormDialog>
  );
}

function Decide({
  at,
  preview,
  onClose,
  onDone,
}: {
  at: string;
  preview: MergePreviewView;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const words = useWords(MEMBERS);
  const { call } = useConsole();
  const toast = useToast();
  // One id for the dialog: sent twice, it is one merge, or one proposal.
  const [mergeId] = useState(() => crypto.randomUUID().replaceAll("-", ""));
  const { intoId } = preview;
  const form = useForm<{ reason: string }, { state: string }>({
    initial: { reason: "" },
    save: ({ reason }) => call("POST", at, { mergeId, into: intoId, reason }),
    onSaved: ({ state }) => {
      const text =
        state === "proposed"
          ? words.waits
          : state === "done"
            ? words.mergeDone
            : words.mergeUnderWay;
      toast.show({ text });
      onDone();
    },
  });
  const [obstacle] = preview.obstacles;
  const { identities, addresses, labels, vouchers, invited } = preview;
  const facts = (
    <dl class="facts">
      <dt>{words.mergeTitle}</dt>
      <dd class="num">
        {preview.fromId} → {intoId}
      </dd>
      <dt>{words.points}</dt>
      <dd>{words.mergePoints(count(preview.points), count(preview.pointsAfter))}</dd>
      <dt>{words.growth}</dt>
      <dd>{words.mergeGrowth(count(preview.growth), count(preview.growthAfter))}</dd>
      <dt>{words.orders}</dt>
      <dd>{words.mergeOrders(preview.orders)}</dd>
      <dt>{words.mergeOthers}</dt>
      <dd>{words.mergeCounts([identities, addresses, labels, vouchers, invited])}</dd>
    </dl>
  );
  if (obstacle !== undefined) {
    return (
      <Dialog title={words.mergeTitle} onClose={onClose}>
        <div class="stack">
          {facts}
          <p role="alert">{words.obstacles[obstacle] ?? obstacle}</p>
        </div>
      </Dialog>
    );
  }
  return (
    <FormDialog title={words.mergeTitle} onClose={onClose} form={form} act={words.mergeAct}>
      {facts}
      <p>{words.mergeUndo}</p>
      <WhyField form={form} />
    </FormDialog>
  );
}
