import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { BalanceView, PointsView } from "../../../worker/accounts/wire.ts";
import type { MemberProfileView } from "../../../worker/register/wire.ts";
import { count, dateIso } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Empty,
  Failed,
  Loading,
  PageHead,
  Stat,
  Tabs,
  useConsole,
  useRead,
  useWords,
} from "../kit/index.ts";
import type { PageProps } from "../section.ts";
import { About } from "./about.tsx";
import { AdjustDialog } from "./adjust-dialog.tsx";
import { BlockDialog, RevealDialog } from "./reason-dialogs.tsx";
import { PastBalance } from "./past-balance.tsx";
import { PAST } from "./past-words.ts";
import { Reminders } from "./reminders.tsx";
import { REMINDERS } from "./reminder-words.ts";
import { Lots, Timeline } from "./timeline.tsx";
import { MergeDialog } from "./merge-dialog.tsx";
import { MEMBERS } from "./words.ts";

export interface AccountView {
  readonly balance: BalanceView;
  readonly lots: PointsView["lots"];
}

/** One member: who they are, what they have, what happened, and what staff can do. */
export function MemberPage({ params }: PageProps): JSX.Element {
  const words = useWords(MEMBERS);
  const memberId = params["memberId"] ?? "";
  const at = `/api/v1/staff/members/${encodeURIComponent(memberId)}`;
  const { may } = useConsole();
  const profile = useRead<MemberProfileView>(at);
  const account = useRead<AccountView>(may("points.read") ? `${at}/points?limit=1` : null);
  const [turn, setTurn] = useState(0);
  const changed = (): void => {
    profile.again();
    account.again();
    setTurn(turn + 1);
  };
  const { value: member } = profile;
  if (profile.problem) return <Failed problem={profile.problem} onRetry={profile.again} />;
  if (!member) return <Loading rows={8} />;
  const name = member.name === "" ? memberId : member.name;
  return (
    <>
      <PageHead
        title={name}
        back={{ href: "/console/members", title: words.all }}
        note={name === memberId ? undefined : <span class="num">{memberId}</span>}
        badge={
          member.blockedAtMs === null ? undefined : (
            <Badge tone="danger">
              {words.blocked} · {member.blockReason}
            </Badge>
          )
        }
      >
        <Acts member={member} at={at} onChanged={changed} />
      </PageHead>
      <OneMember member={member} />
      {!member.isKnown && <Empty icon="user" title={words.unknown} body={words.unknownHelp} />}
      <div class="stack">
        <Tiles member={member} account={account.value} />
        <Parts
          {...{ member, at, name, turn }}
          account={account.value}
          onChanged={profile.put}
          onAgain={profile.again}
        />
      </div>
    </>
  );
}

/** What happened, what was, what is, and who it is about. */
function Parts({
  member,
  at,
  name,
  turn,
  account,
  onChanged,
  onAgain,
}: {
  member: MemberProfileView;
  at: string;
  name: string;
  /** Counts what staff did meanwhile. */
  turn: number;
  account: AccountView | null;
  onChanged: (member: MemberProfileView) => void;
  onAgain: () => void;
}): JSX.Element {
  const words = useWords(MEMBERS);
  const past = useWords(PAST);
  const log = useWords(REMINDERS);
  const { may } = useConsole();
  return (
    <Tabs
      label={name}
      tabs={[
        {
          id: "timeline",
          title: words.timeline,
          body: <Timeline key={turn} at={at} />,
        },
        {
          id: "past",
          title: past.title,
          body: <PastBalance at={at} now={account?.balance ?? null} />,
        },
        { id: "reminders", title: log.title, body: <Reminders at={at} /> },
        { id: "lots", title: words.lots, body: <Lots account={account} /> },
        {
          id: "about",
          title: words.about,
          body: (
            <About
              key={member.version}
              member={member}
              at={at}
              onChanged={onChanged}
              onAgain={onAgain}
            />
          ),
        },
      ].filter(({ id }) => id === "about" || may("points.read"))}
    />
  );
}

