import type { JSX } from "preact";
import { copyText } from "../../client/share.ts";
import { useStored } from "../../client/store.ts";
import { Sprite } from "../../ui/icon.tsx";
import { lock, plus, refresh, right, shield, wallet } from "../../ui/icons.ts";
import { LanguageSwitch } from "../../ui/parts.tsx";
import { SaleBand } from "./band.tsx";
import { Facts, Hero } from "./facts.tsx";
import { grabState } from "./grab-state.ts";
import { PassCard } from "./pass.tsx";
import { Rules } from "./rules.tsx";
import { DOOR_MISSED_AFTER_MS, type SaleController } from "./sale-controller.ts";
import { grabInputOf, initialModel, type SaleData } from "./sale-model.ts";

/** It comes with the body, since neither is needed before the button lives. */
export { followSale } from "./follow-sale.ts";

const ICONS = { lock, plus, refresh, right, shield, wallet };

/** Everything above the bar: it comes in the HTML and starts to move a moment after the button is live. */
export function SaleBody({
  data,
  controller,
}: {
  data: SaleData;
  controller: SaleController | null;
}): JSX.Element {
  const model = useStored(controller?.model ?? null, initialModel(data));
  const grab = grabState(grabInputOf(model));
  const { connection, sale, nowMs } = model;
  const doorMissed =
    sale.kind === "flash" &&
    connection.lostSinceMs !== null &&
    nowMs - connection.lostSinceMs >= DOOR_MISSED_AFTER_MS;
  // A seal that was there when the page came is shown still; one that is earned here is stamped.
  const stamped = data.order === null || data.order.orderId !== model.verdict?.orderId;
  const copy = (text: string): void => {
    void copyText(text).then((ok) =>
      controller?.toast(ok ? { key: "copied", text } : { key: "linkNotCopied", address: text }),
    );
  };
  return (
    <>
      <Sprite icons={ICONS} />
      <main>
        <Hero model={model} state={grab.state} stamped={stamped} />
        {sale.kind === "flash" && (
          <SaleBand model={model} nextOpensAtMs={data.nextSale?.opensAtMs ?? null} />
        )}
        <Facts model={model} />
        <PassCard
          model={model}
          grab={grab}
          nextSale={data.nextSale}
          doorMissed={doorMissed}
          onForgo={() => controller?.forgo()}
          onAgain={() => controller?.again()}
          onCopy={copy}
        />
        <Rules sale={sale} nowMs={nowMs} />
        <LanguageSwitch />
      </main>
    </>
  );
}
