import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { MallText } from "../../locales/mall.zh-CN.ts";
import { lastMs } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { useText } from "../../ui/text.tsx";
import type { MeData } from "./me-page.tsx";

const FEW = 3;

/** What can be shown at a till, soonest to lapse first. */
export function VoucherCard({
  data,
  words,
}: {
  data: MeData;
  words: MallText["me"];
}): JSX.Element | null {
  const t = useText();
  const [isWhole, setWhole] = useState(false);
  const { vouchers } = data;
  if (vouchers.length === 0) return null;
  return (
    <section class="card me-vs" aria-labelledby="me-vouchers">
      <header>
        <h2 id="me-vouchers">{words.vouchers}</h2>
        {vouchers.length > FEW && !isWhole && (
          <button type="button" class="h-more" onClick={() => setWhole(true)}>
            {words.vouchersAll(vouchers.length)}
          </button>
        )}
      </header>
      <ul>
        {vouchers
          .slice(0, isWhole ? vouchers.length : FEW)
          .map(({ voucherId, title, usesLeft, expiresAtMs, bookedAtMs, bookedUntilMs }) => (
            <li key={voucherId}>
              <a class="me-v" href={`/vouchers/${encodeURIComponent(voucherId)}`}>
                <span class="me-v-i" aria-hidden="true">
                  <Icon name="ticket" size={24} />
                </span>
                <span class="me-v-b">
                  <b>{title}</b>
                  <span class="note sec">
                    {usesLeft > 1 && `${words.voucherUses(usesLeft)} · `}
                    {bookedAtMs !== null && (bookedUntilMs ?? 0) > data.serverTimeMs
                      ? words.voucherBooked(t.common.dateTime(bookedAtMs, data.serverTimeMs))
                      : words.voucherUntil(t.common.date(lastMs(expiresAtMs), data.serverTimeMs))}
                  </span>
                </span>
                <span class="btn tint sm">{words.voucherShow}</span>
              </a>
            </li>
          ))}
      </ul>
    </section>
  );
}
