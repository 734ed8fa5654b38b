import { render } from "preact";
import type { PageData } from "../../worker/pages/page-data.ts";
import { comeAnew } from "../client/come-anew.ts";
import type { Following } from "../client/keep-current.ts";
import { watchNetwork } from "../client/network.ts";
import { boot } from "./boot.ts";
import { PAGES, type PageName } from "./pages.ts";

/** These say by themselves what holds without a network, beside the figures that it is about. */
const SPEAKS_FOR_ITSELF: ReadonlySet<PageData["page"]> = new Set([
  ...(["goods", "points", "voucher"] as const),
]);

/**
 * Pages of what the merchant has set. A goods page looks after its goods by itself; on the others a member is in the middle of something,
 * and only their colours follow.
 */
const FOLLOWS: ReadonlySet<PageData["page"]> = new Set([
  ...(["home", "goodsList", "calendar", "me", "points", "checkIn", "tasks"] as const),
  ...(["invites", "tier", "help"] as const),
]);

const LISTEN_AFTER_MS = 3_000;

void boot(async (data, words, place) => {
  // Both at once: neither waits for the other's request.
  const [text, page] = await Promise.all([words, PAGES[data.page as PageName]()]);
  page.start(data as never, text, place);
  const tell = SPEAKS_FOR_ITSELF.has(data.page)
    ? () => dispatchEvent(new Event("offline"))
    : watchNetwork(data.locale, data.serverTimeMs);
  comeAnew(data, tell);
  const following: Following = {
    // Who has scrolled on in the catalogue keeps what was loaded since.
    isWhole: () => FOLLOWS.has(data.page) && (data.page !== "goodsList" || scrollY <= innerHeight),
    renew: (fresh, markup) => {
      const made = markup.getElementById(place.id);
      if (fresh.page !== data.page || made === null) return location.reload();
      renewIn(place, made, () =>
        // The clock of a page is set by its own request.
        page.start({ ...fresh, serverTimeMs: data.serverTimeMs } as never, text, place),
      );
    },
  };
  setTimeout(() => {
    import("../client/keep-current.ts").then(
      ({ keepCurrent }) => keepCurrent(following),
      () => undefined,
    );
  }, LISTEN_AFTER_MS);
});

/**
 * In one go, so that nothing is seen but what changed; focus and place stay. The markup is the server's again, because only there the
 * icons have their shapes.
 */
function renewIn(place: HTMLElement, made: HTMLElement, start: () => void): void {
  const { scrollX: left, scrollY: top } = window;
  const focused = pathTo(document.activeElement, place);
  render(null, place);
  place.replaceChildren(...made.childNodes);
  start();
  elementAt(focused, place)?.focus({ preventScroll: true });
  scrollTo(left, top);
}

/** Which child of which child an element is; empty where it is none of the page's. */
function pathTo(element: Element | null, place: HTMLElement): readonly number[] {
  const path: number[] = [];
  let at = element;
  while (at !== null && at !== place) {
    path.unshift([...(at.parentElement?.children ?? [])].indexOf(at));
    at = at.parentElement;
  }
  return at === null ? [] : path;
}

function elementAt(path: readonly number[], place: HTMLElement): HTMLElement | null {
  if (path.length === 0) return null;
  const found = path.reduce<Element | undefined>((at, child) => at?.children[child], place);
  return found instanceof HTMLElement ? found : null;
}
