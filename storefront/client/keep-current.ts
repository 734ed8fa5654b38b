/**
 * A page that lies open shows what the merchant has set, also what was set since. A line to the shop says that something was changed; the
 * page then reads its own address again, and where it would look different now, takes that up in place.
 */
import type {
  OPEN_PAGES_PATH,
  SETTLED_AFTER_MS,
  ShownFrame,
  STILL_THERE,
} from "../../worker/open-pages/wire.ts";
import type { LOOK_PATH, LookView } from "../../worker/page-builder/wire.ts";
import type { PageData } from "../../worker/pages/page-data.ts";

/** The Worker's own values: another one does not compile. */
export const LINE: {
  readonly path: typeof OPEN_PAGES_PATH;
  readonly lookPath: typeof LOOK_PATH;
  readonly stillThere: typeof STILL_THERE;
  readonly settledAfterMs: typeof SETTLED_AFTER_MS;
} = {
  path: "/api/v1/open-pages",
  lookPath: "/api/v1/look",
  stillThere: "?",
  settledAfterMs: 2_600,
};

/** How a page follows what the merchant changes while it lies open. */
export interface Following {
  /** Whether now all of it is read, or only what it wears. */
  readonly isWhole: () => boolean;
  /** It hears of commands to its sale by itself. */
  readonly hasDoor?: boolean;
  /** Takes the page up anew, with the markup that the server made of it. Nothing that the member has begun may be lost. */
  readonly renew: (fresh: PageData, markup: Document) => void;
}

/** Middleboxes cut a line that is silent for longer. */
const SPEAK_EVERY_MS = 45_000;
const AGAIN_FIRST_MS = 5_000;
const AGAIN_MOST_MS = 120_000;
/** Readings in a row that fail before the next change is waited for. */
const UNREAD_MOST = 3;
/** Whoever is in the middle of something is not disturbed; this long after the last touch the page may move. */
const CALM_AFTER_MS = 1_500;
const LOOK_FOR_CALM_EVERY_MS = 300;

/** What of a page is the merchant's: all but the moment at which it was made. */
const contentOf = (json: string): string => json.replaceAll(/"serverTimeMs":\d+/g, "");

function dataIn(page: Document): { json: string; data: PageData } | null {
  const json = page.getElementById("page-data")?.textContent;
  return json ? { json, data: JSON.parse(json) as PageData } : null;
}

/** Colours and corners: a style and a word on the root, taken up without a redraw of anything else. */
function wear({ theme, css }: Pick<LookView, "theme" | "css">): void {
  const root = document.documentElement;
  if (root.dataset["theme"] !== theme) root.dataset["theme"] = theme;
  const worn = document.getElementById("dress");
  if ((worn?.textContent ?? "") === css) return;
  const style = worn ?? document.createElement("style");
  style.id = "dress";
  style.textContent = css;
  document.head.append(style);
}

class Line {
  private readonly page: Following;
  private readonly address = location.pathname + location.search;
  private content: string;
  /** The server's moment that the page shows. */
  private shownAtMs: number;
  private changedAtMs = 0;
  /** The change that the page was last read for. */
  private readForMs = 0;
  private withinMs = 0;
  private socket: WebSocket | null = null;
  private failures = 0;
  private isHeard = false;
  private unread = 0;
  private reading: ReturnType<typeof setTimeout> | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private touchedAtMs = Number.NEGATIVE_INFINITY;

  constructor(shown: { json: string; data: PageData }, page: Following) {
    this.content = contentOf(shown.json);
    this.shownAtMs = shown.data.serverTimeMs;
    this.page = page;
  }

  start(): void {
    const touched = (): void => {
      this.touchedAtMs = performance.now();
    };
    for (const type of ["pointerdown", "keydown", "scroll"] as const)
      addEventListener(type, touched, { capture: true, passive: true });
    // A page that nobody looks at has no line, and a browser keeps only pages without one for the way back.
    const look = (): void => (document.visibilityState === "visible" ? this.open() : this.leave());
    document.addEventListener("visibilitychange", look);
    addEventListener("pagehide", () => this.leave());
    addEventListener("pageshow", look);
    addEventListener("online", () => {
      this.close();
      look();
    });
    look();
  }

  private close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const { socket } = this;
    this.socket = null;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /** Nobody looks: what was to be read is read when somebody does, at once and not after a pause begun before. */
  private leave(): void {
    this.close();
    if (this.reading !== null) clearTimeout(this.reading);
    this.reading = null;
    this.unread = 0;
  }

  private open(): void {
    if (this.socket !== null || !navigator.onLine) return;
    this.close();
    // What was left unread while nobody looked.
    this.readForMs = 0;
    const url = new URL(LINE.path, location.href);
    url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
    let socket: WebSocket;
    try {
      socket = new WebSocket(url.href);
    } catch {
      // Some networks and web views have none. The page is as it was when it was opened.
      return;
    }
    this.socket = socket;
    socket.onopen = () => {
      this.failures = 0;
      this.speak();
    };
    socket.onmessage = ({ data }) => this.hear(String(data));
    socket.onclose = () => this.openLater();
  }

