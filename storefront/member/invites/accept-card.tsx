import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { InviteOffer } from "../../../worker/pages/wire.ts";
import type { Locale } from "../../../worker/pages/page-data.ts";
import { createActs } from "../../client/acts.ts";
import type { Problem } from "../../client/api.ts";
import { deviceId } from "../../client/device.ts";
import { createPointsApi } from "../../client/points-api.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { Outcome } from "../points/refusal.tsx";
import { Offer } from "./offer.tsx";

/** A friend's link led here: what accepting means, and one button. */
export function AcceptCard(props: {
  code: string;
  offer: InviteOffer;
  mall: string;
  locale: Locale;
  words: PointsText;
}): JSX.Element {
  const { code, offer, mall, locale, words } = props;
  const [acts] = useState(() => createActs());
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isAccepted, setAccepted] = useState(false);
  const accept = async (): Promise<void> => {
    setBusy(true);
    const api = createPointsApi({ locale });
    const answer = await acts.run("accept", (requestId) => api.accept(requestId, code, deviceId()));
    if (answer === null) return;
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    setAccepted(answer.ok);
  };
  return (
    <section class="card blk inv">
      <Offer offer={offer} mall={mall} locale={locale} />
      {!isAccepted && (
        <button
          type="button"
          class="btn primary block more"
          aria-disabled={busy}
          onClick={() => void accept()}
        >
          {busy && <i class="spin" />}
          {busy ? words.invites.accepting : words.invites.accept}
        </button>
      )}
      <Outcome problem={problem} done={isAccepted ? words.invites.accepted : ""} words={words} />
    </section>
  );
}
