import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { InvitesView } from "../../../worker/pages/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { deviceId } from "../../client/device.ts";
import { createPointsApi } from "../../client/points-api.ts";
import { copyText } from "../../client/share.ts";
import { pointsText } from "../../locales/points.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { count, yuan } from "../../ui/format.ts";
import { copy, download, share, user, users, x } from "../../ui/icons.ts";
import { Icon } from "../../ui/icon.tsx";
import { Badge, Figured, type BadgeTone } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";
import { PageFrame } from "../points/page-frame.tsx";
import { AcceptCard } from "./accept-card.tsx";

type InvitesData = Extract<PageData, { page: "invites" }>;
const ICONS = { copy, download, share, user, users, x };
const TONES: Record<InvitesView["recent"][number]["state"], BadgeTone> = {
  waiting: "info",
  rewarded: "ok",
  refused: "plain",
};

/** The rules in the order in which people ask; that sharing pays nothing is always among them. */
export function ruleLines({ rules }: InvitesView, words: PointsText): string[] {
  return [
    words.invites.acts[rules.act] ?? words.invites.actOther,
    ...(rules.amountFenMin === 0 ? [] : [words.invites.ruleAmount(yuan(rules.amountFenMin))]),
    words.invites.ruleDays(rules.days),
    words.invites.ruleShare,
    words.invites.ruleNew,
    ...(rules.inviterPoints === 0
      ? []
      : [words.invites.ruleCap(words.invites.period[rules.cap.period], rules.cap.timesMax)]),
    ...(rules.guarded.length === 0
      ? []
      : [words.invites.ruleGuard(rules.guarded.map((trait) => words.invites.trait[trait]))]),
  ];
}

function Link({ data, words }: { data: InvitesData; words: PointsText }): JSX.Element {
  const { invites } = data;
  const [copied, setCopied] = useState<boolean | null>(null);
  return (
    <section class="card blk inv">
      <h2>
        <Figured text={words.invites.head(invites.rules.inviterPoints)} />
      </h2>
      {invites.rules.inviteePoints > 0 && (
        <p class="small sec">{words.invites.headFriend(invites.rules.inviteePoints)}</p>
      )}
      <dl class="inv-l">
        <dt>{words.invites.link}</dt>
        <dd class="num">{invites.link}</dd>
        <dt>{words.invites.code}</dt>
        <dd class="num">
          <b>{invites.code}</b>
        </dd>
      </dl>
      <button
        type="button"
        class="btn primary block"
        onClick={() => void copyText(invites.link).then(setCopied)}
      >
        <Icon name={copied === true ? "check" : "copy"} size={18} />
        {copied === true ? words.invites.copied : words.invites.copy}
      </button>
      {data.sharesPoster && (
        <button
          type="button"
          class="btn line block more"
          onClick={() =>
            void import("../poster/poster-sheet.tsx").then(({ shareInvite }) =>
              shareInvite(data, invites),
            )
          }
        >
          <Icon name="share" size={18} />
          {words.invites.poster}
        </button>
      )}
      <p class="note sec mid" role="status">
        {copied === null ? "" : copied ? words.invites.copied : words.invites.copyFailed}
      </p>
    </section>
  );
}

function Recent({
  invites,
  nowMs,
  words,
}: {
  invites: InvitesView;
  nowMs: number;
  words: PointsText;
}): JSX.Element {
  const t = useText();
  const counts = [
    [words.invites.invited, invites.invited],
    [words.invites.waiting, invites.waiting],
    [words.invites.rewarded, invites.rewarded],
  ] as const;
  return (
    <section class="card blk">
      <h2>{words.invites.counts}</h2>
      <dl class="kinds bare">
        {counts.map(([name, n]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="num">{count(n)}</dd>
          </div>
        ))}
      </dl>
      {invites.recent.length === 0 ? (
        <p class="small sec">{t.common.sentences(words.invites.empty, words.invites.emptyBody)}</p>
      ) : (
        <ul class="rows" aria-label={words.invites.recent}>
          {invites.recent.map(({ atMs, state }) => (
            <li key={atMs}>
              <Icon name="user" />
              <span>
                {words.invites.friend}
                <span class="note mute num">{t.common.dateTime(atMs, nowMs)}</span>
              </span>
              <Badge tone={TONES[state]}>{words.invites.state[state]}</Badge>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

export function InvitesPage({ data }: { data: InvitesData }): JSX.Element {
  const words = pointsText(data.locale);
  const { invites } = data;
  useEffect(() => {
    const device = deviceId();
    // Heard or not: the page is the same, and the next look says it again.
    if (device !== "") void createPointsApi({ locale: data.locale }).showsInvite(device);
  }, [data.locale]);
  return (
    <PageFrame title={words.invites.title} icons={ICONS} words={words}>
      {data.friend && (
        <AcceptCard
          {...data.friend}
          mall={data.programme.name}
          locale={data.locale}
          words={words}
        />
      )}
      <Link data={data} words={words} />
      <section class="card blk">
        <h2>{words.invites.rules}</h2>
        <ol class="pt-rules">
          {ruleLines(invites, words).map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      </section>
      <Recent invites={invites} nowMs={data.serverTimeMs} words={words} />
    </PageFrame>
  );
}