/** Which records are of the same person. */
function OneMember({ member }: { member: MemberProfileView }): JSX.Element {
  const words = useWords(MEMBERS);
  const link = (memberId: string): JSX.Element => (
    <a key={memberId} class="num" href={`/console/members/${encodeURIComponent(memberId)}`}>
      {memberId}
    </a>
  );
  if (member.mergedInto !== null) {
    return (
      <p class="note" role="note">
        {words.mergedInto} {link(member.mergedInto)}
      </p>
    );
  }
  if (member.records.length === 0) return <></>;
  return (
    <p class="note mute">
      {words.mergedFrom} {member.records.map(({ memberId }) => link(memberId))}
    </p>
  );
}

function Acts({
  member,
  at,
  onChanged,
}: {
  member: MemberProfileView;
  at: string;
  onChanged: () => void;
}): JSX.Element {
  const words = useWords(MEMBERS);
  const { may } = useConsole();
  const [open, setOpen] = useState<"adjust" | "block" | "merge" | "reveal" | null>(null);
  const close = (): void => setOpen(null);
  const done = (): void => {
    close();
    onChanged();
  };
  const isBlocked = member.blockedAtMs !== null;
  // Of a record that went into another one only the past is left to look at.
  if (member.mergedInto !== null) return <></>;
  return (
    <>
      {may("members.reveal") && (member.name !== "" || member.hasPhone) && (
        <Button icon="eye" onClick={() => setOpen("reveal")}>
          {words.reveal}
        </Button>
      )}
      {may("members.merge") && (
        <Button icon="users" onClick={() => setOpen("merge")}>
          {words.merge}
        </Button>
      )}
      {may("members.write") && (
        <Button
          kind={isBlocked ? "line" : "danger"}
          icon={isBlocked ? "undo" : "lock"}
          onClick={() => setOpen("block")}
        >
          {isBlocked ? words.unblock : words.block}
        </Button>
      )}
      {may("points.grant") && (
        <Button kind="primary" icon="coin" onClick={() => setOpen("adjust")}>
          {words.adjust}
        </Button>
      )}
      {open === "adjust" && (
        <AdjustDialog memberId={member.memberId} onClose={close} onDone={done} />
      )}
      {open === "block" && (
        <BlockDialog at={at} isBlocked={isBlocked} onClose={close} onDone={done} />
      )}
      {open === "merge" && <MergeDialog memberId={member.memberId} onClose={close} onDone={done} />}
      {open === "reveal" && <RevealDialog at={at} onClose={close} />}
    </>
  );
}

function Tiles({
  member,
  account,
}: {
  member: MemberProfileView;
  account: AccountView | null;
}): JSX.Element {
  const words = useWords(MEMBERS);
  const { active, pending, deficit } = account?.balance ?? {
    active: member.active,
    pending: member.pending,
    deficit: 0,
  };
  const when = (atMs: number | null): string => (atMs === null ? words.never : dateIso(atMs));
  return (
    <div class="grid tiles">
      <Stat
        name={words.balance}
        value={count(active)}
        note={words.balanceNote(count(pending), deficit > 0 ? words.owes(count(deficit)) : "")}
        formula={words.balanceFormula}
      />
      <Stat
        name={words.spent}
        value={count(member.spentPoints)}
        note={words.spentNote(count(member.earnedPoints))}
        formula={words.spentFormula}
      />
      <Stat
        name={words.frequency}
        value={words.times(member.frequency)}
        note={words.frequencyNote(when(member.lastPurchaseAtMs))}
        formula={words.frequencyFormula}
      />
      <Stat
        name={words.nextExpiry}
        value={count(member.nextExpiring)}
        note={member.nextExpiresAtMs === null ? words.forever : dateIso(member.nextExpiresAtMs - 1)}
        formula={words.expiryFormula}
      />
    </div>
  );
}
