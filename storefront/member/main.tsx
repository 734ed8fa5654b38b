import "../ui/tokens.css";
import "../ui/base.css";
import "./sale/sale.css";
import "./pages.css";
import type { PageData } from "../../worker/pages/page-data.ts";
import { zhCN, type Text } from "../locales/zh-CN.ts";
import { startSale } from "./sale/start-sale.tsx";

/** The page's words: Chinese is in the entry, the other language comes when it is asked for. */
async function textOf(data: PageData): Promise<Text> {
  return data.locale === "en" ? (await import("../locales/en.ts")).en : zhCN;
}

async function start(): Promise<void> {
  const app = document.getElementById("app");
  const json = document.getElementById("page-data")?.textContent;
  if (app === null || json === undefined || json === "") return;
  const data = JSON.parse(json) as PageData;
  if (data.page === "sale") {
    await startSale(data, await textOf(data));
  } else {
    // Both at once: neither waits for the other's request.
    const [text, { startOther }] = await Promise.all([textOf(data), import("./other-pages.tsx")]);
    startOther(data, text, app);
  }
  // For those who wait from outside, such as a test: from here on the page answers.
  document.documentElement.dataset["live"] = "1";
}

void start();
