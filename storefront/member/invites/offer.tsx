import type { JSX } from "preact";
import type { Locale } from "../../../worker/pages/page-data.ts";
import type { InviteOffer } from "../../../worker/pages/wire.ts";
import { invitedText } from "../../locales/invited.ts";
import { yuan } from "../../ui/format.ts";

/** Who invites, and what both get by the rules that stand: the same before the sign-in and after it. */
export function Offer({
  offer,
  mall,
  locale,
}: {
  offer: InviteOffer;
  mall: string;
  locale: Locale;
}): JSX.Element {
  const words = invitedText(locale);
  const { inviterName, inviterPoints, inviteePoints, act, amountFenMin, days } = offer;
  const gains = [
    ...(inviteePoints > 0 ? [words.mine(inviteePoints)] : []),
    ...(inviterPoints > 0 ? [words.theirs(inviterPoints)] : []),
  ];
  const terms = [
    words.acts[act] ?? words.actOther,
    ...(amountFenMin > 0 ? [words.amount(yuan(amountFenMin))] : []),
  ];
  return (
    <>
      <h2>{words.title(inviterName, mall)}</h2>
      <p>
        <b>{gains.join(words.comma)}</b>
      </p>
      <p class="small sec">{terms.join(words.comma)}</p>
      <p class="small sec">{words.days(days)}</p>
    </>
  );
}
