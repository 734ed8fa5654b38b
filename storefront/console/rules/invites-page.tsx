import type { JSX } from "preact";
import type { InvitesInReviewView } from "../../../worker/earning/wire.ts";
import {
  Badge,
  Button,
  Card,
  CsvButton,
  Empty,
  Failed,
  Loading,
  momentOf,
  PageHead,
  useConfirm,
  useConsole,
  useRead,
  useToast,
  useWords,
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
          <Card
            flush
            title={words.title}
            acts={
              <CsvButton
                name="invites"
                rows={list.value.items}
                columns={[
                  [words.friend, ({ memberId }) => memberId],
                  [words.inviter, ({ inviterId }) => inviterId],
                  [
                    words.shared,
                    ({ shared }) => shared.map((trait) => words.traits[trait]).join("; "),
                  ],
                  [words.doneAt, ({ doneAtMs }) => momentOf(doneAtMs)],
                ]}
              />
            }
          >
            {list.value.items.length === 0 ? (
              <Empty icon="users" title={words.empty} body={words.emptyBody} />
            ) : (
              <Table items={list.value.items} again={list.again} />
            )}
          </Card>
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

function Table({ items, again }: { items: readonly Waiting[]; again: () => void }): JSX.Element {
  const words = useWords(INVITES);
  const { may } = useConsole();
  const decide = useDecide(again);
  const member = (memberId: string): JSX.Element => (
    <a class="num" href={`/console/members/${encodeURIComponent(memberId)}`}>
      {memberId}
    </a>
  );
  return (
    <div class="table-scroll" role="region" aria-label={words.title} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th>{words.friend}</th>
            <th>{words.inviter}</th>
            <th>{words.shared}</th>
            <th>{words.doneAt}</th>
            <th class="r">
              <span class="sr">{words.act}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.memberId}>
              <td>{member(one.memberId)}</td>
              <td>{member(one.inviterId)}</td>
              <td>
                <span class="row">
                  {one.shared.map((trait) => (
                    <Badge key={trait} tone="warn">
                      {words.traits[trait]}
                    </Badge>
                  ))}
                </span>
              </td>
              <td class="num nb">{momentOf(one.doneAtMs)}</td>
              <td class="r">
                {may("members.write") && (
                  <span class="acts">
                    <Button size="sm" onClick={() => void decide(one, true)}>
                      {words.genuine}
                    </Button>
                    <Button size="sm" kind="danger" onClick={() => void decide(one, false)}>
                      {words.refuse}
                    </Button>
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
