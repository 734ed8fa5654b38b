import type { PageData } from "../../worker/pages/page-data.ts";
import { comeAnew } from "../client/come-anew.ts";
import { watchNetwork } from "../client/network.ts";
import { boot } from "./boot.ts";
import { PAGES, type PageName } from "./pages.ts";

/** These say by themselves what holds without a network, beside the figures that it is about. */
const SPEAKS_FOR_ITSELF: ReadonlySet<PageData["page"]> = new Set([
  ...(["goods", "points", "voucher"] as const),
]);

void boot(async (data, words, place) => {
  // Both at once: neither waits for the other's request.
  const [text, page] = await Promise.all([words, PAGES[data.page as PageName]()]);
  page.start(data as never, text, place);
  const tell = SPEAKS_FOR_ITSELF.has(data.page)
    ? () => dispatchEvent(new Event("offline"))
    : watchNetwork(data.locale, data.serverTimeMs);
  comeAnew(data, tell);
});
