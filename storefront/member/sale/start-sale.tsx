import { hydrate, type ComponentType } from "preact";
import { createApi } from "../../client/api.ts";
import { pageClock } from "../../client/clock.ts";
import { createDoor, type Door } from "../../client/door.ts";
import { newOrderId, orderStore } from "../../client/order-id.ts";
import { onComeBack } from "../../client/visibility.ts";
import type { Text } from "../../locales/zh-CN.ts";
import { App } from "../app.tsx";
import { SaleAct } from "./sale-act.tsx";
import { SaleController } from "./sale-controller.ts";
import { initialModel, type SaleData } from "./sale-model.ts";

interface PartProps {
  data: SaleData;
  controller: SaleController;
}

/** A preview is looked at: it asks nobody, and nothing on it can be tapped. */
const NO_DOOR: Door = {
  start: () => undefined,
  stop: () => undefined,
  reconnect: () => undefined,
  send: () => false,
};

/** Wires the sale page to the browser: the bar first, so that a tap counts; then what is read. */
export async function startSale(data: SaleData, text: Text): Promise<void> {
  const controller = new SaleController(initialModel(data), {
    api: createApi({ locale: data.locale }),
    clock: pageClock(data.serverTimeMs),
    store: orderStore(data.sale.saleId, data.me?.memberId ?? ""),
    createDoor: data.isPreview ? () => NO_DOOR : createDoor,
    newOrderId: () => newOrderId(),
    random: Math.random,
    isVisible: () => document.visibilityState === "visible",
  });
  const takeUp = (id: string, Part: ComponentType<PartProps>): void => {
    const place = document.getElementById(id);
    if (place === null) return;
    hydrate(
      <App text={text}>
        <Part data={data} controller={controller} />
      </App>,
      place,
    );
  };
  takeUp("sale-act", SaleAct);
  document.body.inert = data.isPreview;
  controller.start();
  if (!data.isPreview) {
    onComeBack(
      (reason) => controller.comeBack(reason),
      () => controller.wentOffline(),
    );
  }
  const { SaleBody, followSale } = await import("./sale-body.tsx");
  takeUp("sale-body", SaleBody);
  followSale(data, controller);
}
