import type { JSX } from "preact";
import type { InvitesInReviewView } from "../../../worker/earning/wire.ts";
import {
  Badge,
  Button,
  Card,
  Empty,
  Failed,
  Loading,
  momentOf,
  PageHead,
  ShortTable,
  useConfirm,
  useConsole,
  useRead,
  useToast,
  useWords,
  type Column,
} from "../kit/index.ts";
import { API, HOME } from "./data.ts";
import { INVITES } from "./invite-words.ts";
import { RULES } from "./words.ts";

type Waiting = InvitesInReviewView["items"][number];

/** Invites that the guard leaves to a person. */
export function InvitesPage(): JSX.Element {
  const words = useWords(INVITES);
  const rules = useWords(RULES);
  const list = useRead<InvitesInReviewView>(`${API}/invites`);
  return (
    <>
      <PageHead title={words.title} back={{ href: HOME, title: rules.back }} />
      {list.problem && <Failed problem={list.problem} onRetry={list.again} />}
      {list.isLoading && <Loading />}
      {list.value && (
        <div class="stack">
          <p class="note">{words.why}</p>
          {list.value.items.length === 0 ? (
            <Card>
              <Empty icon="users" title={words.empty} body={words.emptyBody} />
            </Card>
          ) : (
            <Table items={list.value.items} again={list.again} />
          )}
          {!list.value.isWhole && <p class="note">{words.more(list.value.items.length)}</p>}
        </div>
      )}
    </>
  );
}

function useDecide(again: () => void): (one: Waiting, isGenuine: boolean) => Promise<void> {
  const words = useWords(INVITES);
  const { call } = useConsole();
  const confirm = useConfirm();
  const toast = useToast();
  return async ({ memberId }, isGenuine) => {
    const question = isGenuine
      ? { title: words.genuineAsk, body: words.genuineBody, act: words.genuine }
      : { title: words.refuseAsk, body: words.refuseBody, act: words.refuse, danger: true };
    if (!(await confirm(question))) return;
    const at = `/api/v1/staff/members/${encodeURIComponent(memberId)}/invite/review`;
    const answer = await call<{ state: string }>("POST", at, { isGenuine });
    if (!answer.ok) return toast.refuse(answer.problem);
    const { state } = answer.value;
    const text =
      state === "rewarded" ? words.rewarded : state === "refused" ? words.refused : words.under_way;
    toast.show({ text });
    again();
  };
}

function columnsOf(words: (typeof INVITES)["zh-CN"]): Column<Waiting>[] {
  const member = (key: "memberId" | "inviterId", title: string): Column<Waiting> => ({
    ...{ key, title },
    cell: (one) => (
      <a class="num" href={`/console/members/${encodeURIComponent(one[key])}`}>
        {one[key]}
      </a>
    ),
    csv: (one) => one[key],
  });
  return [
    member("memberId", words.friend),
    member("inviterId", words.inviter),
    {
      ...{ key: "shared", title: words.shared },
      cell: ({ shared }) => (
        <span class="row">
          {shared.map((trait) => (
            <Badge key={trait} tone="warn">
              {words.traits[trait]}
            </Badge>
          ))}
        </span>
      ),
      csv: ({ shared }) => shared.map((trait) => words.traits[trait]).join("; "),
    },
    {
      ...{ key: "done", title: words.doneAt },
      cell: ({ doneAtMs }) => <span class="num nb">{momentOf(doneAtMs)}</span>,
      csv: ({ doneAtMs }) => momentOf(doneAtMs),
    },
  ];
}

function Table({ items, again }: { items: readonly Waiting[]; again: () => void }): JSX.Element {
  const words = useWords(INVITES);
  const { may } = useConsole();
  const decide = useDecide(again);
  return (
    <ShortTable
      name={words.title}
      rows={items}
      rowKey={({ memberId }) => memberId}
      columns={columnsOf(words)}
      renderActs={(one) =>
        may("members.write") && (
          <span class="acts">
            <Button size="sm" onClick={() => void decide(one, true)}>
              {words.genuine}
            </Button>
            <Button size="sm" kind="danger" onClick={() => void decide(one, false)}>
              {words.refuse}
            </Button>
          </span>
        )
      }
    />
  );
}
