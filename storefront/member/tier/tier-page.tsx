import type { JSX } from "preact";
import type { TierCardView } from "../../../worker/pages/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { pointsText } from "../../locales/points.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { count, lastMs } from "../../ui/format.ts";
import { crown } from "../../ui/icons.ts";
import { Icon } from "../../ui/icon.tsx";
import { Badge } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";
import { PageFrame } from "../points/page-frame.tsx";

type TierData = Extract<PageData, { page: "tier" }>;
const ICONS = { crown };

export function TierCard({
  card,
  nowMs,
  words,
}: {
  card: TierCardView;
  nowMs: number;
  words: PointsText;
}): JSX.Element {
  const t = useText();
  const { next, projected } = card;
  const percent = Math.round(Math.min(1, Math.max(0, card.progress)) * 100);
  const isFalling = projected !== null && projected.tierId !== card.tier.tierId;
  return (
    <section class="tier">
      <p class="tier-n">
        <Icon name="crown" size={22} />
        <b>{card.tier.name}</b>
        <span class="note">
          {card.source === "paid" && `${words.tier.paid} · `}
          {card.windowEndsAtMs === null
            ? words.tier.forever
            : words.tier.keep(t.common.date(lastMs(card.windowEndsAtMs), nowMs))}
        </span>
      </p>
      <p class="tier-g">
        <span class="small">{words.tier.growth}</span>
        <b class="num">{count(card.growth)}</b>
      </p>
      {next !== null && (
        <div
          class="tier-b"
          role="progressbar"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
          aria-label={words.tier.progress(next.name)}
        >
          <i style={{ width: `${percent}%` }} />
        </div>
      )}
      <p class="small">
        {next === null ? words.tier.top : words.tier.next(next.name, next.missingGrowth)}
      </p>
      {card.missingToStay > 0 && card.windowEndsAtMs !== null && (
        <p class="note">
          {words.tier.stay(t.common.date(lastMs(card.windowEndsAtMs), nowMs), card.missingToStay)}
        </p>
      )}
      {isFalling && (
        <p class="note">
          {words.tier.projected(t.common.date(projected.onMs, nowMs), projected.name)}
        </p>
      )}
    </section>
  );
}

export function TierPage({ data }: { data: TierData }): JSX.Element {
  const words = pointsText(data.locale);
  const { tier: card } = data;
  return (
    <PageFrame title={words.tier.title} icons={ICONS} words={words}>
      <TierCard card={card} nowMs={data.serverTimeMs} words={words} />
      <section class="card blk">
        <h2>{words.tier.benefits}</h2>
        {card.benefits.length === 0 ? (
          <p class="small sec">{words.tier.benefitsNone}</p>
        ) : (
          <ul class="rows">
            {card.benefits.map(({ kind, text }) => (
              <li key={kind}>
                <Icon name="check" />
                <span>{text}</span>
              </li>
            ))}
          </ul>
        )}
        <p class="tip note">
          <Icon name="info" size={16} />
          <span>{words.tier.growthNote}</span>
        </p>
      </section>
      <section class="card blk">
        <h2>{words.tier.ladder}</h2>
        <ol class="rows">
          {card.ladder.map(({ tierId, name, fromGrowth, benefits }) => {
            const isOwn = tierId === card.tier.tierId;
            return (
              <li key={tierId} {...(isOwn ? { "aria-current": "true" as const } : {})}>
                <Icon name="crown" />
                <span>
                  {name}
                  <span class="note mute num">{words.tier.from(fromGrowth)}</span>
                  {benefits.length > 0 && <span class="note sec">{benefits.join("\u00a0· ")}</span>}
                </span>
                {isOwn && <Badge tone="brand">{words.tier.yours}</Badge>}
              </li>
            );
          })}
        </ol>
      </section>
    </PageFrame>
  );
}
