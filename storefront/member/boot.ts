import "../ui/tokens.css";
import "../ui/base.css";
import "./sale/sale.css";
import "./pages.css";
import type { PageData } from "../../worker/pages/page-data.ts";
import { zhCN, type Text } from "../locales/zh-CN.ts";

/** The page's words: Chinese is here, the other language comes when it is asked for. */
async function textOf(data: PageData): Promise<Text> {
  return data.locale === "en" ? (await import("../locales/en.ts")).en : zhCN;
}

/** Takes up the page that the Worker rendered: what it needs to answer first, then what only some visits have a use for. */
export async function boot(
  start: (data: PageData, text: Promise<Text>, place: HTMLElement) => Promise<unknown>,
): Promise<void> {
  const app = document.getElementById("app");
  const json = document.getElementById("page-data")?.textContent;
  if (app === null || json === undefined || json === "") return;
  const data = JSON.parse(json) as PageData;
  // The page stands at an entry of a sheet that is not open any more: Back would lead nowhere, which without a network it may.
  if ((history.state as { over?: number } | null)?.over)
    await import("../ui/use-back.ts").then(
      ({ leaveOver }) => leaveOver(),
      () => undefined,
    );
  // Without a network an ornament leaves its ground instead of the browser's sign for a broken picture.
  addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof HTMLImageElement && target.alt === "") target.style.opacity = "0";
    },
    true,
  );
  await start(data, textOf(data), app);
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
