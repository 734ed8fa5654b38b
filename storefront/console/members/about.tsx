import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MemberProfileView } from "../../../worker/register/wire.ts";
import type { LabelView } from "../../../worker/segments/wire.ts";
import { dateIso } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Card,
  FormView,
  TextField,
  useConsole,
  useForm,
  useNames,
  useRead,
  useToast,
  useUndo,
  type Answer,
  useWords,
} from "../kit/index.ts";
import { LabelDialog } from "./label-dialog.tsx";
import { Standing } from "./standing.tsx";
import { MEMBERS } from "./words.ts";

export function About({
  member,
  at,
  onChanged,
  onAgain,
}: {
  member: MemberProfileView;
  at: string;
  onChanged: (member: MemberProfileView) => void;
  onAgain: () => void;
}): JSX.Element {
  const words = useWords(MEMBERS);
  const { may } = useConsole();
  const names = useNames();
  return (
    <div class="grid cols-2">
      <Card title={words.about}>
        <dl class="facts">
          <dt>{words.memberId}</dt>
          <dd class="num">{member.memberId}</dd>
          <dt>{words.name}</dt>
          <dd>{member.name || words.unnamed}</dd>
          <dt>{words.phone}</dt>
          <dd>{member.phoneTail === null ? words.noPhone : words.tail(member.phoneTail)}</dd>
          <dt>{words.tier}</dt>
          <dd>{names.tier(member.tierId) ?? "—"}</dd>
          <dt>{words.store}</dt>
          <dd>{names.store(member.lastStoreId) ?? "—"}</dd>
          <dt>{words.firstSeen}</dt>
          <dd class="num">{member.isKnown ? dateIso(member.firstSeenAtMs) : "—"}</dd>
          <dt>{words.inSegments}</dt>
          <dd class="row">
            {member.segments.length === 0
              ? words.noSegments
              : member.segments.map(({ segmentId, name }) => (
                  <a key={segmentId} href={`/console/members?segment=${segmentId}`}>
                    <Badge tone="info">{name}</Badge>
                  </a>
                ))}
          </dd>
        </dl>
      </Card>
      <div class="stack">
        <Standing
          memberId={member.memberId}
          at={at}
          canGive={member.mergedInto === null}
          onChanged={onAgain}
        />
        <Labels member={member} onAgain={onAgain} />
        {may("members.write") && <Note member={member} at={at} onChanged={onChanged} />}
      </div>
    </div>
  );
}

function Labels({
  member,
  onAgain,
}: {
  member: MemberProfileView;
  onAgain: () => void;
}): JSX.Element {
  const words = useWords(MEMBERS);
  const { call, may } = useConsole();
  const toast = useToast();
  const sayUndo = useUndo();
  const labels = useRead<{ items: LabelView[] }>("/api/v1/staff/labels");
  const [isOpen, setOpen] = useState(false);
  const put = async (labelId: string, isOn: boolean): Promise<Answer<unknown>> => {
    const answer = await call("POST", `/api/v1/staff/labels/${labelId}/members`, {
      memberIds: [member.memberId],
      isOn,
    });
    if (answer.ok) onAgain();
    return answer;
  };
  const takeOff = async (labelId: string): Promise<void> => {
    const answer = await put(labelId, false);
    if (answer.ok) sayUndo({ text: words.labelOff, back: () => put(labelId, true) });
    else toast.refuse(answer.problem);
  };
  return (
    <Card
      title={words.labels}
      acts={
        may("members.write") && (
          <Button size="sm" icon="tag" onClick={() => setOpen(true)}>
            {words.putLabel}
          </Button>
        )
      }
    >
      <div class="row">
        {member.labels.length === 0 && <span class="mute">{words.noLabels}</span>}
        {member.labels.map(({ labelId, name }) => (
          <Badge key={labelId} tone="brand">
            {name}
            {may("members.write") && (
              <button
                type="button"
                class="badge-off"
                aria-label={`${words.labelOff}: ${name}`}
                onClick={() => void takeOff(labelId)}
              >
                ×
              </button>
            )}
          </Badge>
        ))}
      </div>
      {isOpen && (
        <LabelDialog
          memberIds={[member.memberId]}
          labels={labels.value?.items ?? []}
          onClose={() => setOpen(false)}
          onDone={() => setOpen(false)}
          onAgain={() => {
            labels.again();
            onAgain();
          }}
        />
      )}
    </Card>
  );
}

function Note({
  member,
  at,
  onChanged,
}: {
  member: MemberProfileView;
  at: string;
  onChanged: (member: MemberProfileView) => void;
}): JSX.Element {
  const words = useWords(MEMBERS);
  const { call } = useConsole();
  const form = useForm<{ note: string }, MemberProfileView, MemberProfileView>({
    initial: { note: member.note },
    stored: member,
    save: ({ note }, over) =>
      call("PUT", at, { version: (over ?? member).version, name: null, note }),
    fromStored: ({ note }) => ({ note }),
    onSaved: onChanged,
  });
  return (
    <Card title={words.note}>
      <FormView form={form}>
        <TextField
          form={form}
          name="note"
          label={words.note}
          help={words.noteHelp}
          rows={4}
          maxLength={500}
        />
      </FormView>
    </Card>
  );
}
