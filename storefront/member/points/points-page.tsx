import type { JSX } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { CheckInView } from "../../../worker/pages/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { createPointsApi } from "../../client/points-api.ts";
import { onComeBack } from "../../client/visibility.ts";
import { pointsText } from "../../locales/points.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import {
  alert,
  calendar,
  check,
  clock,
  coin,
  crown,
  gift,
  home,
  info,
  list,
  lock,
  minus,
  orders,
  plus,
  right,
  shield,
  undo,
  users,
  wallet as purse,
} from "../../ui/icons.ts";
import { LanguageSwitch, TabBar } from "../../ui/parts.tsx";
import { CheckInCard } from "../check-in/check-in-card.tsx";
import { useCheckIn } from "../check-in/use-check-in.ts";
import { Expiring } from "../goods/suggested.tsx";
import { Balance } from "./balance.tsx";
import { ExpiryCalendar } from "./expiry-calendar.tsx";
import { Ledger } from "./ledger.tsx";
import { MoreWays } from "./more-ways.tsx";
import { Reminders } from "./reminders.tsx";
import { useLedger } from "./use-ledger.ts";

type PointsData = Extract<PageData, { page: "points" }>;
const ICONS = {
  ...{ alert, calendar, check, clock, coin, crown, gift, home, info, list, lock, minus },
  ...{ orders, plus, receipt: purse, right, shield, undo, users, wallet: purse },
};

type Freshness = "fresh" | "offline" | "stale";

function CheckIn(props: { view: CheckInView; data: PointsData; changed: () => void }): JSX.Element {
  const { view, data, changed } = props;
  const words = pointsText(data.locale);
  const use = useCheckIn(view, data.locale, words, changed);
  return <CheckInCard use={use} locale={data.locale} words={words} />;
}

/** The balance as the authority has it: read again after an act, and whenever the page comes back. */
function useWallet(
  data: PointsData,
  reloadLedger: () => Promise<void>,
): [PointsData["points"], Freshness, () => void] {
  const [wallet, setWallet] = useState(data.points);
  const [freshness, setFreshness] = useState<Freshness>("fresh");
  const reloadRef = useRef(reloadLedger);
  const newestRef = useRef(data.points.entries[0]?.seq);
  useEffect(() => {
    reloadRef.current = reloadLedger;
  });
  const refresh = useCallback(async (): Promise<void> => {
    const answer = await createPointsApi({ locale: data.locale }).wallet();
    setFreshness(answer.ok ? "fresh" : navigator.onLine ? "stale" : "offline");
    if (!answer.ok) return;
    setWallet(answer.value);
    const newest = answer.value.entries[0]?.seq;
    // A page of older entries stays as it is unless something new stands above it.
    if (newest !== newestRef.current) await reloadRef.current();
    newestRef.current = newest;
  }, [data.locale]);
  useEffect(
    () =>
      onComeBack(
        () => void refresh(),
        () => setFreshness("offline"),
      ),
    [refresh],
  );
  return [wallet, freshness, () => void refresh()];
}

export function PointsPage({ data }: { data: PointsData }): JSX.Element {
  const words = pointsText(data.locale);
  const { serverTimeMs: nowMs, locale } = data;
  const ledger = useLedger(data, nowMs);
  const [wallet, freshness, refresh] = useWallet(data, ledger.reload);
  return (
    <div class="page">
      <Sprite icons={ICONS} />
      <main>
        <div role="status" class="pad-x">
          {freshness !== "fresh" && (
            <p class="tip note">
              <Icon name="alert" size={16} />
              <span>{words.points[freshness]}</span>
            </p>
          )}
        </div>
        <Balance wallet={wallet} nowMs={nowMs} words={words} />
        {data.checkIn !== null && <CheckIn view={data.checkIn} data={data} changed={refresh} />}
        <MoreWays data={data} words={words} />
        <ExpiryCalendar wallet={wallet} nowMs={nowMs} words={words} />
        <Expiring suggestions={data.suggestions} locale={locale} nowMs={nowMs} />
        {data.reminders !== null && (
          <Reminders initial={data.reminders} nowMs={nowMs} locale={locale} words={words} />
        )}
        <Ledger use={ledger} nowMs={nowMs} locale={locale} words={words} />
        <LanguageSwitch />
      </main>
      <TabBar current="points" />
    </div>
  );
}
