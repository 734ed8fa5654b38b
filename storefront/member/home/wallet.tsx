import type { JSX } from "preact";
import type { MeView } from "../../../worker/accounts/wire.ts";
import type { CheckInView } from "../../../worker/pages/wire.ts";
import { loginPath } from "../../client/paths.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { count } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Figured } from "../../ui/parts.tsx";

/** What the member has, and today's check-in one tap away. */
export function Wallet({
  me,
  checkIn,
  words,
  at,
}: {
  me: MeView | null;
  checkIn: CheckInView | null;
  words: PagesText;
  /** The page it stands on: who signs in comes back to it. */
  at: string;
}): JSX.Element {
  if (me === null) {
    return (
      <section class="wallet card wallet-in">
        <b>{words.home.loginTitle}</b>
        <a class="btn primary" href={loginPath(at)}>
          {words.home.login}
        </a>
      </section>
    );
  }
  return (
    <section class="wallet card" aria-label={words.home.active}>
      <div class="wallet-1">
        <div>
          <span class="small sec">{words.home.active}</span>
          <a class="wallet-b" href="/points">
            <b class="num">{count(me.points.active)}</b>
            <Icon name="right" size={18} />
          </a>
        </div>
        {checkIn !== null && (
          <a class={checkIn.isCheckedIn ? "btn quiet" : "btn tint"} href="/points/check-in">
            <Icon name={checkIn.isCheckedIn ? "check" : "calendar"} size={18} />
            {checkIn.isCheckedIn ? words.home.checkedIn : words.home.checkIn(checkIn.points)}
          </a>
        )}
      </div>
      {me.points.held + me.points.pending > 0 && (
        <p class="wallet-k">
          <span>
            <Figured text={words.home.held(me.points.held)} />
          </span>
          <span>
            <Figured text={words.home.pending(me.points.pending)} />
          </span>
        </p>
      )}
    </section>
  );
}
