import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { mallText } from "../../locales/mall.ts";
import { headset } from "../../ui/icons.ts";
import { Icon } from "../../ui/icon.tsx";
import { RichText } from "../home/blocks.tsx";
import { SubFrame } from "./sub-frame.tsx";

export type HelpData = Extract<PageData, { page: "help" }>;
const ICONS = { headset };

export function HelpPage({ data }: { data: HelpData }): JSX.Element {
  const words = mallText(data.locale).help;
  const { phone, hours } = data.contact;
  // The order that a member comes from: who answers finds it by this number.
  const [orderId, setOrderId] = useState("");
  useEffect(() => {
    const asked = new URLSearchParams(location.search).get("order") ?? "";
    if (/^[0-9A-Za-z_-]{16,40}$/.test(asked)) setOrderId(asked);
  }, []);
  return (
    <SubFrame title={words.title} back={mallText(data.locale).notices.back} icons={ICONS}>
      {data.rules.length > 0 && (
        <section class="card blk">
          <h2>{words.rules}</h2>
          <RichText paragraphs={data.rules} />
        </section>
      )}
      <section class="card blk">
        <h2>{words.faq}</h2>
        {words.questions.map(({ q, a }) => (
          <details key={q} class="me-qa">
            <summary>{q}</summary>
            <p class="small sec">{a}</p>
          </details>
        ))}
      </section>
      <section class="card blk" id="contact">
        <h2>{words.contact}</h2>
        {orderId !== "" && <p class="small">{words.aboutOrder(orderId)}</p>}
        {phone === "" ? (
          <p class="small sec">{words.contactNone}</p>
        ) : (
          <a class="btn line block" href={`tel:${phone.replaceAll(/[^\d+]/g, "")}`}>
            <Icon name="headset" size={18} />
            <span class="num">{phone}</span>
          </a>
        )}
        {hours !== "" && (
          <p class="small sec">
            {words.hours} {hours}
          </p>
        )}
      </section>
      <section class="card blk" id="privacy">
        <h2>{words.privacy}</h2>
        {data.privacy.length > 0 ? (
          <RichText paragraphs={data.privacy} />
        ) : (
          <p class="small sec">{words.privacyDefault}</p>
        )}
      </section>
    </SubFrame>
  );
}