  private openLater(): void {
    this.close();
    const waitMs = Math.min(AGAIN_MOST_MS, AGAIN_FIRST_MS * 2 ** this.failures);
    this.failures += 1;
    this.timer = setTimeout(() => this.open(), waitMs * (0.5 + Math.random() / 2));
  }

  private speak(): void {
    this.isHeard = false;
    this.socket?.send(LINE.stillThere);
    // A phone that changed networks keeps a dead line "open" for minutes; silence after a word tells.
    this.timer = setTimeout(() => (this.isHeard ? this.speak() : this.openLater()), SPEAK_EVERY_MS);
  }

  private hear(text: string): void {
    this.isHeard = true;
    if (!text.startsWith("{")) return;
    const frame = JSON.parse(text) as ShownFrame;
    if (frame.t !== "shown") return;
    const ranAtMs = this.page.hasDoor ? 0 : frame.ranAtMs;
    this.changedAtMs = Math.max(this.changedAtMs, frame.changedAtMs, ranAtMs);
    this.withinMs = frame.withinMs;
    this.readIn(frame.waitMs);
  }

  /** A page made before every server went by the change may not show it. */
  private isBehind(): boolean {
    const { changedAtMs } = this;
    return changedAtMs > this.readForMs && changedAtMs + LINE.settledAfterMs > this.shownAtMs;
  }

  private readIn(waitMs: number): void {
    if (this.reading !== null || !this.isBehind()) return;
    const read = async (): Promise<void> => {
      const forMs = this.changedAtMs;
      const isRead = await this.read().catch(() => false);
      // Left and come back to meanwhile, the page has begun anew.
      if (this.reading !== mine) return;
      this.reading = null;
      this.unread = isRead ? 0 : this.unread + 1;
      // Who has gone on within the page, or looks elsewhere, hears of it again when the line is opened anew.
      if (isRead || this.unread > UNREAD_MOST) this.readForMs = forMs;
      this.readIn(isRead ? LINE.settledAfterMs : AGAIN_FIRST_MS * 2 ** this.unread);
    };
    const mine = setTimeout(() => void read(), waitMs + Math.random() * this.withinMs);
    this.reading = mine;
  }

  private isHere(): boolean {
    const { pathname, search } = location;
    return pathname + search === this.address && document.visibilityState === "visible";
  }

  /** False: it could not be read, and the page stays as it is. */
  private async read(): Promise<boolean> {
    if (!this.isHere()) return false;
    return this.page.isWhole() ? this.readPage() : this.readLook();
  }

  private async readLook(): Promise<boolean> {
    const sentAtMs = this.changedAtMs;
    const answer = await fetch(LINE.lookPath, { cache: "no-store" });
    if (!answer.ok) return false;
    wear((await answer.json()) as LookView);
    this.shownAtMs = sentAtMs + LINE.settledAfterMs;
    return true;
  }

  private async readPage(): Promise<boolean> {
    const headers = { accept: "text/html" };
    const answer = await fetch(this.address, { cache: "no-store", headers });
    // That it is not there any more is worth showing; a fault of the server's is not.
    if (answer.status >= 500) return false;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const shown = dataIn(fresh);
    if (shown === null) return false;
    const { theme = "" } = fresh.documentElement.dataset;
    wear({ theme, css: fresh.getElementById("dress")?.textContent ?? "" });
    const content = contentOf(shown.json);
    if (content !== this.content) {
      if (this.isBusy()) {
        await this.calm();
        // What the member did meanwhile is not in this answer.
        return this.read();
      }
      if (!this.isHere()) return false;
      document.title = fresh.title;
      this.page.renew(shown.data, fresh);
    }
    this.content = content;
    this.shownAtMs = shown.data.serverTimeMs;
    return true;
  }

  /** Something is being touched, written, or asked over the page. */
  private isBusy(): boolean {
    return (
      performance.now() - this.touchedAtMs < CALM_AFTER_MS ||
      document.querySelector("[role=dialog]") !== null ||
      document.activeElement?.matches("input, textarea, select") === true
    );
  }

  private async calm(): Promise<void> {
    while (this.isBusy()) await new Promise((then) => setTimeout(then, LOOK_FOR_CALM_EVERY_MS));
  }
}

/** Begins to listen. For a page that has been looked at for a moment: most visits are shorter, and have no use for it. */
export function keepCurrent(page: Following): void {
  const shown = dataIn(document);
  // A preview shows drafts, and an old page comes anew as soon as there is a network.
  const isOther = shown?.data.isPreview || shown?.data.page === "problem";
  if (shown === null || isOther || document.documentElement.dataset["waits"]) return;
  new Line(shown, page).start();
}
