import type { JSX } from "preact";
import type { TierCardView } from "../../../worker/pages/wire.ts";
import type { MallText } from "../../locales/mall.zh-CN.ts";
import { lastMs } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { useText } from "../../ui/text.tsx";

/** What the tier gives; where it gives nothing, what the next one would. And until when it stands. */
export function TierBenefits(props: {
  tier: TierCardView;
  nowMs: number;
  words: MallText["me"];
}): JSX.Element {
  const { tier, nowMs, words } = props;
  const t = useText();
  const { next, ladder, missingToStay, windowEndsAtMs } = tier;
  const own = tier.benefits.map(({ text }) => text);
  const coming = ladder.find(({ tierId }) => tierId === next?.tierId)?.benefits ?? [];
  const shown = own.length > 0 ? own : coming;
  return (
    <>
      {shown.length > 0 && (
        <span class="me-tier">
          {own.length === 0 && next !== null && <b class="note">{words.tierThen(next.name)}</b>}
          {shown.map((text) => (
            <span key={text} class="small">
              <Icon name={own.length > 0 ? "check" : "plus"} size={16} />
              {text}
            </span>
          ))}
        </span>
      )}
      {missingToStay > 0 && windowEndsAtMs !== null && (
        <span class="note">
          {words.tierStay(t.common.date(lastMs(windowEndsAtMs), nowMs), missingToStay)}
        </span>
      )}
    </>
  );
}
