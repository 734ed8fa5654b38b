import type { JSX } from "preact";
import type { DashboardView } from "../../../worker/figures/wire.ts";
import { count } from "../../ui/format.ts";
import { Stat, useShort, useWords } from "../kit/index.ts";
import { DASHBOARD } from "./words.ts";
import { DAY_MS, HOUR_MS } from "../../client/durations.ts";

const BEIJING_MS = 8 * HOUR_MS;
const startOfDay = (atMs: number): number =>
  Math.floor((atMs + BEIJING_MS) / DAY_MS) * DAY_MS - BEIJING_MS;

/** The entries of a type, or of all, from a moment on. */
const entriesOf = (type: string, fromMs: number): string =>
  `/console/ledger?${type === "" ? "" : `type=${type}&`}fromMs=${fromMs}`;

const percent = (part: number, whole: number): number => (whole === 0 ? 0 : (part / whole) * 100);

/** The figures a merchant asks for first. */
export function Tiles({ view }: { view: DashboardView }): JSX.Element {
  const words = useWords(DASHBOARD);
  const { today, points, satisfaction } = view;
  return (
    <div class="grid tiles five">
      {today && (
        <Stat
          name={words.orders}
          value={count(today.orders)}
          unit={words.ordersUnit}
          note={words.ordersNote(count(today.points), today.cancelled)}
          formula={words.ordersFormula}
          href={points ? entriesOf("redeem", startOfDay(view.atMs)) : "/console/orders"}
        />
      )}
      {points && <PointsTiles points={points} atMs={view.atMs} />}
      {satisfaction && (
        <Stat
          name={words.satisfaction}
          value={
            satisfaction.ratings30 === 0
              ? "—"
              : (satisfaction.stars30 / satisfaction.ratings30).toFixed(1)
          }
          unit={satisfaction.ratings30 === 0 ? "" : words.stars}
          note={words.satisfactionNote(count(satisfaction.ratings30))}
          formula={words.satisfactionFormula}
          href="/console/orders/ratings?state=recent"
        />
      )}
    </div>
  );
}

function PointsTiles({
  points,
  atMs,
}: {
  points: NonNullable<DashboardView["points"]>;
  atMs: number;
}): JSX.Element {
  const words = useWords(DASHBOARD);
  const short = useShort();
  const said = (value: number): string => {
    const { value: figure, unit } = short(value);
    return figure + unit;
  };
  const used = percent(points.used30, points.issued30);
  const change = used - percent(points.usedBefore, points.issuedBefore);
  const owned = short(points.liability);
  const expiring = short(points.expiring15);
  return (
    <>
      <Stat
        name={words.redeemRate}
        value={percent(points.redeemers30, points.active30).toFixed(1)}
        unit="%"
        note={words.redeemNote(count(points.redeemers30), count(points.active30))}
        formula={words.redeemFormula}
        href="/console/members?redeemed=30"
      />
      <Stat
        name={words.usageRate}
        value={used.toFixed(1)}
        unit="%"
        note={
          points.issuedBefore > 0
            ? words.change(change)
            : words.usageNote(said(points.used30), said(points.issued30))
        }
        formula={words.usageFormula}
        href={entriesOf("", startOfDay(atMs) - 29 * DAY_MS)}
      />
      <Stat
        name={words.owned}
        value={owned.value}
        unit={owned.unit}
        note={words.ownedNote(points.rate.points, points.rate.fen, points.liabilityFen)}
        formula={words.ownedFormula}
        href="/console/members?sort=-balance"
      />
      <Stat
        name={words.expiring}
        value={expiring.value}
        unit={expiring.unit}
        note={words.expiringNote(count(points.expiringMembers))}
        formula={words.expiringFormula}
        href="/console/members?expiring=15"
      />
    </>
  );
}
