import type { PageData } from "../../worker/pages/page-data.ts";
import { watchNetwork } from "../client/network.ts";
import { boot } from "./boot.ts";
import { PAGES, type PageName } from "./pages.ts";

/** These say by themselves what holds without a network, beside the figures that it is about. */
const SPEAKS_FOR_ITSELF: ReadonlySet<PageData["page"]> = new Set([
  ...(["goods", "points", "voucher"] as const),
]);

/**
 * A page that the browser kept whole while somebody was elsewhere may be hours old, or of somebody who has signed out on this phone since:
 * it comes anew. The old one stays until then, so nothing is blank. The catalogue stays where it was scrolled to.
 */
function comeAnew({ me, page }: PageData): void {
  if (me === null || page === "goodsList") return;
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}

void boot(async (data, words, place) => {
  // Both at once: neither waits for the other's request.
  const [text, page] = await Promise.all([words, PAGES[data.page as PageName]()]);
  page.start(data as never, text, place);
  comeAnew(data);
  if (!SPEAKS_FOR_ITSELF.has(data.page)) watchNetwork(data.locale, data.serverTimeMs);
});
