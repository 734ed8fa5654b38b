import type { JSX } from "preact";
import type { WalletView } from "../../../worker/pages/wire.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { count, lastMs } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { useText } from "../../ui/text.tsx";
import { everEarned, firstPendingMs, lapsingSoon, SOON_DAYS } from "./expiry-model.ts";

function Kind(props: { icon: string; name: string; points: number; sub: string }): JSX.Element {
  return (
    <div>
      <dt>
        <Icon name={props.icon} size={16} />
        {props.name}
      </dt>
      <dd class="num">{count(props.points)}</dd>
      <dd class="kinds-s">{props.sub}</dd>
    </div>
  );
}

/** What can be used, and beside it what cannot yet, not now, or not for long. */
export function Balance({
  wallet,
  nowMs,
  words,
}: {
  wallet: WalletView;
  nowMs: number;
  words: PointsText;
}): JSX.Element {
  const t = useText();
  const pendingMs = firstPendingMs(wallet.lots, nowMs);
  const lapsing = lapsingSoon(wallet.lots, nowMs);
  const owed = wallet.balance.deficit;
  const pendingSub =
    wallet.pending === 0 || pendingMs === null
      ? wallet.pending === 0
        ? words.points.pendingNone
        : ""
      : words.points.pendingSub(t.common.date(pendingMs, nowMs));
  return (
    <section class="balance">
      <h1 class="small sec">{words.points.active}</h1>
      <div class="balance-l">
        <b class="num">{count(wallet.active)}</b>
        <a class="btn primary" href="/g?affordable=1">
          {words.points.goods}
        </a>
      </div>
      <dl class="kinds">
        <Kind
          icon="lock"
          name={words.points.held}
          points={wallet.held}
          sub={words.points.heldSub}
        />
        <Kind icon="plus" name={words.points.pending} points={wallet.pending} sub={pendingSub} />
        <Kind
          icon="clock"
          name={words.points.lapsing}
          points={lapsing.points}
          sub={
            lapsing.firstAtMs === null
              ? words.points.lapsingNone(SOON_DAYS)
              : words.points.lapsingSub(t.common.date(lastMs(lapsing.firstAtMs), nowMs))
          }
        />
      </dl>
      <p class="note mute">
        {words.points.totals}{" "}
        <span class="num">
          {words.points.totalsOf(
            everEarned(wallet.balance),
            wallet.spent,
            wallet.expired,
            wallet.balance.clawedBack,
          )}
        </span>
      </p>
      {owed !== 0 && (
        <p class="tip note">
          <Icon name="alert" size={16} />
          <span>{words.points.deficit(owed)}</span>
        </p>
      )}
    </section>
  );
}
