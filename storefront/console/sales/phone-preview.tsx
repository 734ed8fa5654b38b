import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Card, Loading, useLocale, useRead, useWords } from "../kit/index.ts";
import type { ItemValues, SessionValues } from "./session-values.ts";
import { SALES } from "./words.ts";

const STATES = ["upcoming", "open", "gone"] as const;
/** A pause in typing before the phone follows. */
const FOLLOW_AFTER_MS = 400;

function addressOf(
  token: string,
  values: SessionValues,
  item: ItemValues,
  state: string,
  lang: string,
): string {
  const query = new URLSearchParams({ preview: token, state, lang, skuId: item.skuId });
  const figures = {
    title: item.title,
    pricePoints: item.pricePoints,
    priceFen: item.priceFen,
    units: item.units,
    limitPerMember: item.limitPerMember,
    opensAtMs: values.opensAtMs,
    closesAtMs: values.closesAtMs,
  };
  for (const [name, value] of Object.entries(figures))
    if (value !== null) query.set(name, String(value));
  return `/s/preview?${query.toString()}`;
}

/** The storefront itself in a phone's frame, with what stands in the form; nothing on it acts. */
export function PhonePreview({
  values,
  item,
}: {
  values: SessionValues;
  item: ItemValues | null;
}): JSX.Element {
  const words = useWords(SALES);
  const locale = useLocale();
  const [state, setState] = useState<(typeof STATES)[number]>("upcoming");
  // Another token would draw the phone anew.
  const token = useRead<{ token: string }>("/api/v1/staff/sale-preview", {
    ...{ everyMs: 600_000, staysOnReturn: true },
  });
  const wanted =
    token.value && item ? addressOf(token.value.token, values, item, state, locale) : null;
  const [shown, setShown] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setShown(wanted), FOLLOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  return (
    <div class="phone-place">
      {shown === null ? (
        <Card title={words.preview}>
          {item === null ? <p class="mute">{words.previewNone}</p> : <Loading />}
        </Card>
      ) : (
        <>
          <div class="phone">
            {/* oxlint-disable-next-line react/iframe-missing-sandbox -- our own page: its scripts run */}
            <iframe src={shown} title={words.preview} tabIndex={-1} />
          </div>
          <div class="segm" role="group" aria-label={words.preview}>
            {STATES.map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={state === one}
                onClick={() => setState(one)}
              >
                {words.previewStates[one]}
              </button>
            ))}
          </div>
        </>
      )}
    </div>
  );
}
