import "../ui/tokens.css";
import "../ui/base.css";
import "./sale/sale.css";
import "./pages.css";
import type { PageData } from "../../worker/pages/page-data.ts";
import { zhCN, type Text } from "../locales/zh-CN.ts";
import { watchNetwork } from "../client/network.ts";
import { startSale } from "./sale/start-sale.tsx";

/** The page's words: Chinese is in the entry, the other language comes when it is asked for. */
async function textOf(data: PageData): Promise<Text> {
  return data.locale === "en" ? (await import("../locales/en.ts")).en : zhCN;
}

/** These say by themselves what holds without a network, beside the figures that it is about. */
const SPEAKS_FOR_ITSELF: ReadonlySet<PageData["page"]> = new Set([
  ...(["sale", "goods", "points", "voucher"] as const),
]);

type Start = (data: never, text: Text, place: HTMLElement) => void;

/** Pages with a script of their own; the small ones share one, so that who goes from one to the next has it already. */
const OWN: Partial<Record<PageData["page"], () => Promise<{ start: Start }>>> = {
  home: () => import("./home/start-home.tsx"),
  calendar: () => import("./calendar/start-calendar.tsx"),
  login: () => import("./login/start-login.tsx"),
  goodsList: () => import("./goods/start-goods.tsx"),
  goods: () => import("./goods/start-goods.tsx"),
  addresses: () => import("./addresses/start-addresses.tsx"),
  voucher: () => import("./voucher/start-voucher.tsx"),
  me: () => import("./mine/start-mine.tsx"),
  notices: () => import("./mine/start-mine.tsx"),
  help: () => import("./mine/start-mine.tsx"),
  points: () => import("./points/start-points.tsx"),
  entry: () => import("./entry/start-entry.tsx"),
  checkIn: () => import("./check-in/start-check-in.tsx"),
  tasks: () => import("./tasks/start-tasks.tsx"),
  invites: () => import("./invites/start-invites.tsx"),
  tier: () => import("./tier/start-tier.tsx"),
  storedValue: () => import("./stored-value/start-stored-value.tsx"),
  code: () => import("./code/start-code.tsx"),
  verify: () => import("./verify/start-verify.tsx"),
};

async function start(): Promise<void> {
  const app = document.getElementById("app");
  const json = document.getElementById("page-data")?.textContent;
  if (app === null || json === undefined || json === "") return;
  const data = JSON.parse(json) as PageData;
  if (data.page === "sale") {
    await startSale(data, await textOf(data));
  } else {
    // Both at once: neither waits for the other's request.
    const load = OWN[data.page] ?? ((): Promise<{ start: Start }> => import("./other-pages.tsx"));
    const [text, page] = await Promise.all([textOf(data), load()]);
    page.start(data as never, text, app);
  }
  if (!SPEAKS_FOR_ITSELF.has(data.page)) watchNetwork(data.locale);
  if (window.parent !== window) (await import("../client/embed.ts")).startEmbedding();
  if (document.documentElement.dataset["wechat"]) {
    void (await import("../client/wechat.ts")).startWechat(data.locale);
  }
  // Pages for hours without a network; where there is nobody to keep or to forget, not at all.
  if (navigator.serviceWorker && (data.me !== null || navigator.serviceWorker.controller)) {
    // Without a network the script may be out of reach: the page is whole without it too.
    import("../client/offline.ts").then(
      ({ startOffline }) => startOffline(data),
      () => undefined,
    );
  }
  // For those who wait from outside, such as a test: from here on the page answers.
  document.documentElement.dataset["live"] = "1";
}

void start();
