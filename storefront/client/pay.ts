/** What a page does with the way to pay that the server was given: opens it, and never decides what became of it. */
import type { BegunPayment } from "../../worker/payments/wire.ts";
import type { Problem } from "./api.ts";

type HandOver = BegunPayment["handOver"];

export const isInWechat = (): boolean => /MicroMessenger\//i.test(navigator.userAgent);

export type HandedOver =
  /** Whether it was paid is to be asked. */
  | { readonly kind: "asked" }
  | { readonly kind: "code"; readonly svg: string }
  /** The member closed WeChat's sheet, or the browser is on its way to the cashier. */
  | { readonly kind: "left" };

interface Bridge {
  invoke(
    name: "getBrandWCPayRequest",
    params: Readonly<Record<string, string>>,
    done: (result: { readonly err_msg?: string }) => void,
  ): void;
}
declare global {
  interface Window {
    WeixinJSBridge?: Bridge;
  }
}

/** WeChat's bridge comes a moment after the page, or never where this is not WeChat. */
const BRIDGE_WITHIN_MS = 5_000;

function bridge(): Promise<Bridge | null> {
  if (window.WeixinJSBridge) return Promise.resolve(window.WeixinJSBridge);
  return new Promise((resolve) => {
    const give = (): void => resolve(window.WeixinJSBridge ?? null);
    document.addEventListener("WeixinJSBridgeReady", give, { once: true });
    setTimeout(give, BRIDGE_WITHIN_MS);
  });
}

/** The sheet says `ok` before the server has heard, so the page asks; what it says is no proof. */
async function sheet(params: Readonly<Record<string, string>>): Promise<HandedOver> {
  const own = await bridge();
  if (!own) return { kind: "left" };
  return new Promise((resolve) => {
    own.invoke("getBrandWCPayRequest", params, ({ err_msg: said = "" }) =>
      resolve({ kind: said.endsWith(":ok") ? "asked" : "left" }),
    );
  });
}

export async function handOverTo(handOver: HandOver): Promise<HandedOver> {
  switch (handOver?.kind) {
    case "redirect":
      location.assign(handOver.url);
      return { kind: "left" };
    case "qr": {
      const { renderSVG } = await import("uqr");
      return { kind: "code", svg: renderSVG(handOver.text, { border: 2 }) };
    }
    case "jsapi":
      return sheet(handOver.params);
    case undefined:
      return { kind: "asked" };
  }
}

/** WeChat has to say once who this is before its sheet can be opened. */
export const isPayerUnknown = ({ figures }: Problem): boolean =>
  figures["reason"] === "wechat_identity_needed";

export function meetPayer(): void {
  const here = encodeURIComponent(location.pathname);
  location.assign(`/api/v1/sign-in/wechat?returnTo=${here}`);
}
