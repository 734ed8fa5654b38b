import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { onComeBack } from "../../client/visibility.ts";
import { pagesText } from "../../locales/pages.ts";
import { count } from "../../ui/format.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import {
  alert,
  check,
  clock,
  coin,
  home,
  info,
  lock,
  orders,
  plus,
  shield,
  undo,
} from "../../ui/icons.ts";
import { LanguageSwitch, TabBar } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";
import { Ledger } from "./ledger.tsx";
import { LotCalendar } from "./lot-calendar.tsx";

type PointsData = Extract<PageData, { page: "points" }>;
const ICONS = { alert, check, clock, coin, home, info, lock, orders, plus, shield, undo };

function Kind({
  icon,
  name,
  points,
  sub,
}: {
  icon: string;
  name: string;
  points: number;
  sub: string;
}): JSX.Element {
  return (
    <div>
      <dt>
        <Icon name={icon} size={16} />
        {name}
      </dt>
      <dd class="num">{count(points)}</dd>
      <dd class="kinds-s">{sub}</dd>
    </div>
  );
}

export function PointsPage({ data }: { data: PointsData }): JSX.Element {
  const t = useText();
  const words = pagesText(data.locale);
  const { points, serverTimeMs: nowMs } = data;
  useEffect(
    () =>
      onComeBack(
        (reason) => reason === "restored" && location.reload(),
        () => undefined,
      ),
    [],
  );
  const soonest = points.lots.reduce<number | null>((best, { pendingUntilMs }) => {
    if (pendingUntilMs === null || pendingUntilMs <= nowMs) return best;
    return best === null || pendingUntilMs < best ? pendingUntilMs : best;
  }, null);
  const pendingSub =
    soonest === null
      ? words.points.pendingNone
      : words.points.pendingSub(t.common.date(soonest, nowMs));
  return (
    <div class="page">
      <Sprite icons={ICONS} />
      <main>
        <section class="balance">
          <h1 class="small sec">{words.points.active}</h1>
          <div class="balance-l">
            <b class="num">{count(points.active)}</b>
            <a class="btn primary" href="/">
              {words.points.goods}
            </a>
          </div>
          <dl class="kinds">
            <Kind
              icon="lock"
              name={words.points.held}
              points={points.held}
              sub={words.points.heldSub}
            />
            <Kind
              icon="clock"
              name={words.points.pending}
              points={points.pending}
              sub={points.pending > 0 ? pendingSub : words.points.pendingNone}
            />
            <Kind
              icon="check"
              name={words.points.spent}
              points={points.spent}
              sub={words.points.spentSub(points.expired)}
            />
          </dl>
          {points.negative !== 0 && (
            <p class="tip note">
              <Icon name="alert" size={16} />
              <span>{words.points.negative(Math.abs(points.negative))}</span>
            </p>
          )}
        </section>
        <LotCalendar lots={points.lots} nowMs={nowMs} words={words} />
        <Ledger points={points} nowMs={nowMs} locale={data.locale} words={words} />
        <LanguageSwitch />
      </main>
      <TabBar current="points" />
    </div>
  );
}
